using System.Globalization;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>Restores stores from the backups in their own region.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when storage refuses or does not answer, or data is damaged.</remarks>
public interface IStoreRestore
{
    /// <summary>The newest complete snapshot of a store in the region's repository, and what was passed over for it.</summary>
    Task<RestoreChoice> FindNewestAsync(WorkloadPlan plan, ContainerStore store, RegionRole region, CancellationToken cancellationToken);

    /// <summary>A complete snapshot of a store in the region's repository by its id; null when there is none of this id.</summary>
    Task<RestorePoint?> FindAsync(WorkloadPlan plan, ContainerStore store, RegionRole region, string snapshotId, CancellationToken cancellationToken);

    /// <summary>
    /// Restores a snapshot into the region's container. Every byte is verified before it counts. Idempotent: what is already
    /// there and right is not written again, and what someone else has written meanwhile is not overwritten.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="store">The store.</param>
    /// <param name="region">The region that is restored.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="ensureCurrent">Called before each file is shown; throws when the attempt was overtaken.</param>
    /// <param name="cancellationToken">Stops the restore.</param>
    Task<RestoreSummary> RestoreAsync(
        WorkloadPlan plan,
        ContainerStore store,
        RegionRole region,
        string snapshotId,
        Func<CancellationToken, Task> ensureCurrent,
        CancellationToken cancellationToken);
}

/// <summary>A snapshot that can be restored.</summary>
/// <param name="SnapshotId">Its id.</param>
/// <param name="At">The time that it shows.</param>
public sealed record RestorePoint(string SnapshotId, DateTimeOffset At);

/// <summary>Which snapshot would be restored.</summary>
/// <param name="Newest">The newest complete one that can be read; null when there is none.</param>
/// <param name="Skipped">What may be newer and cannot be restored, a sentence each.</param>
public sealed record RestoreChoice(RestorePoint? Newest, IReadOnlyList<string> Skipped)
{
    private const int Named = 3;

    /// <summary>What was passed over, the first ones of it in full, to end a sentence with; empty when nothing was.</summary>
    public string Remark => Skipped.Count == 0
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"; passed over {Skipped.Count}: {string.Join("; ", Skipped.Take(Named).Select(one => one.TrimEnd('.')))}{(Skipped.Count > Named ? "; …" : "")}");
}

/// <summary>What was restored.</summary>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Written">Bytes written by this attempt.</param>
public sealed record RestoreSummary(long Files, long Bytes, long Written);
