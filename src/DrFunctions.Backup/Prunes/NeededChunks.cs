using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Collects the chunks that snapshots need. What a manifest has in common with one that was read before is not read again: a piece that follows the same unfinished line names the
/// same chunks. Not thread-safe.
/// </summary>
/// <param name="fetch">Reads chunks.</param>
/// <param name="need">Takes them, some more than once.</param>
/// <remarks>Memory: about 120 bytes for each different piece of all manifests (some 7 KiB of lines), lists up to 16 MiB, and 4 MiB of pieces.</remarks>
internal sealed class NeededChunks(ChunkFetch fetch, Action<ChunkId, ChunkKind> need)
{
    private const int BytesAtOnce = 4 * 1024 * 1024;
    private const int MostLists = 16 * 1024 * 1024;
    private static readonly UInt128 Whole = StateOf([]);

    private readonly Dictionary<(ChunkId Piece, UInt128 Before), UInt128> seen = [];
    private readonly HashSet<ChunkId> read = [];
    private readonly Dictionary<ChunkId, byte[]> lists = [];
    private int listBytes;

    /// <summary>Adds all that a snapshot needs.</summary>
    /// <exception cref="BackupException">A part of the manifest is missing or damaged, so that nobody knows what the snapshot needs; or the storage's.</exception>
    public async Task AddAsync(SealedSnapshot snapshot, CancellationToken cancellationToken)
    {
        foreach (var part in snapshot.Manifest)
        {
            var pieces = await PiecesOfAsync(part, cancellationToken);
            try
            {
                await AddAsync(pieces, cancellationToken);
            }
            catch (FormatException error)
            {
                throw Wrong(snapshot.Snapshot.Id, error.Message, error);
            }
        }
    }

    private static BackupException Wrong(string snapshotId, string found, Exception cause) => new(
        BackupErrors.SnapshotDamaged,
        $"The manifest of snapshot '{snapshotId}' cannot be read: {found}.",
        isTransient: false,
        "Remove the snapshot by its name if another one restores, and report this: the bytes are those that were written.",
        cause);

    private async Task<List<ManifestChunk>> PiecesOfAsync(ManifestPart part, CancellationToken cancellationToken)
    {
        var references = new MemoryStream();
        var unread = part.Lists.Where(list => !lists.ContainsKey(list.Id)).ToList();
        for (var index = 0; index < part.Lists.Count; index++)
        {
            var list = part.Lists[index];
            need(list.Id, ChunkKind.Manifest);
            if (!lists.TryGetValue(list.Id, out var content))
            {
                foreach (var (id, next) in await ReadAsync(Group(unread.SkipWhile(one => one.Id != list.Id)), cancellationToken))
                {
                    if ((listBytes += next.Length) > MostLists)
                    {
                        lists.Clear();
                        listBytes = next.Length;
                    }

                    lists[id] = next;
                }

                content = lists.TryGetValue(list.Id, out var kept) ? kept : (await ReadAsync([list], cancellationToken))[list.Id];
            }

            references.Write(content);
        }

        var all = references.ToArray();
        var pieces = new List<ManifestChunk>(all.Length / ManifestWriter.ReferenceLength);
        for (var at = 0; at + ManifestWriter.ReferenceLength <= all.Length; at += ManifestWriter.ReferenceLength)
        {
            pieces.Add(new ManifestChunk(ChunkId.From(all.AsSpan(at)), BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(at + ChunkId.Length))));
        }

        return pieces;
    }

    private async Task AddAsync(List<ManifestChunk> pieces, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<ChunkId, byte[]>();
        byte[]? carried = []; // The line that is not finished yet; null when it is known by its hash only.
        var state = Whole;
        for (var index = 0; index < pieces.Count; index++)
        {
            var piece = pieces[index];
            need(piece.Id, ChunkKind.Manifest);
            if (seen.TryGetValue((piece.Id, state), out var next))
            {
                (carried, state) = (next == Whole ? [] : null, next);
                continue;
            }

            carried ??= await CarriedAsync(pieces, index, cancellationToken);
            if (!contents.TryGetValue(piece.Id, out var content))
            {
                contents = await ReadAsync(Group([piece, .. pieces.Skip(index + 1).Where(later => !read.Contains(later.Id))]), cancellationToken);
                content = contents[piece.Id];
            }

            var before = state;
            carried = Lines([.. carried, .. content]);
            state = StateOf(carried);
            seen[(piece.Id, before)] = state;
            read.Add(piece.Id);
        }

        if (state != Whole)
        {
            throw new FormatException("its last line does not end");
        }
    }

    // As many as are read together, at least one.
    private static List<ManifestChunk> Group(IEnumerable<ManifestChunk> wanted)
    {
        var (group, bytes) = (new List<ManifestChunk>(), 0L);
        foreach (var piece in wanted)
        {
            bytes += Math.Max(1, piece.Length);
            if (group.Count > 0 && bytes > BytesAtOnce)
            {
                break;
            }

            group.Add(piece);
        }

        return group;
    }

    // Adds what whole lines name, and returns the rest.
    private byte[] Lines(byte[] content)
    {
        var rest = content.AsMemory();
        for (int end; (end = rest.Span.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
        {
            foreach (var chunk in ManifestLine.Read(rest[..end]).Chunks)
            {
                need(chunk.Id, ChunkKind.Data);
            }
        }

        return rest.ToArray();
    }

    // What the pieces before this one left of a line: from the last line feed before it.
    private async Task<byte[]> CarriedAsync(List<ManifestChunk> pieces, int index, CancellationToken cancellationToken)
    {
        byte[] carried = [];
        for (var before = index - 1; before >= 0; before--)
        {
            var content = (await ReadAsync([pieces[before]], cancellationToken))[pieces[before].Id];
            var end = content.AsSpan().LastIndexOf((byte)'\n');
            carried = [.. content[(end + 1)..], .. carried];
            if (end >= 0)
            {
                break;
            }
        }

        return carried;
    }

    private async Task<Dictionary<ChunkId, byte[]>> ReadAsync(IReadOnlyList<ManifestChunk> wanted, CancellationToken cancellationToken)
    {
        var distinct = wanted.Select(piece => piece.Id).Distinct().ToList();
        var contents = new byte[distinct.Count][];
        BackupException? failed = null;
        await fetch.ReadAsync(
            distinct, (index, content) => contents[index] = content.ToArray(), (_, error) => Interlocked.CompareExchange(ref failed, error, null), cancellationToken);
        return failed is null ? distinct.Index().ToDictionary(item => item.Item, item => contents[item.Index]) : throw failed;
    }

    private static UInt128 StateOf(ReadOnlySpan<byte> carried)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(carried, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
