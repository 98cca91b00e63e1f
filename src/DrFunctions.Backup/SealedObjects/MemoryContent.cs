namespace DrFunctions.Backup.SealedObjects;

/// <summary>An object that was read whole.</summary>
/// <param name="name">The object in words.</param>
/// <param name="content">Its bytes.</param>
internal sealed class MemoryContent(string name, ReadOnlyMemory<byte> content) : IObjectContent
{
    public string Name => name;

    public long Length => content.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        content.Slice((int)offset, target.Length).CopyTo(target);
        return ValueTask.CompletedTask;
    }
}
