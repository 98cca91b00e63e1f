using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.FailoverSqlGroup;

/// <summary>Makes a region's server the primary of a failover group of Azure SQL Database.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region of the server that is to be the primary.</param>
/// <param name="FailoverGroup">The group's id on that server.</param>
/// <param name="IsPlanned">Whether everything must have arrived first, unless the run is forced.</param>
public sealed record FailoverSqlGroupStep(string Name, TimeSpan Timeout, RegionRole Region, ResourceId FailoverGroup, bool IsPlanned)
    : RunbookStep(Name, Timeout), IPromotesRegion
{
    /// <inheritdoc/>
    public ResourceId Promoted => FailoverGroup;
}
