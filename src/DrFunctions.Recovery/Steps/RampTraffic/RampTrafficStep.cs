using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>Moves users to a region in stages, and all of them back when the region does not stay healthy.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="To">The region that users go to.</param>
/// <param name="Stages">Percent of <see cref="Whole"/>, growing, 1 to 100. A last one below 100 leaves the users shared: a canary.</param>
/// <param name="Soak">How long the region must be healthy without a break at each stage.</param>
/// <param name="Failures">How many looks in a row that find it dead end the ramp.</param>
/// <param name="SharedData">Whether the owner says that both regions may write at once.</param>
public sealed record RampTrafficStep(
    string Name, TimeSpan Timeout, RegionRole To, IReadOnlyList<int> Stages, TimeSpan Soak, int Failures, bool SharedData)
    : RunbookStep(Name, Timeout), ISharesUsers
{
    /// <summary>Percent of all users that are the region's in the end, 1 to 100: what 100 of <see cref="Stages"/> stands for.</summary>
    public int Whole { get; init; } = 100;

    /// <summary>The nested profile that is written; null for the plan's profile.</summary>
    public string? Nested { get; init; }

    /// <summary>How far the data may lag while users come; null when it is not looked at.</summary>
    public TimeSpan? MaxLag { get; init; }

    /// <summary>The stages, of a thousand users of the profile; each at least 1.</summary>
    public IReadOnlyList<int> Shares => [.. Stages.Select(stage => Math.Max(1, stage * Whole * WeightRamp.All / 10_000))];

    /// <summary>Percent of the users of the profile at a stage.</summary>
    public double Share(int stage) => Shares[stage] * 100d / WeightRamp.All;

    /// <inheritdoc/>
    public bool Equals(RampTrafficStep? other) => other is not null
        && base.Equals(other)
        && (To, Soak, Failures, SharedData, Whole, Nested, MaxLag)
            == (other.To, other.Soak, other.Failures, other.SharedData, other.Whole, other.Nested, other.MaxLag)
        && Stages.SequenceEqual(other.Stages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), To, Soak, Failures, SharedData, Whole, Nested, Stages.Count);
}
