namespace DrFunctions.Backup.Repairs;

/// <summary>What a repair saved, and what it did not.</summary>
public sealed record RepairResult
{
    /// <summary>Each object that was damaged or missing, by key.</summary>
    public required IReadOnlyList<RepairedObject> Objects { get; init; }

    /// <summary>Chunks of objects that are lost as a whole, which this repository had still: in other packs, or in a damaged one's sound part.</summary>
    public required long ChunksFromHere { get; init; }

    /// <summary>Chunks that were fetched one by one from the copy.</summary>
    public required long ChunksFromCopy { get; init; }

    /// <summary>Chunks that were read again from the source.</summary>
    public required long ChunksFromSource { get; init; }

    /// <summary>Files that cannot be restored, and snapshots of which that cannot even be said.</summary>
    public required long AffectedCount { get; init; }

    /// <summary>The first thousand of them.</summary>
    public required IReadOnlyList<AffectedFile> Affected { get; init; }

    /// <summary>Whether every file of every snapshot can be restored, as far as the objects' names and tags say.</summary>
    public bool IsWhole => AffectedCount == 0 && Objects.All(item => item.Outcome is not RepairOutcome.NotSaved);
}

/// <summary>An object that was damaged or missing.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Found">What was wrong with it.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record RepairedObject(string Key, string Found, RepairOutcome Outcome);

/// <summary>What became of a damaged object.</summary>
public enum RepairOutcome
{
    /// <summary>It is as it was written: the copy had it.</summary>
    Healed,

    /// <summary>The copy has it as it was written; a dry run wrote nothing.</summary>
    CanBeHealed,

    /// <summary>
    /// It could not be healed as a whole and nothing refers to it any more. What of it could be saved is in other objects; it is kept under <c>damaged/</c>, where it may be deleted.
    /// </summary>
    PutAside,

    /// <summary>It is as it was found.</summary>
    NotSaved,
}

/// <summary>A file that cannot be restored.</summary>
/// <param name="SnapshotId">Of which snapshot.</param>
/// <param name="Path">The file; null when the snapshot's list of files cannot be read.</param>
/// <param name="Reason">Why.</param>
public sealed record AffectedFile(string SnapshotId, string? Path, string Reason);
