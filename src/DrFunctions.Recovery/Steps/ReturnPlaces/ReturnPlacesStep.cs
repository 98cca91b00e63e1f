using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ReturnPlaces;

/// <summary>Leads some places of a geographic profile to a region, with one write; the other region keeps its own.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="To">The region that gets the places.</param>
/// <param name="Places">Codes of places, such as <c>GEO-EU</c>.</param>
/// <param name="SharedData">Whether the owner says that both regions may write at once.</param>
public sealed record ReturnPlacesStep(string Name, TimeSpan Timeout, RegionRole To, IReadOnlyList<string> Places, bool SharedData)
    : RunbookStep(Name, Timeout), ISharesUsers
{
    /// <inheritdoc/>
    public bool Equals(ReturnPlacesStep? other) => other is not null
        && base.Equals(other)
        && (To, SharedData) == (other.To, other.SharedData)
        && Places.SequenceEqual(other.Places, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), To, SharedData, Places.Count);
}
