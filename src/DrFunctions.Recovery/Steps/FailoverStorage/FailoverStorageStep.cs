using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.FailoverStorage;

/// <summary>Fails a geo-redundant storage account over to a region.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="Region">The region that the account is to be written in.</param>
/// <param name="Account">The account.</param>
/// <param name="IsPlanned">Whether the regions swap without loss, unless the run is forced; otherwise the copy becomes the account.</param>
public sealed record FailoverStorageStep(string Name, TimeSpan Timeout, RegionRole Region, ResourceId Account, bool IsPlanned)
    : RunbookStep(Name, Timeout), IPromotesRegion
{
    /// <inheritdoc/>
    public ResourceId Promoted => Account;
}
