using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Evaluation.Replication;

/// <summary>
/// Reads how everything follows that a run would promote in the region that does not carry the workload: the databases among the plan's stores
/// and what its runbooks promote there; see <see cref="ReplicationRules"/>.
/// </summary>
public sealed class ReplicationCheck(IFlexibleServers servers, ISqlFailoverGroups groups, IStorageAccounts accounts) : IPlanCheck
{
    /// <inheritdoc/>
    public string Subject => "the replications";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var standby = plan.State.Active == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
        var findings = new List<Finding>();
        foreach (var id in Followers(plan.Plan, standby))
        {
            try
            {
                if (await ReadAsync(id, plan.Plan.RegionOf(standby), cancellationToken) is { } view)
                {
                    findings.AddRange(ReplicationRules.Check([view]));
                }
            }
            catch (RecoveryException failure)
            {
                findings.Add(new Finding(
                    FindingCodes.NotSeen, FindingSeverity.Unknown, id.Value, $"could not look: {failure.Message}", "an answer", failure.Hint));
            }
        }

        return findings;
    }

    private static IEnumerable<ResourceId> Followers(WorkloadPlan plan, RegionRole standby) => plan.Stores
        .Select(store => store switch
        {
            PostgresStore postgres => postgres.In(standby),
            SqlGroupStore sql => sql.In(standby),
            _ => (ResourceId?)null,
        })
        .OfType<ResourceId>()
        .Concat(plan.Runbooks.Values
            .OrderBy(runbook => runbook.Name, StringComparer.Ordinal)
            .SelectMany(runbook => runbook.Steps)
            .OfType<IPromotesRegion>()
            .Where(step => step.Region == standby)
            .Select(step => step.Promoted))
        .Distinct();

    // Null for what is of a type that nothing here knows.
    private async Task<ReplicationView?> ReadAsync(ResourceId id, Region standby, CancellationToken cancellationToken) =>
        Is(id, "Microsoft.DBforPostgreSQL/flexibleServers") ? await ReadPostgresAsync(id, cancellationToken)
        : Is(id, "Microsoft.Sql/servers") ? OfGroup(id, await groups.ReadAsync(id, cancellationToken))
        : Is(id, "Microsoft.Storage/storageAccounts") ? OfAccount(id, standby, await accounts.ReadAsync(id, cancellationToken))
        : null;

    private async Task<ReplicationView> ReadPostgresAsync(ResourceId id, CancellationToken cancellationToken)
    {
        var server = await servers.ReadAsync(id, cancellationToken);
        return server is { Role: ReplicationRole.Replica }
            ? new ReplicationView(
                id, "the replica", true, null, server.Source is { } source ? await servers.ReadReplicationAsync(source, id, cancellationToken) : null)
            : new ReplicationView(id, "the replica", server is not null, server is null ? null : $"is no replica: its role is {server.Role}", null);
    }

    private static ReplicationView OfGroup(ResourceId id, SqlFailoverGroup? group) => new(
        id, "the failover group", group is not null, group is { IsPrimary: true } ? $"is primary on '{id.ParentName}' already" : null, group?.ReplicationState);

    private static ReplicationView OfAccount(ResourceId id, Region standby, GeoAccount? account) => new(
        id,
        "the account's copy",
        account is not null,
        account is null || RegionName.Same(account.SecondaryLocation, standby.Name) ? null
            : account.SecondaryLocation is { } place ? $"is in {place}, and the plan's region is {standby.Name}"
            : $"is missing: the account is {account.Redundancy}",
        account?.Copy?.Status);

    private static bool Is(ResourceId id, string type) => id.Value.Contains($"/providers/{type}/", StringComparison.OrdinalIgnoreCase);
}
