namespace DrFunctions.Backup.Sources;

/// <summary>One file, blob or other name of a source.</summary>
public sealed record SourceEntry
{
    /// <summary>
    /// Its name below the source's root, parts separated by '/'. Any text that the source allows; a folder's ends with '/'. A byte of a name that is no UTF-8 is the character
    /// U+DC00 and the byte, which no text has.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>What it is. Default: a file.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>Bytes, holes included; 0 of what is no file.</summary>
    public required long Length { get; init; }

    /// <summary>When it was last written, UTC.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Opaque; changes with every write. A blob's ETag, or a file's inode and time of last change.</summary>
    public required string Version { get; init; }

    /// <summary>Content headers by their HTTP name in lower case, such as <c>content-type</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = Nothing;

    /// <summary>The user's own metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = Nothing;

    /// <summary>Stretches of zeros that take no room, sorted, without overlap: no part of the content.</summary>
    public IReadOnlyList<Hole> Holes { get; init; } = [];

    /// <summary>Bytes of the content: the length without the holes.</summary>
    public long ContentLength => Holes.Count == 0 ? Length : Length - Holes.Sum(static hole => hole.Length);

    /// <summary>Where a symbolic link leads, byte for byte as <see cref="Path"/> has them; null of anything else.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Owner, rights and the like; null where the source has no such things.</summary>
    public UnixAttributes? Unix { get; init; }

    /// <summary>Why the entry cannot be read, such as <c>socket</c>; null when it can. It is recorded and counted as unread.</summary>
    public string? Unsupported { get; init; }

    /// <summary>No headers, or no metadata.</summary>
    internal static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>();
}
