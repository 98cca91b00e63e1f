using DrFunctions.Backup.Repositories;

namespace DrFunctions.Testing.Backups;

/// <summary>
/// Takes everything and keeps nothing; looks at the managed heap with every write. The first writes wait for one another, so that as many
/// buffers as there can be are in use at once.
/// </summary>
/// <param name="together">How many; the engine's parallelism.</param>
public sealed class DiscardingRepository(int together = 8) : IRepository
{
    private readonly TaskCompletionSource allThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int arrived;
    private long peak;

    /// <summary>The most bytes that the managed heap held, garbage included.</summary>
    public long PeakBytes => Interlocked.Read(ref peak);

    /// <inheritdoc/>
    public string Description => "nowhere";

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref arrived) == together)
        {
            allThere.SetResult();
        }

        await allThere.Task.WaitAsync(cancellationToken);
        InterlockedMax(GC.GetTotalMemory(forceFullCollection: false));
        return true;
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => Task.FromResult<Stream?>(null);

    /// <inheritdoc/>
    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => Task.FromResult<int?>(null);

    /// <inheritdoc/>
    public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => AsyncEnumerable.Empty<RepositoryObject>();

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => Task.FromResult(false);

    private void InterlockedMax(long value)
    {
        for (var seen = Interlocked.Read(ref peak); value > seen; seen = Interlocked.Read(ref peak))
        {
            Interlocked.CompareExchange(ref peak, value, seen);
        }
    }
}
