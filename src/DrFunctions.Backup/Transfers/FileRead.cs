using System.Security.Cryptography;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Transfers;

/// <summary>One attempt to read a file of a source into a repository: read in order, written at once.</summary>
internal sealed class FileRead(IBackupSource source, SourceEntry entry, ChunkStore store, ChunkBuffers buffers, ProgressMeter meter)
{
    private readonly List<Sha256Digest> chunks = [];
    private readonly List<Task> writes = [];
    private long done;

    /// <summary>The file's line of the manifest, when every chunk is durable.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.SourceChanged"/>; nothing is in flight then.</exception>
    public async Task<SnapshotEntry> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var sha256 = await ReadAsync(cancellationToken);
            await Task.WhenAll(writes);
            return new SnapshotEntry(entry, sha256, chunks);
        }
        catch
        {
            // The buffers in flight belong to the run; what their writes throw is said by the failure that is on its way, or is it.
            await Task.WhenAll(writes).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            meter.Done(0, -Interlocked.Read(ref done));
            throw;
        }
    }

    private async Task<Sha256Digest> ReadAsync(CancellationToken cancellationToken)
    {
        await using var content = await source.OpenReadAsync(entry with { Holes = [] }, cancellationToken);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        int read;
        do
        {
            await ThrowIfWriteFailedAsync();
            var buffer = await buffers.RentAsync(cancellationToken);
            try
            {
                read = await content.ReadAtLeastAsync(buffer.Memory, ChunkStore.ChunkSize, throwOnEndOfStream: false, cancellationToken);
                length += read;
                if (read > 0 && length <= entry.Length)
                {
                    var digest = Sha256Digest.Of(buffer.Memory.Span[..read]);
                    chunks.Add(digest);
                    if (entry.Length > ChunkStore.ChunkSize)
                    {
                        whole.AppendData(buffer.Memory.Span[..read]);
                    }

                    writes.Add(WriteAsync(digest, buffer, read, cancellationToken));
                    buffer = null;
                }
            }
            finally
            {
                buffer?.Dispose();
            }
        }
        while (read == ChunkStore.ChunkSize && length <= entry.Length);

        return length != entry.Length
            ? throw new BackupException(
                BackupErrors.SourceChanged,
                $"'{entry.Path}' in {source.Description} has another length than the {entry.Length} bytes that were listed.",
                isTransient: true,
                "Nothing: the backup looks at it again.")
            : chunks.Count == 1 ? chunks[0]
            : Sha256Digest.From(whole.GetHashAndReset());
    }

    private async Task ThrowIfWriteFailedAsync()
    {
        writes.RemoveAll(write => write.IsCompletedSuccessfully);
        if (writes.Find(write => write.IsCompleted) is { } failed)
        {
            await failed;
        }
    }

    private async Task WriteAsync(Sha256Digest digest, ChunkBuffers.Lease buffer, int length, CancellationToken cancellationToken)
    {
        using (buffer)
        {
            await store.EnsureAsync(digest, buffer.Memory[..length], cancellationToken);
        }

        Interlocked.Add(ref done, length);
        meter.Done(0, length);
    }
}
