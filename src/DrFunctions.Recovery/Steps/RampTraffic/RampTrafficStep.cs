using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>Moves users to a region in stages, and all of them back when the region does not stay healthy.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="To">The region that users go to.</param>
/// <param name="Stages">Percent of the users, growing, 1 to 100. A last one below 100 leaves the users shared: a canary.</param>
/// <param name="Soak">How long the region must be healthy without a break at each stage.</param>
/// <param name="Failures">How many looks in a row that find it dead end the ramp.</param>
/// <param name="SharedData">Whether the owner says that both regions may write at once.</param>
public sealed record RampTrafficStep(
    string Name, TimeSpan Timeout, RegionRole To, IReadOnlyList<int> Stages, TimeSpan Soak, int Failures, bool SharedData)
    : RunbookStep(Name, Timeout), ISharesUsers
{
    /// <inheritdoc/>
    public bool Equals(RampTrafficStep? other) => other is not null
        && base.Equals(other)
        && (To, Soak, Failures, SharedData) == (other.To, other.Soak, other.Failures, other.SharedData)
        && Stages.SequenceEqual(other.Stages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), To, Soak, Failures, SharedData, Stages.Count);
}
