using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ReturnPlaces;

/// <summary>
/// Gives places back with one write. That users may be in both regions is recorded before: whatever dies in between, nobody restores
/// over what they write.
/// </summary>
internal sealed class ReturnPlacesRunner(ITrafficManager trafficManager, ProfileClaims claims, WorkloadStates states) : StepRunner<ReturnPlacesStep>
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        return BeforeFacts.Write(profile, context.Plan, await states.ReadAsync(context.Plan.Workload, cancellationToken));
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(ReturnPlacesStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        try
        {
            _ = Wanted(step, context, profile);
            return StepCheck.Ok($"{profile.Fqdn} routes by {profile.RoutingMethod} and every endpoint keeps a place");
        }
        catch (RecoveryException refusal) when (!refusal.IsTransient)
        {
            return StepCheck.Failed(refusal.Code, refusal.Message, refusal.Hint);
        }
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(ReturnPlacesStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        var wanted = Wanted(step, context, profile);
        var isShared = context.Plan.Strategy == Strategy.ActiveActive;
        if (!wanted.AreOf(profile))
        {
            await claims.TakeAsync(profile.Id, context.Run, cancellationToken);
            await context.EnsureCurrentAsync(cancellationToken);
            if (isShared && !context.Plan.IsShared(await states.ReadAsync(context.Plan.Workload, cancellationToken)))
            {
                await states.MoveAsync(context.Plan.Workload, Shared(context, Other(step.To)), cancellationToken);
            }

            await trafficManager.WriteAsync(profile, wanted, cancellationToken);
            return StepAttempt.Again(
                "ReturnPending", $"{string.Join(", ", step.Places)} are led to '{context.Plan.Traffic.EndpointOf(step.To)}'", TimeSpan.FromSeconds(1),
                "See who else writes the profile.");
        }

        if (isShared)
        {
            await states.MoveAsync(context.Plan.Workload, Shared(context, RegionRole.Primary), cancellationToken);
        }

        await claims.ReleaseAsync(profile.Id, context.Run, cancellationToken);
        return StepAttempt.Done(
            $"{profile.Fqdn} leads {string.Join(", ", step.Places)} to '{context.Plan.Traffic.EndpointOf(step.To)}'",
            new Dictionary<string, string> { ["ttlSeconds"] = Runs.RunFacts.Number(profile.TimeToLive) });
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(ReturnPlacesStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        if (BeforeFacts.Profile(context) is not { } before)
        {
            return StepAttempt.Done($"the step did not begin; {profile.Fqdn} stays as it is");
        }

        if (!before.AreOf(profile))
        {
            if (!Wanted(step, context, profile).AreOf(profile))
            {
                return StepAttempt.Failed(
                    "ProfileChanged",
                    $"The profile '{profile.Id.Name}' is neither as this run found it nor as it wrote it, so somebody else has changed it since.",
                    "Look at the profile's endpoints and give the places back by hand.");
            }

            await claims.TakeAsync(profile.Id, context.Run, cancellationToken);
            await context.EnsureCurrentAsync(cancellationToken);
            await trafficManager.WriteAsync(profile, before, cancellationToken);
            return StepAttempt.Again(
                "ReturnPending", $"the profile '{profile.Id.Name}' was written back as it was", TimeSpan.FromSeconds(1), "See who else writes the profile.");
        }

        // Only once nobody is led there any more.
        var back = BeforeFacts.State(context, Other(step.To));
        var state = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        if (state.Epoch == context.Epoch && state.IsShared != back.IsShared)
        {
            await states.MoveAsync(context.Plan.Workload, back, cancellationToken);
        }

        await claims.ReleaseAsync(profile.Id, context.Run, cancellationToken);
        return StepAttempt.Done($"{profile.Fqdn} is as it was before the step");
    }

    private static RoutingSettings Wanted(ReturnPlacesStep step, StepContext context, TrafficProfile profile) =>
        GeographicRemap.GiveBack(profile, context.Plan.Traffic.EndpointOf(step.To), step.Places);

    private static WorkloadState Shared(StepContext context, RegionRole active) =>
        new(active, context.Epoch, context.Run.RunId) { IsShared = true };

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
