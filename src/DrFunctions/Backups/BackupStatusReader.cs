using DrFunctions.App.BackupJobs;
using DrFunctions.App.RestoreTests;
using DrFunctions.App.Retention;
using DrFunctions.Backup;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Backups;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>Says how backups are, by what is recorded: it asks no repository, so that it answers whatever region is lost.</summary>
public sealed class BackupStatusReader(
    BackupLog backups, RestoreTestLog tests, CheckLog checks, PruneStatusReader prunes, WorkloadStates states, BlobConnections connections, TimeProvider time)
{
    private const int Newest = 30;

    /// <summary>Reads it.</summary>
    public async Task<BackupStatus> ReadAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var state = await states.ReadAsync(plan.Workload, cancellationToken);
        var policies = new List<PolicyStatus>();
        List<CheckState> seen = plan.Backups.Count == 0
            ? []
            : [await checks.ReadAsync(plan.Workload, plan.Primary.Name, cancellationToken), await checks.ReadAsync(plan.Workload, plan.Secondary.Name, cancellationToken)];
        foreach (var policy in plan.Backups)
        {
            policies.Add(await ReadAsync(plan, policy, state, seen, cancellationToken));
        }

        return new BackupStatus(plan.Workload, time.GetUtcNow(), plan.Objectives.Rpo.TotalSeconds, policies);
    }

    private async Task<PolicyStatus> ReadAsync(WorkloadPlan plan, BackupPolicy policy, WorkloadState state, IReadOnlyList<CheckState> seen, CancellationToken cancellationToken)
    {
        var records = await backups.ReadNewestAsync(plan.Workload, policy.Name, Newest, cancellationToken);
        var copied = state.Arriving ? null : await backups.FindCopiedPointAsync(plan, policy, cancellationToken);
        var last = policy.RestoreTest is null ? null : await tests.FindLastAsync(plan.Workload, policy.Name, cancellationToken);
        var now = time.GetUtcNow();
        RegionPoint[] regions = [.. new[] { plan.Primary, plan.Secondary }.Select(region => new RegionPoint(region.Name, Later(copied, PointOf(records, region.Name))))];
        var test = TestOf(policy, last, now);
        return new PolicyStatus(
            policy.Name,
            policy.Store,
            regions,
            new CopyLag(ObjectiveVerdicts.OfLag(now - copied, plan.Objectives.Rpo), copied, (now - copied)?.TotalSeconds),
            CheckRules.Of(seen, now),
            test,
            ThreeTwoOne.Of(PlacesOf(plan, policy, state, regions), test))
        {
            Retention = await prunes.ReadAsync(plan, policy, cancellationToken),
        };
    }

    // What a snapshot's own region holds is known once it is taken; what the other one holds, once it is copied.
    private static DateTimeOffset? PointOf(IReadOnlyList<BackupRecord> records, string region) => records
        .Where(record => (record.From == region && record.State is BackupState.Taken or BackupState.Copied)
            || (record.To == region && record.State == BackupState.Copied))
        .Max(record => record.RestorePoint);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private static ProofStatus TestOf(BackupPolicy policy, RestoreTestEvidence? last, DateTimeOffset now) => last switch
    {
        _ when policy.RestoreTest is null => new ProofStatus(ObjectiveVerdict.Unknown, "the policy has no restoreTest"),
        null => new ProofStatus(ObjectiveVerdict.Unknown, "no restore test has ended"),
        _ => new ProofStatus(
            !last.IsIntact() ? ObjectiveVerdict.Unknown : last.Verdict switch
            {
                RestoreTestVerdict.Passed => ObjectiveVerdict.Met,
                RestoreTestVerdict.Failed => ObjectiveVerdict.Breached,
                _ => ObjectiveVerdict.Unknown,
            },
            last.IsIntact() ? $"{last.Name}: {last.Reason}" : $"the evidence of {last.Name} is not what was written",
            last.EndedAt,
            (now - last.EndedAt).TotalSeconds),
    };

    private BackupPlaces PlacesOf(WorkloadPlan plan, BackupPolicy policy, WorkloadState state, IReadOnlyList<RegionPoint> regions)
    {
        string? why = null;
        var live = AccountOf(plan.ContainerNamed(policy.Store)!.In(state.Active), ref why); // Policies refer to containers that the plan has.
        var places = new List<RepositoryPlace>();
        foreach (var role in new[] { RegionRole.Primary, RegionRole.Secondary })
        {
            var name = plan.RegionOf(role).Name;
            places.Add(new RepositoryPlace(name, AccountOf(plan.RepositoryIn(role), ref why), regions.First(region => region.Region == name).RestorePoint is not null));
        }

        return new BackupPlaces(plan.RegionOf(state.Active).Name, live, places, why);
    }

    // Two settings may name one account.
    private string? AccountOf(BlobContainer place, ref string? why)
    {
        try
        {
            return connections.Service(place.Connection).Uri.GetLeftPart(UriPartial.Path);
        }
        catch (BackupException unknown)
        {
            why = unknown.Message;
            return null;
        }
    }
}
