using DrFunctions.Backup.Packs;

namespace DrFunctions.Backup.Restores;

/// <summary>
/// Stretches of files whose content is in memory together: their chunks are read in the order of the packs, and then the files are written. Filled by one, then read into
/// by many.
/// </summary>
/// <param name="buffer">What bounds it.</param>
internal sealed class RestoreWindow(byte[] buffer)
{
    /// <summary>Bytes of a window.</summary>
    public const int Length = 32 * 1024 * 1024;

    /// <summary>Where stretches of one file may meet: targets take parts that begin at multiples of it.</summary>
    public const int PartLength = 4 * 1024 * 1024;

    // A chunk that is asked for takes about 150 bytes.
    private const int MostChunks = 16 * 1024;

    private readonly List<Stretch> stretches = [];
    private readonly List<ChunkId> chunks = [];
    private readonly List<List<Copy>> copies = [];
    private readonly Dictionary<ChunkId, int> numbers = [];
    private int used;

    /// <summary>The buffer it fills.</summary>
    public byte[] Buffer => buffer;

    /// <summary>The stretches.</summary>
    public IReadOnlyList<Stretch> Stretches => stretches;

    /// <summary>The chunks they need, each once.</summary>
    public IReadOnlyList<ChunkId> Chunks => chunks;

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => stretches.Count == 0;

    /// <summary>
    /// Takes as much of a file, from where the last window ended, as there is room for: all that is left of it, or a multiple of <see cref="PartLength"/>.
    /// </summary>
    /// <returns>How many bytes; null when there is no room, so that the next window must go on.</returns>
    public int? Add(RestoredFile file, long offset)
    {
        var left = file.Entry.Source.Length - offset;
        var room = buffer.Length - used;
        var length = left <= room ? (int)left : room / PartLength * PartLength;
        if ((length == 0 && left > 0) || (stretches.Count > 0 && chunks.Count >= MostChunks))
        {
            return null;
        }

        var stretch = new Stretch(file, offset, buffer.AsMemory(used, length));
        used += length;
        stretches.Add(stretch);
        var (number, start) = file.NextChunk;
        var all = file.Entry.Chunks;
        for (; number < all.Count && start < offset + length; number++)
        {
            Want(all[number].Id, new Copy(stretch, start, all[number].Length));
            start += all[number].Length;
        }

        // The last one may reach into the next stretch.
        file.NextChunk = start > offset + length ? (number - 1, start - all[number - 1].Length) : (number, start);
        return length;
    }

    /// <summary>Puts a chunk wherever it belongs. Different chunks may be put at once.</summary>
    public void Put(int chunk, ReadOnlySpan<byte> content)
    {
        foreach (var copy in copies[chunk])
        {
            if (content.Length != copy.Length)
            {
                copy.Stretch.File.Fail(new BackupException(
                    BackupErrors.DataDamaged,
                    $"the chunk {chunks[chunk]} has {content.Length} bytes, and the manifest says {copy.Length}",
                    isTransient: false,
                    "Restore another snapshot, and report this: the bytes are those that were written."));
                continue;
            }

            var from = Math.Max(copy.Start, copy.Stretch.Offset);
            var to = Math.Min(copy.Start + copy.Length, copy.Stretch.Offset + copy.Stretch.Content.Length);
            content[(int)(from - copy.Start)..(int)(to - copy.Start)].CopyTo(copy.Stretch.Content.Span[(int)(from - copy.Stretch.Offset)..]);
        }
    }

    /// <summary>Says of the files that need a chunk that they cannot be restored.</summary>
    public void Fail(int chunk, BackupException error)
    {
        foreach (var copy in copies[chunk])
        {
            copy.Stretch.File.Fail(error);
        }
    }

    private void Want(ChunkId id, Copy copy)
    {
        if (!numbers.TryGetValue(id, out var number))
        {
            numbers[id] = number = chunks.Count;
            chunks.Add(id);
            copies.Add([]);
        }

        copies[number].Add(copy);
    }

    /// <summary>A stretch of a file.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Offset">Where it begins in the file, bytes.</param>
    /// <param name="Content">Its content, once the chunks are read.</param>
    internal sealed record Stretch(RestoredFile File, long Offset, Memory<byte> Content);

    private readonly record struct Copy(Stretch Stretch, long Start, int Length);
}
