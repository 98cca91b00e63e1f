using System.Buffers;
using System.Text.Json;
using DrFunctions.Backup.Chunks;

namespace DrFunctions.Backup.Snapshots;

/// <summary>
/// Writes the entries of a manifest, in order, as content-addressed segments of about 1 MiB: the manifest is never in memory as a whole.
/// Not thread-safe.
/// </summary>
internal sealed class SegmentWriter(ChunkStore store) : IDisposable
{
    private const int EnoughBytes = 1024 * 1024;
    private readonly ArrayBufferWriter<byte> buffer = new(EnoughBytes + (64 * 1024));
    private readonly Utf8JsonWriter json = new(Stream.Null, SegmentFormat.Canonical);
    private readonly List<SegmentReference> segments = [];
    private int entries;

    public async Task AppendAsync(SnapshotEntry entry, CancellationToken cancellationToken)
    {
        json.Reset(buffer);
        SegmentFormat.Write(json, entry);
        await json.FlushAsync(cancellationToken);
        buffer.Write("\n"u8);
        entries++;
        if (buffer.WrittenCount >= EnoughBytes)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task<IReadOnlyList<SegmentReference>> CompleteAsync(CancellationToken cancellationToken)
    {
        if (entries > 0)
        {
            await FlushAsync(cancellationToken);
        }

        return segments;
    }

    public void Dispose() => json.Dispose();

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var digest = Sha256Digest.Of(buffer.WrittenSpan);
        await store.EnsureAsync(digest, buffer.WrittenMemory, cancellationToken);
        segments.Add(new SegmentReference(digest, buffer.WrittenCount, entries));
        buffer.ResetWrittenCount();
        entries = 0;
    }
}
