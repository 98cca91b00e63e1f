using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Manifests;

/// <summary>Reads manifests, some pieces at once and never as a whole. Thread-safe.</summary>
/// <param name="fetch">Reads chunks.</param>
internal sealed class ManifestReader(ChunkFetch fetch)
{
    // Two such groups are in memory: one that is looked at, and one on its way. Of their lists there are a hundredth of the bytes.
    private const int BytesAtOnce = 4 * 1024 * 1024;
    private const int ListBytesAtOnce = 512 * 1024;
    private const int PiecesAtOnce = 4096;

    /// <summary>The entries of a manifest, in order.</summary>
    /// <param name="parts">Its parts.</param>
    /// <param name="snapshotId">Whose it is, for errors.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <param name="from">Parts that are before this path as a whole are left out; null for none.</param>
    /// <exception cref="BackupException">
    /// <see cref="BackupErrors.DataMissing"/>, <see cref="BackupErrors.DataDamaged"/> or <see cref="BackupErrors.SnapshotDamaged"/>; the message names the snapshot.
    /// </exception>
    public async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        IReadOnlyList<ManifestPart> parts, string snapshotId, [EnumeratorCancellation] CancellationToken cancellationToken, string? from = null)
    {
        foreach (var part in from is null ? parts : From(parts, from))
        {
            var entries = 0L;
            var carried = new MemoryStream();
            await foreach (var piece in PiecesAsync(part, snapshotId, cancellationToken))
            {
                var rest = piece.AsMemory();
                for (int end; (end = rest.Span.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                {
                    var line = rest[..end];
                    if (carried.Length > 0)
                    {
                        carried.Write(line.Span);
                        line = carried.ToArray();
                        carried.SetLength(0);
                    }

                    entries++;
                    yield return Parse(line, entries, snapshotId);
                }

                carried.Write(rest.Span);
            }

            if (carried.Length > 0 || entries != part.Entries)
            {
                throw Wrong(snapshotId, $"it has {entries} lines{(carried.Length > 0 ? " and a piece of one" : "")}; expected {part.Entries}");
            }
        }
    }

    private static IEnumerable<ManifestPart> From(IReadOnlyList<ManifestPart> parts, string from)
    {
        var first = 0;
        while (first + 1 < parts.Count && parts[first + 1].From is { } next && PathOrder.Compare(next, from) <= 0)
        {
            first++;
        }

        return parts.Skip(first);
    }

    private static ManifestEntry Parse(ReadOnlyMemory<byte> line, long number, string snapshotId)
    {
        try
        {
            return ManifestLine.Read(line);
        }
        catch (FormatException error)
        {
            throw Wrong(snapshotId, $"line {number}: {error.Message}", error);
        }
    }

    private static BackupException Wrong(string snapshotId, string found, Exception? cause = null) => new(
        BackupErrors.SnapshotDamaged,
        $"The manifest of snapshot '{snapshotId}' cannot be read: {found}.",
        isTransient: false,
        "Restore another snapshot, and report this: the bytes are those that were written.",
        cause);

    private async IAsyncEnumerable<byte[]> PiecesAsync(ManifestPart part, string snapshotId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The next pieces are on their way while these are looked at.
        Task<byte[][]>? next = null;
        await foreach (var group in GroupsAsync(part, snapshotId, cancellationToken))
        {
            var current = next;
            next = ReadAsync(group, snapshotId, cancellationToken);
            foreach (var piece in current is null ? [] : await current)
            {
                yield return piece;
            }
        }

        foreach (var piece in next is null ? [] : await next)
        {
            yield return piece;
        }
    }

    private async IAsyncEnumerable<List<ManifestChunk>> GroupsAsync(
        ManifestPart part, string snapshotId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var group = new List<ManifestChunk>();
        var bytes = 0L;
        var carried = Array.Empty<byte>();
        foreach (var lists in ListGroups(part.Lists))
        {
            byte[] references = [.. carried, .. (await ReadAsync(lists, snapshotId, cancellationToken)).SelectMany(list => list)];
            var end = references.Length / ManifestWriter.ReferenceLength * ManifestWriter.ReferenceLength;
            for (var at = 0; at < end; at += ManifestWriter.ReferenceLength)
            {
                var piece = new ManifestChunk(ChunkId.From(references.AsSpan(at)), BinaryPrimitives.ReadInt32BigEndian(references.AsSpan(at + ChunkId.Length)));
                if (piece.Length < 1)
                {
                    throw Wrong(snapshotId, $"a piece has {piece.Length} bytes");
                }

                if (group.Count == PiecesAtOnce || (group.Count > 0 && bytes + piece.Length > BytesAtOnce))
                {
                    yield return group;
                    (group, bytes) = ([], 0);
                }

                group.Add(piece);
                bytes += piece.Length;
            }

            carried = references[end..];
        }

        if (carried.Length > 0)
        {
            throw Wrong(snapshotId, $"the list of its pieces ends with {carried.Length} bytes of one");
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private static IEnumerable<List<ManifestChunk>> ListGroups(IReadOnlyList<ManifestChunk> lists)
    {
        var (group, bytes) = (new List<ManifestChunk>(), 0L);
        foreach (var list in lists)
        {
            if (group.Count == PiecesAtOnce || (group.Count > 0 && bytes + list.Length > ListBytesAtOnce))
            {
                yield return group;
                (group, bytes) = ([], 0);
            }

            group.Add(list);
            bytes += list.Length;
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private async Task<byte[][]> ReadAsync(IReadOnlyList<ManifestChunk> wanted, string snapshotId, CancellationToken cancellationToken)
    {
        var distinct = wanted.DistinctBy(piece => piece.Id).ToList();
        var contents = new byte[distinct.Count][];
        BackupException? failed = null;
        await fetch.ReadAsync(
            [.. distinct.Select(piece => piece.Id)],
            (index, content) => contents[index] = content.Length == distinct[index].Length
                ? content.ToArray()
                : throw Wrong(snapshotId, $"a piece has {content.Length} bytes; expected {distinct[index].Length}"),
            (_, error) => Interlocked.CompareExchange(ref failed, error, null),
            cancellationToken);
        if (failed is not null)
        {
            throw new BackupException(
                failed.Code, $"The manifest of snapshot '{snapshotId}' cannot be read: {failed.Message}.", failed.IsTransient, failed.Hint, failed);
        }

        var byId = distinct.Index().ToDictionary(item => item.Item.Id, item => contents[item.Index]);
        return [.. wanted.Select(piece => byId[piece.Id] is var content && content.Length == piece.Length
            ? content
            : throw Wrong(snapshotId, $"a piece has {content.Length} bytes; expected {piece.Length}"))];
    }
}
