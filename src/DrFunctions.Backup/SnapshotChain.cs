namespace DrFunctions.Backup;

/// <summary>What a snapshot relied on when it was taken. It saved reading and nothing else: each of them restores on its own.</summary>
/// <param name="Snapshots">The snapshot, the one it relied on, and so on to the full one.</param>
/// <param name="Broken">Why the list ends before a full one, a sentence; null when it does not.</param>
public sealed record SnapshotChain(IReadOnlyList<Snapshot> Snapshots, string? Broken);
