using System.Collections.Concurrent;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Restores;

/// <summary>Writes files to a target, window by window: while one is written, the next one is read. Files are added by one caller, one after the other.</summary>
/// <param name="fetch">Reads chunks.</param>
/// <param name="target">Where to.</param>
/// <param name="restore">What is called before a file is shown.</param>
/// <param name="parallelism">Files that are written at once.</param>
/// <param name="meter">Counts.</param>
internal sealed class WindowedRestore(ChunkFetch fetch, IRestoreTarget target, RestoreOptions restore, int parallelism, ProgressMeter meter) : IAsyncDisposable
{
    private const int WindowsAtOnce = 2;

    private readonly SemaphoreSlim free = new(WindowsAtOnce);
    private readonly ConcurrentBag<byte[]> idle = [];
    private readonly List<Task> running = [];
    private readonly ConcurrentDictionary<RestoredFile, bool> open = [];
    private readonly ConcurrentQueue<BackupException> failures = [];
    private RestoreWindow? window;
    private long filesWritten;
    private long bytesWritten;

    /// <summary>Files that were shown.</summary>
    public long FilesWritten => Interlocked.Read(ref filesWritten);

    /// <summary>Their bytes.</summary>
    public long BytesWritten => Interlocked.Read(ref bytesWritten);

    /// <summary>Why files cannot be restored, each named.</summary>
    public IReadOnlyCollection<BackupException> Failures => failures;

    /// <summary>Adds a file; waits while two windows are full.</summary>
    public async Task AddAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var file = new RestoredFile(entry);
        open.TryAdd(file, true);
        var offset = 0L;
        do
        {
            window ??= await RentAsync(cancellationToken);
            if (window.Add(file, offset) is { } length)
            {
                offset += length;
            }
            else
            {
                Start(cancellationToken);
            }
        }
        while (offset < entry.Source.Length || window is null);
    }

    /// <summary>Ends when all files are written.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (window is { IsEmpty: false })
        {
            Start(cancellationToken);
        }

        await Task.WhenAll(running);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What they throw was thrown where it was waited for.
        await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        foreach (var (file, _) in open)
        {
            await file.DisposeAsync();
        }

        free.Dispose();
    }

    private async Task<RestoreWindow> RentAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        foreach (var done in running.Where(task => task.IsCompleted).ToList())
        {
            running.Remove(done);
            await done;
        }

        return new RestoreWindow(idle.TryTake(out var kept) ? kept : GC.AllocateUninitializedArray<byte>(RestoreWindow.Length));
    }

    private void Start(CancellationToken cancellationToken)
    {
        if (window is { } full)
        {
            window = null;
            running.Add(Task.Run(() => RunAsync(full, cancellationToken), CancellationToken.None));
        }
    }

    private async Task RunAsync(RestoreWindow full, CancellationToken cancellationToken)
    {
        try
        {
            await fetch.ReadAsync(full.Chunks, full.Put, full.Fail, cancellationToken);
            await Parallel.ForEachAsync(
                full.Stretches,
                new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
                async (stretch, token) => await WriteAsync(stretch, token));
        }
        finally
        {
            idle.Add(full.Buffer);
            free.Release();
        }
    }

    private async Task WriteAsync(RestoreWindow.Stretch stretch, CancellationToken cancellationToken)
    {
        var file = stretch.File;
        if (file.Failure is null)
        {
            var writer = await file.WriterAsync(target, cancellationToken);
            for (var at = 0; at < stretch.Content.Length; at += RestoreWindow.PartLength)
            {
                var part = stretch.Content.Slice(at, Math.Min(RestoreWindow.PartLength, stretch.Content.Length - at));
                await writer.WriteAsync(stretch.Offset + at, part, cancellationToken);
                meter.Done(0, part.Length);
            }
        }

        if (file.Done(stretch.Content.Length))
        {
            await EndAsync(file, cancellationToken);
        }
    }

    private async Task EndAsync(RestoredFile file, CancellationToken cancellationToken)
    {
        if (file.Failure is { } error)
        {
            failures.Enqueue(new BackupException(error.Code, $"'{file.Entry.Source.Path}': {error.Message}", error.IsTransient, error.Hint, error));
        }
        else
        {
            var writer = await file.WriterAsync(target, cancellationToken);
            await restore.BeforeCommit(cancellationToken);
            await writer.CommitAsync(cancellationToken);
            Interlocked.Increment(ref filesWritten);
            Interlocked.Add(ref bytesWritten, file.Entry.Source.Length);
            meter.Done(1, 0);
        }

        open.TryRemove(file, out _);
        await file.DisposeAsync();
    }
}
