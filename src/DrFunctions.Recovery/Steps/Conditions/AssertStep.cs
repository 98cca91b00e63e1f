using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Conditions;

/// <summary>Goes on only when all of its conditions hold.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long it may take to find out.</param>
/// <param name="Conditions">At least one.</param>
public sealed record AssertStep(string Name, TimeSpan Timeout, IReadOnlyList<Condition> Conditions) : RunbookStep(Name, Timeout)
{
    /// <inheritdoc/>
    public bool Equals(AssertStep? other) => base.Equals(other) && Conditions.SequenceEqual(other.Conditions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Conditions.Count);
}

/// <summary>Something that holds or does not.</summary>
public abstract record Condition
{
    private Condition()
    {
    }

    /// <summary>The region's health answers 200.</summary>
    /// <param name="Region">The region.</param>
    public sealed record Green(RegionRole Region) : Condition;

    /// <summary>The region's health was asked and does not answer, or not with 200.</summary>
    /// <param name="Region">The region.</param>
    public sealed record Red(RegionRole Region) : Condition;

    /// <summary>The region carries the workload, and no move is under way.</summary>
    /// <param name="Region">The region.</param>
    public sealed record ActiveIn(RegionRole Region) : Condition;

    /// <summary>A store's newest complete snapshot in a region is young enough.</summary>
    /// <param name="Store">The store.</param>
    /// <param name="Region">The region whose repository is looked at.</param>
    /// <param name="AtMost">The greatest age, inclusive.</param>
    public sealed record RestorePointAge(string Store, RegionRole Region, TimeSpan AtMost) : Condition;

    /// <summary>The endpoint of a region in the profile is enabled or disabled.</summary>
    /// <param name="Region">The region.</param>
    /// <param name="IsEnabled">What is expected.</param>
    public sealed record Endpoint(RegionRole Region, bool IsEnabled) : Condition;
}
