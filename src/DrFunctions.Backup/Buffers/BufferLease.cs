namespace DrFunctions.Backup.Buffers;

/// <summary>A buffer that several may hold; given back when the last of them disposes of it.</summary>
internal sealed class BufferLease(BufferBudget owner, byte[] buffer, int length) : IDisposable
{
    private int holders = 1;

    /// <summary>Its bytes.</summary>
    public Memory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>One more holder, who disposes of it, too.</summary>
    public BufferLease Share()
    {
        Interlocked.Increment(ref holders);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref holders) == 0)
        {
            owner.Return(buffer, length);
        }
    }
}
