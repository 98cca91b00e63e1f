using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>Counts the calls of a store, by their kind, and how many were under way at once.</summary>
internal sealed class CountingStore(IHubStore store) : IHubStore
{
    private int _now;
    private int _most;
    private int _replacing;
    private int _mostReplacing;

    public ConcurrentQueue<string> Reads { get; } = new();

    public ConcurrentQueue<string> Lists { get; } = new();

    /// <summary>The most calls that were under way at once.</summary>
    public int MostAtOnce => _most;

    /// <summary>The most replacements of instances that were under way at once; each gives others the time to come.</summary>
    public int MostReplacing => _mostReplacing;

    public Task EnsureCreatedAsync(CancellationToken ct) => store.EnsureCreatedAsync(ct);

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct)
    {
        Reads.Enqueue(name);
        return CountAsync(() => store.ReadAsync(name, ct));
    }

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
        CountAsync(() => store.CreateAsync(name, content, ct));

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) => CountAsync(async () =>
    {
        if (!name.StartsWith(HubNames.Instances, StringComparison.Ordinal))
        {
            return await store.ReplaceAsync(name, content, etag, ct);
        }

        Note(ref _mostReplacing, Interlocked.Increment(ref _replacing));
        try
        {
            await Task.Delay(1, ct);
            return await store.ReplaceAsync(name, content, etag, ct);
        }
        finally
        {
            Interlocked.Decrement(ref _replacing);
        }
    });

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) => CountAsync(() => store.DeleteAsync(name, etag, ct));

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct)
    {
        Lists.Enqueue(prefix);
        return CountAsync(() => store.ListAsync(prefix, continuation, pageSize, ct));
    }

    private async Task<T> CountAsync<T>(Func<Task<T>> call)
    {
        Note(ref _most, Interlocked.Increment(ref _now));
        try
        {
            return await call();
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }

    private static void Note(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); now > known; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, known);
        }
    }
}
