using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>Says how far a store's data is known to be safe in the standby.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when whoever must be asked refuses or does not answer.</remarks>
public interface ILagSource
{
    /// <summary>What it measures.</summary>
    LagBasis Basis { get; }

    /// <summary>Until when everything that the store held is safe, or why nobody can say. An unknown time is never a guess.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="store">One of its stores.</param>
    /// <param name="standby">The region where it is to be safe: the one that does not carry the workload, whichever that is now.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ArgumentException">The store is of another kind than the source measures.</exception>
    Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, RegionRole standby, CancellationToken cancellationToken);
}
