using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Evaluation.Replication;

/// <summary>
/// Reads how everything follows that a runbook would promote in the region that does not carry the workload; see
/// <see cref="ReplicationRules"/>. What a region has that users are in is no replica.
/// </summary>
public sealed class ReplicationCheck(IFlexibleServers servers, ISqlFailoverGroups groups, IStorageAccounts accounts) : IPlanCheck
{
    /// <inheritdoc/>
    public string Subject => "the replications";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var findings = new List<Finding>();
        var promoting = plan.Plan.Runbooks.Values
            .OrderBy(runbook => runbook.Name, StringComparer.Ordinal)
            .SelectMany(runbook => runbook.Steps)
            .Where(step => step is IPromotesRegion promote && !plan.Plan.HasUsersIn(promote.Region, plan.State))
            .Select(step => (Target: TargetOf(step), Step: step))
            .Where(one => one.Target is not null)
            .DistinctBy(one => one.Target);
        foreach (var (target, step) in promoting)
        {
            try
            {
                findings.AddRange(ReplicationRules.Check([await ReadAsync(plan.Plan, step, cancellationToken)]));
            }
            catch (RecoveryException failure)
            {
                findings.Add(new Finding(
                    FindingCodes.NotSeen, FindingSeverity.Unknown, target!.Value.Value, $"could not look: {failure.Message}", "an answer", failure.Hint)); // The filter keeps those that have one.
            }
        }

        return findings;
    }

    private static ResourceId? TargetOf(Runbooks.RunbookStep step) => step switch
    {
        PromotePostgresStep postgres => postgres.Server,
        FailoverSqlGroupStep sql => sql.FailoverGroup,
        FailoverStorageStep storage => storage.Account,
        _ => null,
    };

    private async Task<ReplicationView> ReadAsync(WorkloadPlan plan, Runbooks.RunbookStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case PromotePostgresStep { Server: var id }:
                var server = await servers.ReadAsync(id, cancellationToken);
                var follows = server is { Role: ReplicationRole.Replica };
                return new ReplicationView(
                    id,
                    "the replica",
                    server is not null,
                    follows || server is null ? null : $"is no replica: its role is {server.Role}",
                    follows && server!.Source is { } source ? await servers.ReadReplicationAsync(source, id, cancellationToken) : null); // It follows.
            case FailoverSqlGroupStep { FailoverGroup: var id }:
                var group = await groups.ReadAsync(id, cancellationToken);
                return new ReplicationView(
                    id, "the failover group", group is not null, group is { IsPrimary: true } ? $"is primary on '{id.ParentName}' already" : null, group?.ReplicationState);
            case FailoverStorageStep { Account: var id, Region: var region }:
                var account = await accounts.ReadAsync(id, cancellationToken);
                return new ReplicationView(
                    id,
                    "the account's copy",
                    account is not null,
                    account is null || RegionName.Same(account.SecondaryLocation, plan.RegionOf(region).Name) ? null
                        : account.SecondaryLocation is { } place ? $"is in {place}, and the plan's region is {plan.RegionOf(region).Name}"
                        : $"is missing: the account is {account.Redundancy}",
                    account?.Copy?.Status);
            default:
                throw new ArgumentException($"The step '{step.Name}' promotes nothing that is looked at.", nameof(step));
        }
    }
}
