using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.PromotePostgres;

/// <summary>Promotes a region's PostgreSQL replica, so that it takes writes.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region that the server is in.</param>
/// <param name="Server">The replica.</param>
/// <param name="Mode">How it is promoted, unless the run is forced.</param>
public sealed record PromotePostgresStep(string Name, TimeSpan Timeout, RegionRole Region, ResourceId Server, PostgresPromotion Mode)
    : RunbookStep(Name, Timeout), IPromotesRegion
{
    /// <inheritdoc/>
    public ResourceId Promoted => Server;
}
