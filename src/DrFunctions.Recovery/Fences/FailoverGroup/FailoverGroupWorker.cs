using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.FailoverGroup;

/// <summary>
/// Sees whether the service can keep its own promise: the server follows already, or the other one has caught up, so that the planned
/// failover behind the fence makes it follow. A person who forces that failover takes the fence away, by name and on record.
/// </summary>
internal sealed class FailoverGroupWorker(ISqlFailoverGroups groups) : FenceWorker<FailoverGroupFence>
{
    private const string Missing = "FenceTargetMissing";
    private const string MissingHint = "Correct the group's ids in the plan, or fence the region by hand and skip the step with an override.";

    public override async Task<StepCheck> CheckAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var (finding, summary) = await LookAsync(site, cancellationToken);
        return finding switch
        {
            Finding.Missing => StepCheck.Failed(Missing, summary, MissingHint),
            Finding.Behind => StepCheck.Failed("NotCaughtUp", summary, BehindHint),
            _ => StepCheck.Ok(summary),
        };
    }

    public override async Task<StepAttempt> AttemptAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var (finding, summary) = await LookAsync(site, cancellationToken);
        return finding switch
        {
            Finding.Missing => StepAttempt.Failed(Missing, summary, MissingHint),
            Finding.Behind => StepAttempt.Again("FencePending", summary, TimeSpan.FromSeconds(5), BehindHint),
            _ => StepAttempt.Done(summary),
        };
    }

    public override string? FoundFenced(FenceSite site, StepContext context) => $"nothing was changed at {FailoverGroupFenceKind.Group(site).ParentName}";

    public override Task<StepAttempt> UndoAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(StepAttempt.Done($"nothing was changed at {FailoverGroupFenceKind.Group(site).ParentName}"));

    private const string BehindHint = "Wait until the secondary has caught up; in an outage fence by other means, skip the step with an override, and force the failover.";

    private async Task<(Finding Finding, string Summary)> LookAsync(FenceSite site, CancellationToken cancellationToken)
    {
        var (here, there) = (FailoverGroupFenceKind.Group(site), ((SqlGroupStore)site.Store).In(site.Other));
        if (await groups.ReadAsync(there, cancellationToken) is not { } target)
        {
            return (Finding.Missing, $"The failover group '{there}' does not exist, so nothing keeps '{site.Store.Name}' from two writers.");
        }

        if (target.IsPrimary)
        {
            // Only the old one's own word: after a forced failover it may not know of it yet.
            return await groups.ReadAsync(here, cancellationToken) is { IsPrimary: false }
                ? (Finding.Follows, $"{here.ParentName} is the secondary of {here.Name} and read-only")
                : (Finding.Behind, $"{here.ParentName} does not say that it is the secondary of {here.Name}");
        }

        return target.IsCaughtUp
            ? (Finding.Ready, $"{there.ParentName} has caught up with {here.ParentName}, which its planned failover makes read-only")
            : (Finding.Behind, $"{there.ParentName} does not follow {here.ParentName}: it is '{target.ReplicationState}', expected CATCH_UP");
    }

    private enum Finding
    {
        Missing,
        Behind,
        Ready,
        Follows,
    }
}
