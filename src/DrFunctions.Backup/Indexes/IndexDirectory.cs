using System.Buffers.Binary;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Indexes;

/// <summary>
/// What an index says of itself. Numbers are 4 bytes: the chunks; the packs, and of each its id, its header and its length; the indexes that this
/// one replaces, and the id of each; and of each page the name of its first chunk. A page has <see cref="PageEntries"/> chunks, the last one the rest;
/// record n is page n, and the filter is the record behind the last page.
/// </summary>
/// <param name="Chunks">How many chunks the index has; at least 1.</param>
/// <param name="Packs">The packs they are in; at least 1.</param>
/// <param name="Replaces">Indexes whose chunks are all in this one.</param>
/// <param name="FirstOfPages">The name of each page's first chunk, in order.</param>
internal sealed record IndexDirectory(int Chunks, IReadOnlyList<IndexedPack> Packs, IReadOnlyList<Sha256Digest> Replaces, IReadOnlyList<ChunkId> FirstOfPages)
{
    /// <summary>Chunks of a page: 256, so that finding one of them reads 13 KiB.</summary>
    public const int PageEntries = 256;

    private const int NumberLength = 4;
    private const int IdLength = 32;
    private const int PackLength = IdLength + SealedFormat.HeaderLength + NumberLength;

    /// <summary>How many pages so many chunks need.</summary>
    public static int PagesOf(int chunks) => (int)(((long)chunks + PageEntries - 1) / PageEntries);

    /// <summary>Its bytes.</summary>
    public byte[] Write()
    {
        var target = new byte[LengthOf(Packs.Count, Replaces.Count, FirstOfPages.Count)];
        var rest = target.AsSpan();
        rest = Number(rest, Chunks);
        rest = Number(rest, Packs.Count);
        foreach (var pack in Packs)
        {
            pack.Id.Digest.Write(rest);
            pack.Header.Span.CopyTo(rest[IdLength..]);
            rest = Number(rest[(IdLength + SealedFormat.HeaderLength)..], pack.Length);
        }

        rest = Number(rest, Replaces.Count);
        foreach (var replaced in Replaces)
        {
            replaced.Write(rest);
            rest = rest[IdLength..];
        }

        foreach (var first in FirstOfPages)
        {
            first.Write(rest);
            rest = rest[IdLength..];
        }

        return target;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null when the numbers contradict each other.</summary>
    public static IndexDirectory? Read(ReadOnlySpan<byte> source)
    {
        var length = (long)source.Length;
        if (!TryNumber(ref source, 1, out var chunks) || !TryNumber(ref source, 1, out var packCount) || source.Length < (long)packCount * PackLength)
        {
            return null;
        }

        var packs = new IndexedPack[packCount];
        for (var index = 0; index < packCount; index++)
        {
            var place = source.Slice(index * PackLength, PackLength);
            packs[index] = new IndexedPack(
                new PackId(Sha256Digest.From(place[..IdLength])),
                place.Slice(IdLength, SealedFormat.HeaderLength).ToArray(),
                BinaryPrimitives.ReadInt32BigEndian(place[(IdLength + SealedFormat.HeaderLength)..]));
        }

        source = source[(packCount * PackLength)..];
        if (!TryNumber(ref source, 0, out var replaced) || length != LengthOf(packCount, replaced, PagesOf(chunks)))
        {
            return null;
        }

        var replaces = new Sha256Digest[replaced];
        for (var index = 0; index < replaced; index++)
        {
            replaces[index] = Sha256Digest.From(source.Slice(index * IdLength, IdLength));
        }

        source = source[(replaced * IdLength)..];
        var first = new ChunkId[PagesOf(chunks)];
        for (var index = 0; index < first.Length; index++)
        {
            first[index] = ChunkId.From(source.Slice(index * IdLength, IdLength));
            if (index > 0 && first[index - 1].CompareTo(first[index]) >= 0)
            {
                return null;
            }
        }

        return new IndexDirectory(chunks, packs, replaces, first);
    }

    private static long LengthOf(int packs, int replaced, int pages) =>
        (3 * NumberLength) + ((long)packs * PackLength) + ((long)replaced * IdLength) + ((long)pages * IdLength);

    private static Span<byte> Number(Span<byte> target, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, value);
        return target[NumberLength..];
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> source, int least, out int value)
    {
        value = source.Length < NumberLength ? -1 : BinaryPrimitives.ReadInt32BigEndian(source);
        if (value < least)
        {
            return false;
        }

        source = source[NumberLength..];
        return true;
    }
}
