using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>
/// Moves all users with one write of the profile. That they may be there is recorded before, and that they are after it: whatever
/// dies in between, nobody restores over what they write.
/// </summary>
public sealed class ShiftTrafficRunner(ITrafficManager trafficManager, WorkloadStates states) : StepRunner<ShiftTrafficStep>
{
    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(
        ShiftTrafficStep step, StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(context);
        var traffic = context.Plan.Traffic;
        var from = step.To == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
        var profile = await trafficManager.ReadAsync(traffic.Profile, cancellationToken);
        var moved = new WorkloadState(step.To, context.Epoch, context.Run.RunId);
        var settings = TrafficShift.To(profile, traffic.EndpointOf(step.To), traffic.EndpointOf(from));
        if (!settings.AreOf(profile))
        {
            await context.EnsureCurrentAsync(cancellationToken);
            var before = await states.ReadAsync(context.Plan.Workload, cancellationToken);
            await states.MoveAsync(context.Plan.Workload, moved with { Arriving = true }, cancellationToken);
            try
            {
                await trafficManager.WriteAsync(profile, settings, cancellationToken);
            }
            catch (RecoveryException refusal) when (!refusal.IsTransient)
            {
                await UndoAsync(context, profile, moved, before, cancellationToken);
                throw;
            }

            profile = await trafficManager.ReadAsync(traffic.Profile, cancellationToken);
            if (!settings.AreOf(profile))
            {
                return StepAttempt.Again(
                    "ShiftPending",
                    $"the profile '{profile.Id.Name}' does not show what was written",
                    TimeSpan.FromSeconds(2),
                    "See who else writes the profile; then start the run again.");
            }
        }

        await states.MoveAsync(context.Plan.Workload, moved, cancellationToken);
        return StepAttempt.Done(
            $"{profile.Fqdn} goes to '{traffic.EndpointOf(step.To)}'; '{traffic.EndpointOf(from)}' is disabled until a failback",
            new Dictionary<string, string> { ["ttlSeconds"] = Runs.RunFacts.Number(profile.TimeToLive) });
    }

    // A write that was refused moved nobody, if the profile says so too. Otherwise it stays unknown where users are.
    private async Task UndoAsync(
        StepContext context, TrafficProfile seen, WorkloadState moved, WorkloadState before, CancellationToken cancellationToken)
    {
        var now = await trafficManager.ReadAsync(seen.Id, cancellationToken);
        if (!before.Arriving && RoutingSettings.Of(seen).AreOf(now))
        {
            await states.ReturnAsync(context.Plan.Workload, moved with { Arriving = true }, before, cancellationToken);
        }
    }
}
