using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Targets;

namespace DrFunctions.Backup.Restores;

/// <summary>A file that is being restored, chunk by chunk in any order. Thread-safe.</summary>
internal sealed class RestoredFile(ManifestEntry entry) : IAsyncDisposable
{
    private readonly Lock sync = new();
    private Task<IRestoreWriter>? writer;
    private long left = entry.Source.Length;
    private BackupException? failure;

    /// <summary>What is restored.</summary>
    public ManifestEntry Entry => entry;

    /// <summary>The first chunk that no batch has yet, and where it begins in the file; for whoever fills the batches.</summary>
    public (int Number, long Start) NextChunk { get; set; }

    /// <summary>Whether batches have all of its chunks.</summary>
    public bool IsPlanned => NextChunk.Number == entry.Chunks.Count;

    /// <summary>Why it cannot be restored; null as far as is known.</summary>
    public BackupException? Failure => Volatile.Read(ref failure);

    /// <summary>What is said of a chunk that is not as long as the manifest says.</summary>
    public static BackupException OtherLength(ChunkId id, int found, int expected) => new(
        BackupErrors.DataDamaged,
        $"the chunk {id} has {found} bytes, and the manifest says {expected}",
        isTransient: false,
        "Restore another snapshot, and report this: the bytes are those that were written.");

    /// <summary>Keeps the first reason why it cannot be restored.</summary>
    public void Fail(BackupException error) => Interlocked.CompareExchange(ref failure, error, null);

    /// <summary>The file's writer, begun by whoever asks first.</summary>
    public Task<IRestoreWriter> WriterAsync(IRestoreTarget target, CancellationToken cancellationToken)
    {
        lock (sync)
        {
            return writer ??= target.BeginAsync(entry.Source, cancellationToken);
        }
    }

    /// <summary>So many bytes more are where they belong; true when they were the last ones.</summary>
    public bool Done(int length) => Interlocked.Add(ref left, -length) == 0;

    /// <summary>Gives the writer up: without a commit nothing of the file stays. Again, it does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<IRestoreWriter>? ended;
        lock (sync)
        {
            (ended, writer) = (writer, null);
        }

        if (ended is { IsCompletedSuccessfully: true })
        {
            await (await ended).DisposeAsync();
        }
    }
}
