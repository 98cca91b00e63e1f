using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>
/// Moves all users with one write of the profile. That they may be there is recorded before, and that they are after it: whatever
/// dies in between, nobody restores over what they write.
/// </summary>
/// <typeparam name="TStep">A step after which all users are in one region.</typeparam>
internal abstract class UserMoveRunner<TStep>(ITrafficManager trafficManager, ProfileClaims claims, WorkloadStates states) : StepRunner<TStep>
    where TStep : RunbookStep, IMovesUsers
{
    /// <inheritdoc/>
    public sealed override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var profile = await SeeAsync((TStep)context.Step, context, cancellationToken);
        return BeforeFacts.Write(profile, context.Plan, await states.ReadAsync(context.Plan.Workload, cancellationToken));
    }

    /// <summary>The profile that is written. Default: the plan's.</summary>
    protected virtual TrafficRoute Route(TStep step, TrafficPlan traffic) => traffic.Route(null);

    /// <summary>How the profile is to be. The same for a profile that is so already.</summary>
    /// <exception cref="RecoveryException">The profile cannot be made so.</exception>
    protected abstract RoutingSettings Wanted(TrafficProfile profile, string target, string failed);

    /// <summary>What was done, in words.</summary>
    protected abstract string Summary(TrafficProfile profile, string target, string failed);

    /// <inheritdoc/>
    protected sealed override async Task<StepCheck> PrecheckAsync(TStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await SeeAsync(step, context, cancellationToken);
        try
        {
            _ = Wanted(step, context, profile);
            return StepCheck.Ok($"{profile.Fqdn} routes by {profile.RoutingMethod} and has both endpoints");
        }
        catch (RecoveryException refusal)
        {
            return StepCheck.Failed(refusal.Code, refusal.Message, refusal.Hint);
        }
    }

    /// <inheritdoc/>
    protected sealed override async Task<StepAttempt> AttemptAsync(TStep step, StepContext context, CancellationToken cancellationToken)
    {
        var route = Route(step, context.Plan.Traffic);
        var profile = await SeeAsync(step, context, cancellationToken);
        var moved = new WorkloadState(step.To, context.Epoch, context.Run.RunId);
        var settings = Wanted(step, context, profile);
        if (!settings.AreOf(profile))
        {
            await claims.TakeAsync(route.Profile, context.Run, cancellationToken);
            await context.EnsureCurrentAsync(cancellationToken);
            var before = await states.ReadAsync(context.Plan.Workload, cancellationToken);
            await states.MoveAsync(context.Plan.Workload, moved with { Arriving = true }, cancellationToken);
            try
            {
                await trafficManager.WriteAsync(profile, settings, cancellationToken);
            }
            catch (RecoveryException refusal) when (!refusal.IsTransient)
            {
                await TakeBackAsync(context, profile, moved, before, cancellationToken);
                throw;
            }

            profile = await ReadAsync(step, context, cancellationToken);
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
        await claims.ReleaseAsync(route.Profile, context.Run, cancellationToken);
        return StepAttempt.Done(
            Summary(profile, route.EndpointOf(step.To), route.EndpointOf(Other(step.To))),
            new Dictionary<string, string> { ["ttlSeconds"] = Runs.RunFacts.Number(profile.TimeToLive) });
    }

    /// <inheritdoc/>
    protected sealed override async Task<StepAttempt> UndoAsync(TStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await ReadAsync(step, context, cancellationToken);
        if (BeforeFacts.Profile(context) is not { } before)
        {
            return StepAttempt.Done($"the step did not begin; {profile.Fqdn} stays as it is");
        }

        var back = BeforeFacts.State(context, Other(step.To));
        if (!before.AreOf(profile))
        {
            if (!Wanted(step, context, profile).AreOf(profile))
            {
                return StepAttempt.Failed(
                    "ProfileChanged",
                    $"The profile '{profile.Id.Name}' is neither as this run found it nor as it wrote it, so somebody else has changed it since.",
                    "Look at the profile's endpoints and move the users by hand.");
            }

            await claims.TakeAsync(profile.Id, context.Run, cancellationToken);
            await context.EnsureCurrentAsync(cancellationToken);
            await states.MoveAsync(context.Plan.Workload, back with { Arriving = true }, cancellationToken);
            await trafficManager.WriteAsync(profile, before, cancellationToken);
            return StepAttempt.Again(
                "ShiftPending",
                $"the profile '{profile.Id.Name}' was written back as it was",
                TimeSpan.FromSeconds(1),
                "See who else writes the profile.");
        }

        // Users that were at the step's target before it began are left there.
        var state = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        if (state.Epoch == context.Epoch
            && (state.Active == step.To || state.IsShared != back.IsShared || state.Arriving)
            && !Wanted(step, context, profile).AreOf(profile))
        {
            await states.MoveAsync(context.Plan.Workload, back, cancellationToken);
        }

        await claims.ReleaseAsync(profile.Id, context.Run, cancellationToken);
        return StepAttempt.Done($"{profile.Fqdn} is as it was before the step");
    }

    private RoutingSettings Wanted(TStep step, StepContext context, TrafficProfile profile) => Wanted(
        profile,
        Route(step, context.Plan.Traffic).EndpointOf(step.To),
        Route(step, context.Plan.Traffic).EndpointOf(Other(step.To)));

    private Task<TrafficProfile> SeeAsync(TStep step, StepContext context, CancellationToken cancellationToken) =>
        context.SeeAsync(Route(step, context.Plan.Traffic).Profile, () => ReadAsync(step, context, cancellationToken));

    private Task<TrafficProfile> ReadAsync(TStep step, StepContext context, CancellationToken cancellationToken) =>
        trafficManager.ReadAsync(Route(step, context.Plan.Traffic).Profile, cancellationToken);

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;

    // A write that was refused moved nobody, if the profile says so too. Otherwise it stays unknown where users are.
    private async Task TakeBackAsync(
        StepContext context, TrafficProfile seen, WorkloadState moved, WorkloadState before, CancellationToken cancellationToken)
    {
        var now = await trafficManager.ReadAsync(seen.Id, cancellationToken);
        if (!before.Arriving && RoutingSettings.Of(seen).AreOf(now))
        {
            await states.ReturnAsync(context.Plan.Workload, moved with { Arriving = true }, before, cancellationToken);
        }
    }
}
