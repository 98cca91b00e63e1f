using DrFunctions.App.Backups;
using DrFunctions.Backup;
using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.App.Evaluation;

/// <summary>Reads what backups did; see <see cref="BackupRules"/>.</summary>
internal sealed class BackupCheck(BackupLog backups, StoreLocations locations) : IPlanCheck
{
    private const int Newest = 20;

    public string Subject => "the backups";

    public async Task<IReadOnlyList<Finding>> CheckAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        var point = plan.State.Arriving ? null : await backups.FindNewestCopiedPointAsync(plan.Plan, cancellationToken);
        var records = await backups.ReadNewestAsync(plan.Plan.Workload, Newest, cancellationToken);
        var failed = plan.Plan.Backups
            .Select(policy => records.FirstOrDefault(record => record.Policy == policy.Name && record.State is BackupState.Copied or BackupState.Failed))
            .Where(last => last is { State: BackupState.Failed })
            .Select(last => (last!.Policy, last.Error?.Message ?? "for a reason that was not recorded")); // Where saw it.
        return [.. BackupRules.Check(plan, point, failed), .. await RepositoryAsync(plan, cancellationToken)];
    }

    // Where users are: the first copy makes the other region's.
    private async Task<IReadOnlyList<Finding>> RepositoryAsync(EvaluatedPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Plan.Backups.Count == 0)
        {
            return [];
        }

        try
        {
            (await locations.OpenAsync(plan.Plan.RepositoryIn(plan.State.Active), cancellationToken)).Dispose();
            return [];
        }
        catch (BackupException error)
        {
            return [BackupRules.Repository(plan, error)];
        }
    }
}
