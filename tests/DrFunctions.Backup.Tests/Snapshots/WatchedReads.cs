using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Snapshots;

/// <summary>A repository that counts how many objects are opened, and how many at once.</summary>
internal sealed class WatchedReads(IRepository inner) : IRepository
{
    private readonly Lock sync = new();
    private int now;

    public int Reads { get; private set; }

    public int MostAtOnce { get; private set; }

    public string Description => inner.Description;

    public void Begin()
    {
        lock (sync)
        {
            (Reads, MostAtOnce) = (0, 0);
        }
    }

    public async Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        lock (sync)
        {
            Reads++;
            MostAtOnce = Math.Max(MostAtOnce, ++now);
        }

        try
        {
            await Task.Yield();
            return await inner.OpenReadAsync(key, cancellationToken);
        }
        finally
        {
            lock (sync)
            {
                now--;
            }
        }
    }

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryCreateAsync(key, content, cancellationToken);

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.ReplaceAsync(key, content, cancellationToken);

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => inner.ReadAsync(key, offset, target, cancellationToken);

    public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);
}
