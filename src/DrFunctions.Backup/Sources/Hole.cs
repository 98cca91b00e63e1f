namespace DrFunctions.Backup.Sources;

/// <summary>A stretch of a file that takes no room and reads as zeros.</summary>
/// <param name="Offset">Where it begins, bytes.</param>
/// <param name="Length">Bytes, at least 1.</param>
public readonly record struct Hole(long Offset, long Length)
{
    /// <summary>Where what follows begins.</summary>
    internal long End => Offset + Length;

    /// <summary>Where in the file an offset of its content lies, which is the file without its holes, and how much follows there before the next hole.</summary>
    /// <param name="holes">The file's holes, sorted.</param>
    /// <param name="offset">An offset of the content.</param>
    internal static (long Offset, long Length) Place(IReadOnlyList<Hole> holes, long offset)
    {
        foreach (var hole in holes)
        {
            if (hole.Offset > offset)
            {
                return (offset, hole.Offset - offset);
            }

            offset += hole.Length;
        }

        return (offset, long.MaxValue - offset);
    }
}
