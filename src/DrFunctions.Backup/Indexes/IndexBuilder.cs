using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Indexes;

/// <summary>Writes indexes.</summary>
internal static class IndexBuilder
{
    /// <summary>Chunks of the largest index: about 56 MB. More than that are several indexes.</summary>
    public const int MostChunks = 1024 * 1024;

    /// <summary>The bytes of an index.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="packs">The packs that the entries' numbers mean.</param>
    /// <param name="entries">1 to <see cref="MostChunks"/>, by name, each name once; they are sorted in place.</param>
    /// <param name="replaces">Indexes whose chunks are all in this one.</param>
    /// <param name="random">Fills the salt; default: the system's random numbers.</param>
    /// <exception cref="ArgumentException">There are too few or too many entries, or one is there twice.</exception>
    public static ReadOnlyMemory<byte> Write(
        RepositoryKeys keys,
        IReadOnlyList<IndexedPack> packs,
        Span<IndexEntry> entries,
        IReadOnlyList<Sha256Digest> replaces,
        Action<Span<byte>>? random = null)
    {
        if (entries.IsEmpty || entries.Length > MostChunks)
        {
            throw new ArgumentException($"an index has 1 to {MostChunks} chunks, not {entries.Length}", nameof(entries));
        }

        entries.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        var filter = ChunkFilter.For(entries.Length);
        var first = new Packs.ChunkId[IndexDirectory.PagesOf(entries.Length)];
        for (var index = 0; index < entries.Length; index++)
        {
            if (index > 0 && entries[index - 1].Id == entries[index].Id)
            {
                throw new ArgumentException($"the chunk {entries[index].Id} is there twice", nameof(entries));
            }

            filter.Add(entries[index].Id);
            if (index % IndexDirectory.PageEntries == 0)
            {
                first[index / IndexDirectory.PageEntries] = entries[index].Id;
            }
        }

        var directory = new IndexDirectory(entries.Length, packs, replaces, first).Write();
        var length = SealedFormat.LengthOf(((long)entries.Length * IndexEntry.Length) + filter.Bytes.Length, first.Length + 1, directory.Length);
        using var writer = new SealedWriter(keys, SealedKind.Index, checked((int)length), random);
        var page = new byte[IndexDirectory.PageEntries * IndexEntry.Length];
        for (var start = 0; start < entries.Length; start += IndexDirectory.PageEntries)
        {
            var count = Math.Min(IndexDirectory.PageEntries, entries.Length - start);
            for (var index = 0; index < count; index++)
            {
                entries[start + index].Write(page.AsSpan(index * IndexEntry.Length));
            }

            writer.Append(page.AsSpan(0, count * IndexEntry.Length));
        }

        writer.Append(filter.Bytes);
        return writer.Close(directory);
    }
}
