using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Tests.Sources;

/// <summary>Something happens to a file just after it was opened, whose stream then says so at its end.</summary>
internal sealed class ShiftingSource(MemoryFiles files, string path, int times, Action shift) : IBackupSource
{
    private int shifts;

    public string Description => files.Description;

    public IAsyncEnumerable<SourceEntry> ListAsync(CancellationToken cancellationToken) => ((IBackupSource)files).ListAsync(cancellationToken);

    public Task<SourceEntry?> FindAsync(string found, CancellationToken cancellationToken) => files.FindAsync(found, cancellationToken);

    public async Task<Stream> OpenReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        var stream = await files.OpenReadAsync(entry, cancellationToken);
        if (entry.Path != path || Interlocked.Increment(ref shifts) > times)
        {
            return stream;
        }

        shift();
        cancellationToken.ThrowIfCancellationRequested();

        // Half of the old version, then the new one is noticed.
        var half = new byte[entry.Length / 2];
        await stream.ReadExactlyAsync(half, cancellationToken);
        return new MemoryStream(half);
    }
}
