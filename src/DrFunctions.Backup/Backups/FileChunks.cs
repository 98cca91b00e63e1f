using DrFunctions.Backup.Buffers;
using DrFunctions.Backup.Chunking;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Backups;

/// <summary>Reads files in order, cuts them, and has their chunks be written, several at once. Thread-safe.</summary>
/// <param name="source">Whose files.</param>
/// <param name="chunker">Cuts them.</param>
/// <param name="chunks">Takes the chunks.</param>
/// <param name="meter">Counts the bytes.</param>
internal sealed class FileChunks(IBackupSource source, ContentChunker chunker, ChunkWriter chunks, ProgressMeter meter) : IDisposable
{
    // Two blocks of the longest chunk each are what a long file needs: one that is read, and one whose end is carried on.
    private const int LongFilesAtOnce = 3;
    private const int LeastBytes = 32 * 1024 * 1024;

    private readonly IBackupSource source = source;
    private readonly ContentChunker chunker = chunker;
    private readonly ChunkWriter chunks = chunks;
    private readonly ProgressMeter meter = meter;
    private readonly BufferBudget buffers = new(
        Math.Max(LeastBytes, (LongFilesAtOnce + 1) * 2L * chunker.Parameters.Maximum), 2 * chunker.Parameters.Maximum);

    private readonly SemaphoreSlim longFiles = new(LongFilesAtOnce);

    /// <summary>A file's chunks, which are durable when the writer is flushed.</summary>
    /// <exception cref="BackupException">Also <see cref="BackupErrors.SourceChanged"/> and <see cref="BackupErrors.SourceVanished"/>; nothing is in flight then.</exception>
    public async Task<IReadOnlyList<ManifestChunk>> ReadAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Length != SourceEntry.NoLength && entry.ContentLength < buffers.Block)
        {
            return await new Reading(this, entry).RunAsync(cancellationToken);
        }

        // Who waits for a block with another in hand must find one: others give theirs back without waiting.
        await longFiles.WaitAsync(cancellationToken);
        try
        {
            return await new Reading(this, entry).RunAsync(cancellationToken);
        }
        finally
        {
            longFiles.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => longFiles.Dispose();

    private sealed class Reading(FileChunks owner, SourceEntry entry)
    {
        private readonly List<ManifestChunk> chunks = [];
        private readonly Queue<Task<ManifestChunk>> jobs = [];
        private readonly long expected = entry.Length == SourceEntry.NoLength ? long.MaxValue : entry.ContentLength;
        private long done;

        public async Task<IReadOnlyList<ManifestChunk>> RunAsync(CancellationToken cancellationToken)
        {
            try
            {
                await ReadAsync(cancellationToken);
                foreach (var job in jobs)
                {
                    chunks.Add(await job);
                }

                return chunks;
            }
            catch
            {
                // What the jobs throw is said by the failure that is on its way, or is it.
                await Task.WhenAll(jobs).ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                owner.meter.Done(0, -Interlocked.Read(ref done));
                throw;
            }
        }

        private async Task ReadAsync(CancellationToken cancellationToken)
        {
            await using var content = await owner.source.OpenReadAsync(entry, cancellationToken);
            BufferLease? block = null;
            try
            {
                var rest = Memory<byte>.Empty;
                var length = 0L;
                for (var end = false; !end;)
                {
                    var next = await owner.buffers.RentAsync((int)Math.Min((ulong)owner.buffers.Block, (ulong)rest.Length + (ulong)(expected - length) + 1), cancellationToken);
                    rest.CopyTo(next.Memory);
                    block?.Dispose();
                    block = next;
                    var read = await content.ReadAtLeastAsync(
                        next.Memory[rest.Length..], next.Memory.Length - rest.Length, throwOnEndOfStream: false, cancellationToken);
                    end = rest.Length + read < next.Memory.Length;
                    length += read;
                    if (length > expected || (end && length < expected && expected < long.MaxValue))
                    {
                        throw Changed();
                    }

                    rest = await CutAsync(next, next.Memory[..(rest.Length + read)], end, cancellationToken);
                }
            }
            finally
            {
                block?.Dispose();
            }
        }

        // Cuts all but what the next block is needed for, and returns that.
        private async Task<Memory<byte>> CutAsync(BufferLease block, Memory<byte> content, bool end, CancellationToken cancellationToken)
        {
            while (content.Length >= owner.chunker.Parameters.Maximum || (end && content.Length > 0))
            {
                var chunk = content[..owner.chunker.Cut(content.Span)];
                content = content[chunk.Length..];
                if (end && content.IsEmpty && jobs.Count == 0)
                {
                    jobs.Enqueue(AddAsync(block.Share(), chunk, cancellationToken)); // All there is: on this thread.
                }
                else
                {
                    var shared = block.Share();
                    jobs.Enqueue(Task.Run(() => AddAsync(shared, chunk, cancellationToken), CancellationToken.None));
                }
            }

            // Of what is done the name stays, and nothing else: a large file has very many chunks. Throws what failed.
            while (jobs.TryPeek(out var first) && first.IsCompleted)
            {
                chunks.Add(await first);
                _ = jobs.Dequeue();
            }

            return content;
        }

        private async Task<ManifestChunk> AddAsync(BufferLease block, Memory<byte> chunk, CancellationToken cancellationToken)
        {
            using (block)
            {
                var id = await owner.chunks.AddAsync(ChunkKind.Data, chunk, cancellationToken);
                Interlocked.Add(ref done, chunk.Length);
                owner.meter.Done(0, chunk.Length);
                return new ManifestChunk(id, chunk.Length);
            }
        }

        private BackupException Changed() => new(
            BackupErrors.SourceChanged,
            $"'{entry.Path}' in {owner.source.Description} has another length than the {entry.ContentLength} bytes that were listed.",
            isTransient: true,
            "Nothing: the backup looks at it again.");
    }
}
