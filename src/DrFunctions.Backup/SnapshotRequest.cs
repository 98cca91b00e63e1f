using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup;

/// <summary>What a backup is called.</summary>
/// <param name="Id">
/// Chosen by the caller, the same when the same backup is run again: 1 to 200 of A-Z, a-z, 0-9, '.', '_' and '-', not beginning with '.'.
/// </param>
/// <param name="Workload">The workload it belongs to.</param>
/// <param name="Policy">The policy it belongs to.</param>
public sealed record SnapshotRequest(string Id, string Workload, string Policy)
{
    /// <summary>
    /// The restore point that the snapshot may claim: not later than the time the first byte of the source is listed. Default, and
    /// the most that counts: the engine's clock when the backup begins.
    /// </summary>
    public DateTimeOffset? RestorePoint { get; init; }

    /// <summary>
    /// What it may rely on. Where there is nothing of the same workload, policy and source to rely on, the snapshot is full. Default: nothing.
    /// </summary>
    public SnapshotKind Kind { get; init; }

    /// <summary>The age of the last full snapshot at which the next one is full whatever its <see cref="Kind"/>; null (default) for never.</summary>
    public TimeSpan? FullEvery { get; init; }

    /// <summary>Whether files that look unchanged are read all the same. Default false.</summary>
    public bool VerifyUnchanged { get; init; }

    /// <summary>A snapshot of this id that is there.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotConflict"/>: it is another one.</exception>
    internal Snapshot Same(Snapshot existing, IRepository repository) =>
        existing.Workload == Workload && existing.Policy == Policy
            ? existing
            : throw new BackupException(
                BackupErrors.SnapshotConflict,
                $"The snapshot '{Id}' in {repository.Description} is of workload '{existing.Workload}', policy '{existing.Policy}'; expected '{Workload}', '{Policy}'.",
                isTransient: false,
                "Give every backup an id of its own.");
}
