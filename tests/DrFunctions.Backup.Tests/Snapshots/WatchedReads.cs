using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Snapshots;

/// <summary>A repository that counts how many objects are opened, and how many at once.</summary>
internal sealed class WatchedReads(IRepository inner) : IRepository
{
    private readonly Lock sync = new();
    private TaskCompletionSource? another;
    private int now;

    public int Reads { get; private set; }

    public int MostAtOnce { get; private set; }

    public string Description => inner.Description;

    /// <summary>Counts from now on.</summary>
    /// <param name="firstWaits">Whether the first read ends when a second one has begun, or after half a minute.</param>
    public void Begin(bool firstWaits = false)
    {
        lock (sync)
        {
            (Reads, MostAtOnce) = (0, 0);
            another = firstWaits ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        }
    }

    public async Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        Task second;
        lock (sync)
        {
            Reads++;
            MostAtOnce = Math.Max(MostAtOnce, ++now);
            second = Reads == 1 && another is not null ? another.Task : Task.CompletedTask;
            if (Reads > 1)
            {
                another?.TrySetResult();
            }
        }

        try
        {
            await Task.WhenAny(second, Task.Delay(TimeSpan.FromSeconds(30), cancellationToken));
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

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => inner.DeleteAsync(key, version, cancellationToken);
}
