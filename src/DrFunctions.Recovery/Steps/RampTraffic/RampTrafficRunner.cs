using System.Globalization;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>
/// Writes one stage after the other, each when the one before has soaked. Where the ramp stands is a document of the run; every
/// write is refused when the profile is not as the stage before left it.
/// </summary>
internal sealed class RampTrafficRunner(
    ITrafficManager trafficManager,
    ProfileClaims claims,
    WorkloadStates states,
    IOutsideProbe probe,
    LagSampler lag,
    IDocumentStore documents,
    TimeProvider time) : StepRunner<RampTrafficStep>
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private readonly RampSight _sight = new(probe, lag, time);

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var profile = await ReadProfileAsync((RampTrafficStep)context.Step, context, cancellationToken);
        return BeforeFacts.Write(profile, context.Plan, await states.ReadAsync(context.Plan.Workload, cancellationToken));
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(RampTrafficStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await ReadProfileAsync(step, context, cancellationToken);
        try
        {
            WeightRamp.Require(profile, context.Plan.Traffic.Route(step.Nested).EndpointOf(step.To));
            return StepCheck.Ok($"{profile.Fqdn} routes by {profile.RoutingMethod} and has users to move");
        }
        catch (RecoveryException refusal) when (!refusal.IsTransient)
        {
            return StepCheck.Failed(refusal.Code, refusal.Message, refusal.Hint);
        }
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(RampTrafficStep step, StepContext context, CancellationToken cancellationToken)
    {
        var ramp = await ReadAsync(step, context, isAttempt: true, cancellationToken);
        var progress = ramp.Progress.Value;
        if (progress.AbortedBecause is not null)
        {
            return await ReturnAsync(ramp, cancellationToken) ?? Aborted(step, progress);
        }

        if (progress.HealthySince is null)
        {
            return await WriteAsync(ramp, cancellationToken);
        }

        if (!ramp.Wanted.AreOf(ramp.Profile))
        {
            return Changed(ramp);
        }

        var (finding, summary) = await _sight.LookAsync(ramp, cancellationToken);
        var now = time.GetUtcNow();
        var looked = progress.Looked(finding, summary, step.Failures, now);
        var next = looked.HasSoaked(step.Soak, now) && progress.Stage + 1 < step.Stages.Count ? looked.Next() : looked;
        if (next != progress)
        {
            _ = await documents.TryWriteAsync(Key(context), next, ramp.Progress, cancellationToken);
        }

        return looked.HasSoaked(step.Soak, now) && progress.Stage + 1 == step.Stages.Count
            ? await EndAsync(ramp, cancellationToken)
            : StepAttempt.Again(
                "Soaking",
                string.Create(CultureInfo.InvariantCulture, $"{step.Share(progress.Stage)} % of the users are at '{ramp.Target}' ({summary}); {Remaining(step, next, now)}"),
                TimeSpan.FromTicks(Math.Clamp(step.Soak.Ticks / 4, TimeSpan.TicksPerSecond, LongestPause.Ticks)),
                $"Look at the health of {context.Plan.RegionOf(step.To).Name}.");
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(RampTrafficStep step, StepContext context, CancellationToken cancellationToken)
    {
        if (BeforeFacts.Profile(context) is null)
        {
            return StepAttempt.Done("the step did not begin; the profile stays as it is");
        }

        var ramp = await ReadAsync(step, context, isAttempt: false, cancellationToken);
        return await ReturnAsync(ramp, cancellationToken) ?? StepAttempt.Done($"{ramp.Profile.Fqdn} is as it was before the step");
    }

    private static string Key(StepContext context) => FormattableString.Invariant($"runs/{context.Run.RunId}/ramps/{context.Index}");

    private static string Remaining(RampTrafficStep step, RampProgress progress, DateTimeOffset now) => progress switch
    {
        { AbortedBecause: { } why } => $"all go back: {why}",
        { HealthySince: { } since } => FormattableString.Invariant($"{Math.Max(0, (step.Soak - (now - since)).TotalSeconds):0} s of health to go"),
        _ => FormattableString.Invariant($"{step.Share(progress.Stage)} % come next"),
    };

    private static StepAttempt Changed(Ramp ramp) => StepAttempt.Failed(
        "ProfileChanged",
        $"The profile '{ramp.Profile.Id.Name}' is not as the ramp left it: somebody else has changed it. Nothing more was written.",
        "Find out who writes the profile, then undo the step or finish the ramp by hand.");

    private static StepAttempt Aborted(RampTrafficStep step, RampProgress progress) => StepAttempt.Failed(
        "RampAborted",
        string.Create(
            CultureInfo.InvariantCulture,
            $"All users went back from the stage of {step.Share(progress.Stage)} %, because {progress.Failures} looks in a row found the region dead: {progress.AbortedBecause}."),
        "Find out why the region is not healthy, and ramp again.");

    private async Task<Ramp> ReadAsync(RampTrafficStep step, StepContext context, bool isAttempt, CancellationToken cancellationToken)
    {
        var found = BeforeFacts.Profile(context) ?? throw new RecoveryException(
            "JournalUnreadable", $"The step '{step.Name}' has no readable settings of the profile before it.", isTransient: false, "Look at the run's journal.");
        var target = context.Plan.Traffic.Route(step.Nested).EndpointOf(step.To);
        var progress = await documents.ReadAsync<RampProgress>(Key(context), cancellationToken);
        if (progress is null || (isAttempt && progress.Value.Occasion < context.Occasion))
        {
            // A person had the step begin anew: what came of it before is over.
            var next = progress is null
                ? RampProgress.Begin(context.Occasion, found, found, step.Shares)
                : progress.Value.Again(context.Occasion, found, target, step.Shares);
            _ = await documents.TryWriteAsync(Key(context), next, progress, cancellationToken);
            progress = await documents.ReadAsync<RampProgress>(Key(context), cancellationToken) ?? throw new RecoveryException(
                "RampMissing", $"The document '{Key(context)}' is gone.", isTransient: true, "Try again.");
        }

        return new Ramp(step, context, found, await ReadProfileAsync(step, context, cancellationToken), progress);
    }

    private Task<TrafficProfile> ReadProfileAsync(RampTrafficStep step, StepContext context, CancellationToken cancellationToken) =>
        trafficManager.ReadAsync(context.Plan.Traffic.Route(step.Nested).Profile, cancellationToken);

    private async Task<StepAttempt> WriteAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        var (step, context, progress) = (ramp.Step, ramp.Context, ramp.Progress.Value);
        if (!ramp.Wanted.AreOf(ramp.Profile))
        {
            if (!ramp.Previous.AreOf(ramp.Profile))
            {
                return Changed(ramp);
            }

            if (progress.Stage == 0 && await _sight.LookAsync(ramp, cancellationToken) is { Finding: not ProbeFinding.Healthy } look)
            {
                return StepAttempt.Again(
                    "RegionPending",
                    $"no user is sent to '{ramp.Target}' yet: {look.Summary}",
                    TimeSpan.FromSeconds(5),
                    $"Look at the health of {context.Plan.RegionOf(step.To).Name}.");
            }

            await claims.TakeAsync(ramp.Profile.Id, context.Run, cancellationToken);
            await context.EnsureCurrentAsync(cancellationToken);
            await AnnounceAsync(ramp, cancellationToken);
            await trafficManager.WriteAsync(ramp.Profile, ramp.Wanted, cancellationToken);
            return StepAttempt.Again(
                "StagePending",
                FormattableString.Invariant($"{step.Share(progress.Stage)} % of the users are sent to '{ramp.Target}'"),
                TimeSpan.FromSeconds(1),
                "See who else writes the profile.");
        }

        if (ramp.IsWhole)
        {
            await states.MoveAsync(context.Plan.Workload, ramp.Moved, cancellationToken);
        }

        _ = await documents.TryWriteAsync(Key(context), progress.Written(time.GetUtcNow()), ramp.Progress, cancellationToken);
        return StepAttempt.Again(
            "Soaking",
            FormattableString.Invariant($"{step.Share(progress.Stage)} % of the users are at '{ramp.Target}'; its health is watched"),
            TimeSpan.FromSeconds(1),
            $"Look at the health of {context.Plan.RegionOf(step.To).Name}.");
    }

    // Before the write, so that whatever dies after it, nobody restores over what users write there.
    private async Task AnnounceAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        var workload = ramp.Context.Plan.Workload;
        if (ramp.IsWhole)
        {
            await states.MoveAsync(workload, ramp.Moved with { Arriving = true }, cancellationToken);
        }
        else if (ramp.IsShared)
        {
            var state = await states.ReadAsync(workload, cancellationToken);
            if (!ramp.Context.Plan.IsShared(state))
            {
                await states.MoveAsync(workload, ramp.Moved with { Active = Other(ramp.Step.To), IsShared = true }, cancellationToken);
            }
        }
    }

    private async Task<StepAttempt> EndAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        if (ramp.IsShared)
        {
            // Users are in both regions again: the workload is at home.
            await states.MoveAsync(
                ramp.Context.Plan.Workload, ramp.Moved with { Active = RegionRole.Primary, IsShared = true }, cancellationToken);
        }

        await claims.ReleaseAsync(ramp.Profile.Id, ramp.Context.Run, cancellationToken);
        var share = ramp.Step.Share(ramp.Step.Stages.Count - 1);
        return StepAttempt.Done(
            FormattableString.Invariant($"{share} % of the users of {ramp.Profile.Fqdn} are at '{ramp.Target}', healthy for {ramp.Step.Soak.TotalSeconds:0} s"),
            new Dictionary<string, string>
            {
                ["percent"] = share.ToString(CultureInfo.InvariantCulture),
                ["ttlSeconds"] = Runs.RunFacts.Number(ramp.Profile.TimeToLive),
            });
    }

    // Null once the profile is as it was.
    private async Task<StepAttempt?> ReturnAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        var context = ramp.Context;
        var state = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        var back = BeforeFacts.State(context, Other(ramp.Step.To));
        var isMoved = state.Epoch == context.Epoch && (state.Active == ramp.Step.To || state.IsShared != back.IsShared || state.Arriving);
        if (!ramp.Origin.AreOf(ramp.Profile))
        {
            if (!ramp.Wanted.AreOf(ramp.Profile) && !ramp.Previous.AreOf(ramp.Profile))
            {
                return Changed(ramp);
            }

            await claims.TakeAsync(ramp.Profile.Id, context.Run, cancellationToken);
            await context.EnsureCurrentAsync(cancellationToken);
            if (isMoved)
            {
                await states.MoveAsync(context.Plan.Workload, back with { Arriving = true }, cancellationToken);
            }

            await trafficManager.WriteAsync(ramp.Profile, ramp.Origin, cancellationToken);
            return StepAttempt.Again(
                "ReturnPending", "all users are sent back to where they were", TimeSpan.FromSeconds(1), "See who else writes the profile.");
        }

        if (isMoved)
        {
            await states.MoveAsync(context.Plan.Workload, back, cancellationToken);
        }

        await claims.ReleaseAsync(ramp.Profile.Id, context.Run, cancellationToken);
        return null;
    }

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
