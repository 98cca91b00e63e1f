namespace DrFunctions.Backup.Sources;

/// <summary>One file or blob of a source.</summary>
public sealed record SourceEntry
{
    /// <summary>Its name below the source's root, parts separated by '/'. Any text that the source allows.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes.</summary>
    public required long Length { get; init; }

    /// <summary>When it was last written, UTC.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Opaque; changes with every write. A blob's ETag, or a file's times and length.</summary>
    public required string Version { get; init; }

    /// <summary>Content headers by their HTTP name in lower case, such as <c>content-type</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = Nothing;

    /// <summary>The user's own metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = Nothing;

    /// <summary>Why the entry cannot be read, such as <c>symbolic link</c>; null when it can. It is recorded and counted as unread.</summary>
    public string? Unsupported { get; init; }

    /// <summary>No headers, or no metadata.</summary>
    internal static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>();
}
