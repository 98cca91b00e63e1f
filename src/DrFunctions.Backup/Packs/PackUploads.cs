using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Packs;

/// <summary>
/// Writes full packs, several at once, and from time to time an index of those that are durable. The number of builders bounds the memory. Thread-safe; the first
/// failure ends all that follows.
/// </summary>
/// <param name="repository">Where.</param>
/// <param name="index">Finds the chunks once an index names them.</param>
/// <param name="builders">Packs in memory at once: those that are being filled, and those that are on their way.</param>
/// <param name="indexed">Called when an index of these chunks is durable.</param>
internal sealed class PackUploads(
    OpenedRepository repository, RepositoryIndex index, int builders, Action<IndexBatch> indexed) : IAsyncDisposable
{
    private readonly SemaphoreSlim free = new(builders);
    private readonly ConcurrentBag<PackBuilder> idle = [];
    private readonly ConcurrentDictionary<Task, bool> running = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Lock sync = new();
    private IndexBatch batch = new();
    private Exception? failure;
    private long written;

    /// <summary>Bytes of packs and indexes that were written.</summary>
    public long BytesWritten => Interlocked.Read(ref written);

    /// <summary>Waits for an empty builder; it comes back by <see cref="Start"/>.</summary>
    public async Task<PackBuilder> RentAsync(CancellationToken cancellationToken)
    {
        ThrowIfFailed();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        try
        {
            await free.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ThrowIfFailed();
            throw;
        }

        return idle.TryTake(out var kept) ? kept : new PackBuilder(repository.Keys, repository.Config.PackLength);
    }

    /// <summary>Has a pack written, and the builder be free again.</summary>
    public void Start(PackBuilder builder)
    {
        var upload = Task.Run(() => UploadAsync(builder), CancellationToken.None);
        running.TryAdd(upload, true);
        upload.ContinueWith(done => running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Has packs that somebody else left be named by the next index.</summary>
    public void Take(IEnumerable<AdoptedPack> packs)
    {
        lock (sync)
        {
            foreach (var pack in packs)
            {
                batch.Add(pack.Pack, pack.Chunks);
            }
        }
    }

    /// <summary>Ends when all packs that were started are durable, and an index names them.</summary>
    public async Task FlushAsync()
    {
        while (!running.IsEmpty)
        {
            await Task.WhenAll(running.Keys);
        }

        ThrowIfFailed();
        await WriteIndexAsync(Swap(always: true));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        while (!running.IsEmpty)
        {
            await Task.WhenAll(running.Keys);
        }

        foreach (var builder in idle)
        {
            builder.Dispose();
        }

        stop.Dispose();
        free.Dispose();
    }

    /// <summary>Ends all that is on its way; the error is thrown to whoever adds or flushes next.</summary>
    public async Task FailAsync(Exception error)
    {
        if (Interlocked.CompareExchange(ref failure, error, null) is null)
        {
            await stop.CancelAsync();
        }
    }

    private async Task UploadAsync(PackBuilder builder)
    {
        try
        {
            var pack = builder.Close();

            // The name holds a random salt: where it is taken, it is by this very write, whose answer was lost.
            await repository.Objects.TryCreateAsync(pack.Id.Key, pack.Content, stop.Token);
            Interlocked.Add(ref written, pack.Content.Length);
            var known = new IndexedPack(pack.Id, pack.Content[..SealedObjects.SealedFormat.HeaderLength].ToArray(), pack.Content.Length);
            lock (sync)
            {
                batch.Add(known, pack.Entries);
            }

            idle.Add(builder);
            free.Release();
            await WriteIndexAsync(Swap(always: false));
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
    }

    private IndexBatch? Swap(bool always)
    {
        lock (sync)
        {
            if (batch.Packs.Count == 0 || !(always || batch.IsFull))
            {
                return null;
            }

            var full = batch;
            batch = new IndexBatch();
            return full;
        }
    }

    private async Task WriteIndexAsync(IndexBatch? full)
    {
        if (full is not null)
        {
            Interlocked.Add(ref written, await index.WriteAsync(full, stop.Token));
            indexed(full);
        }
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }
}
