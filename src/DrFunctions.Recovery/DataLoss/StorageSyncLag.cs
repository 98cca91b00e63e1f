using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.DataLoss;

/// <summary>A container in a geo-redundant account is safe until the account's last sync time, as the service gives it.</summary>
public sealed class StorageSyncLag(IStorageAccounts accounts) : ILagSource
{
    /// <inheritdoc/>
    public LagBasis Basis => LagBasis.StorageSync;

    /// <inheritdoc/>
    public async Task<LagFinding> ReadAsync(WorkloadPlan plan, DataStore store, RegionRole standby, CancellationToken cancellationToken)
    {
        if (store is not ContainerStore { PrimaryAccount: { } id })
        {
            throw new ArgumentException($"'{store.Name}' has no storage account.", nameof(store));
        }

        ArgumentNullException.ThrowIfNull(plan);
        var region = plan.RegionOf(standby).Name;
        return await accounts.ReadAsync(id, cancellationToken) switch
        {
            null => LagFinding.Unknown($"the account '{id.Name}' does not exist"),
            { IsFailingOver: true } => LagFinding.Unknown($"the account '{id.Name}' is being failed over"),
            { Copy: null } account => LagFinding.Unknown($"the account '{id.Name}' is {account.Redundancy}, which has no copy in another region, or the service did not say"),
            { SecondaryLocation: { } elsewhere } when !RegionName.Same(elsewhere, region) => LagFinding.Unknown(
                $"the copy of the account '{id.Name}' is in {elsewhere}, expected {region}"),
            { Copy.LastSync: { } until } => LagFinding.Safe(until),
            { Copy.Status: var status } => LagFinding.Unknown($"the copy of the account '{id.Name}' is {status}, and the service gave no last sync time"),
        };
    }
}
