using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Restores;

/// <summary>
/// Writes files to a target in the order of the packs: each pack of a batch is read once, and its chunks are written where they belong. Files are added by one caller, one after
/// the other.
/// </summary>
/// <param name="fetch">Reads chunks.</param>
/// <param name="target">Where to.</param>
/// <param name="restore">What is called before a file is shown.</param>
/// <param name="parallelism">Writes at once.</param>
/// <param name="meter">Counts.</param>
/// <param name="batchCost">Bytes of memory that a batch takes, about.</param>
/// <remarks>Memory: a batch (<see cref="RestoreBatch.MostCost"/>), and what <see cref="ChunkFetch"/> needs.</remarks>
internal sealed class PackwiseRestore(ChunkFetch fetch, IRestoreTarget target, RestoreOptions restore, int parallelism, ProgressMeter meter, long batchCost = RestoreBatch.MostCost)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim writes = new(parallelism);
    private readonly List<BackupException> failures = [];
    private RestoreBatch batch = new(batchCost);
    private long filesWritten;
    private long bytesWritten;

    /// <summary>Files that were shown.</summary>
    public long FilesWritten => Interlocked.Read(ref filesWritten);

    /// <summary>Their bytes.</summary>
    public long BytesWritten => Interlocked.Read(ref bytesWritten);

    /// <summary>Why files cannot be restored, each named.</summary>
    public IReadOnlyCollection<BackupException> Failures => failures;

    /// <summary>Adds a file; writes a batch where it is full.</summary>
    public async Task AddAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var file = new RestoredFile(entry);
        if (entry.Chunks.Count > target.MostParts)
        {
            await WriteLongAsync(file, cancellationToken);
            return;
        }

        while (!batch.Add(file))
        {
            await WriteBatchAsync(cancellationToken);
        }
    }

    /// <summary>Ends when all files are written.</summary>
    public Task CompleteAsync(CancellationToken cancellationToken) => WriteBatchAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var file in batch.Files)
        {
            await file.DisposeAsync();
        }

        writes.Dispose();
    }

    private async Task WriteBatchAsync(CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            batch.Files.Where(file => file.Entry.Chunks.Count == 0),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (file, token) => await ShowAsync(file, token));
        await fetch.ReadAsync(batch.Chunks, (int chunk, ReadOnlyMemory<byte> content) => TakeAsync(chunk, content, cancellationToken), Fail, cancellationToken);
        foreach (var file in batch.Files.Where(file => file.IsPlanned && file.Failure is not null))
        {
            await FailAsync(file);
        }

        batch = new RestoreBatch(batchCost);
    }

    private async Task WriteLongAsync(RestoredFile file, CancellationToken cancellationToken)
    {
        await using (file)
        {
            await LongFile.WriteAsync(file, await file.WriterAsync(target, cancellationToken), fetch, meter, cancellationToken);
            if (file.Failure is null)
            {
                await ShowAsync(file, cancellationToken);
            }
            else
            {
                await FailAsync(file);
            }
        }
    }

    private void Fail(int chunk, BackupException error)
    {
        foreach (var use in batch.UsesOf(chunk))
        {
            use.File.Fail(error);
        }
    }

    private async ValueTask TakeAsync(int chunk, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        try
        {
            foreach (var use in batch.UsesOf(chunk))
            {
                await writes.WaitAsync(cancellationToken);
                var put = PutAsync(use, batch.Chunks[chunk], content, cancellationToken);
                if (!put.IsCompletedSuccessfully)
                {
                    running.Add(put.AsTask());
                }
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async ValueTask PutAsync(RestoreBatch.Use use, ChunkId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            var file = use.File;
            if (content.Length != use.Length)
            {
                file.Fail(RestoredFile.OtherLength(id, content.Length, use.Length));
            }

            if (file.Failure is null)
            {
                var writer = await file.WriterAsync(target, cancellationToken);
                await writer.WriteAsync(use.Start, content, cancellationToken);
                meter.Done(0, content.Length);
                if (file.Done(content.Length))
                {
                    await ShowAsync(file, cancellationToken);
                }
            }
        }
        finally
        {
            writes.Release();
        }
    }

    private async Task ShowAsync(RestoredFile file, CancellationToken cancellationToken)
    {
        var writer = await file.WriterAsync(target, cancellationToken);
        await restore.BeforeCommit(cancellationToken);
        await writer.CommitAsync(cancellationToken);
        await file.DisposeAsync();
        Interlocked.Increment(ref filesWritten);
        Interlocked.Add(ref bytesWritten, file.Entry.Source.Length);
        meter.Done(1, 0);
    }

    private async Task FailAsync(RestoredFile file)
    {
        if (file.Failure is { } error)
        {
            failures.Add(new BackupException(error.Code, $"'{file.Entry.Source.Path}': {error.Message}", error.IsTransient, error.Hint, error));
        }

        await file.DisposeAsync();
    }
}
