namespace DrFunctions.Backup.Copies;

/// <summary>How a repository is copied.</summary>
public sealed record CopyOptions
{
    /// <summary>Whether the storage is asked to fetch packs and indexes itself where it can. Default true; what it refuses is sent.</summary>
    public bool ServerSide { get; init; } = true;

    /// <summary>Which of the objects that the storage fetched itself are read back. Default <see cref="CopyVerification.All"/>: a copy that is relied on when its origin is gone is verified.</summary>
    public CopyVerification Verification { get; init; } = CopyVerification.All;
}

/// <summary>
/// Which objects are read back after the storage copied them itself. What this machine sends was found right by its name before, and has a checksum that the storage verifies; a snapshot is always
/// found right by its tag.
/// </summary>
public enum CopyVerification
{
    /// <summary>One in sixteen by its SHA-256, which is its name; of the others the length.</summary>
    Sampled,

    /// <summary>Each by its SHA-256.</summary>
    All,

    /// <summary>None: of each only the length. A check of the copy reads them by turns.</summary>
    None,
}
