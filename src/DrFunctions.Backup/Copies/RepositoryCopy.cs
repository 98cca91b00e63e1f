namespace DrFunctions.Backup.Copies;

/// <summary>What a copy did.</summary>
/// <param name="Snapshots">Snapshots that are visible in both places.</param>
/// <param name="ObjectsCopied">Packs that were copied, and indexes that were written.</param>
/// <param name="ObjectsReused">Packs of the origin that were there, of the same length.</param>
/// <param name="BytesCopied">Bytes of the objects copied.</param>
public sealed record RepositoryCopy(long Snapshots, long ObjectsCopied, long ObjectsReused, long BytesCopied)
{
    /// <summary>How many of the packs the storage fetched itself; the others were sent, each found right by its name before.</summary>
    public long ServerSide { get; init; }

    /// <summary>How many of those were read back and found right by their names; of the others the directory was.</summary>
    public long ReadBack { get; init; }

    /// <summary>Why the storage did not fetch an object itself, its first such answer; null where it was not asked, or refused nothing.</summary>
    public string? WhySent { get; init; }

    /// <summary>Snapshots of the origin that the copy's own retention removed, or that were given up there: they are not brought back.</summary>
    public long RemovedThere { get; init; }

    /// <summary>
    /// Key slots of the copy that the origin does not have, or has otherwise: secrets that were changed there and still open the copy, or that are damaged in one of the two. A copy's slots are changed where it lies.
    /// </summary>
    public IReadOnlyList<string> DifferingSlots { get; init; } = [];
}
