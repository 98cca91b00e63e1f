using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>Says how far a store's data is known to be safe in the standby.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when whoever must be asked refuses or does not answer.</remarks>
public interface ILagSource
{
    /// <summary>What it measures.</summary>
    LagBasis Basis { get; }

    /// <summary>Until when everything that the store held is safe, or why nobody can say. An unknown time is never a guess.</summary>
    /// <exception cref="ArgumentException">The store is of another kind than the source measures.</exception>
    Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, CancellationToken cancellationToken);
}
