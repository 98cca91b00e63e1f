namespace DrFunctions.Backup;

/// <summary>What a search for the newest snapshot found.</summary>
/// <param name="Snapshot">The newest restore point of those that can be read and fit; null when there is none.</param>
/// <param name="Skipped">
/// What may be newer and was passed over, a sentence each, the last written first: snapshots that cannot be read, whosever they are, and
/// incomplete ones where only complete ones were asked for.
/// </param>
public sealed record LatestSnapshot(Snapshot? Snapshot, IReadOnlyList<string> Skipped);
