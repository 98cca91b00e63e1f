using DrFunctions.Recovery;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Lag in memory.</summary>
public sealed class FakeLagSource(Interception interception) : ILagSource
{
    public LagBasis Basis { get; init; } = LagBasis.BackupCopy;

    /// <summary>Until when every store is safe; null for unknown. At first a minute before the clock's start.</summary>
    public DateTimeOffset? SafeUntil { get; set; } = MovableClock.Start - TimeSpan.FromMinutes(1);

    /// <summary>Says until when at each question, in place of <see cref="SafeUntil"/>; null for that.</summary>
    public Func<DateTimeOffset?>? Ask { get; set; }

    /// <summary>Whether it does not answer.</summary>
    public bool IsSilent { get; set; }

    public Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, RegionRole standby, CancellationToken cancellationToken) =>
        interception.CallAsync(
            $"ReadLag {store.Name}", () => IsSilent ? throw new RecoveryException("LagUnavailable", "no answer", isTransient: true, "Wait.")
                : (Ask is null ? SafeUntil : Ask()) is { } until ? LagFinding.Safe(until) : LagFinding.Unknown("nothing of it was copied yet"));
}
