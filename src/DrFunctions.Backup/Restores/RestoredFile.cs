using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Targets;

namespace DrFunctions.Backup.Restores;

/// <summary>A file that is being restored, by as many windows as it has. Thread-safe.</summary>
internal sealed class RestoredFile(ManifestEntry entry) : IAsyncDisposable
{
    private readonly Lock sync = new();
    private Task<IRestoreWriter>? writer;
    private long left = entry.Source.Length;
    private BackupException? failure;

    /// <summary>What is restored.</summary>
    public ManifestEntry Entry => entry;

    /// <summary>The first chunk that the next window needs, and where it begins in the file; for whoever fills the windows.</summary>
    public (int Number, long Start) NextChunk { get; set; }

    /// <summary>Why it cannot be restored; null as far as is known.</summary>
    public BackupException? Failure => Volatile.Read(ref failure);

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

    /// <summary>A window is done; true when it was the last one.</summary>
    public bool Done(int length) => Interlocked.Add(ref left, -length) == 0;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (writer is { IsCompletedSuccessfully: true })
        {
            await (await writer).DisposeAsync();
        }
    }
}
