using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>Says how far a store's data is known to be safe in the standby.</summary>
/// <remarks>Methods throw <see cref="RecoveryException"/> when whoever must be asked refuses or does not answer.</remarks>
public interface ILagSource
{
    /// <summary>What it measures.</summary>
    LagBasis Basis { get; }

    /// <summary>Everything that the store held at this time is safe; null when nothing of it is yet, or nobody can say.</summary>
    /// <exception cref="ArgumentException">The store is of another kind than the source measures.</exception>
    Task<DateTimeOffset?> ReadAsync(WorkloadPlan plan, DataStore store, CancellationToken cancellationToken);
}

/// <summary>What a source said of a store.</summary>
/// <param name="Store">The store.</param>
/// <param name="Source">The source's name.</param>
/// <param name="SafeUntil">Everything that the store held at this time is safe; null when that is not known.</param>
/// <param name="Trouble">Why it is not known; null otherwise.</param>
public sealed record LagReading(string Store, string Source, DateTimeOffset? SafeUntil, string? Trouble);
