using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>
/// Writes one stage after the other, each when the one before has soaked. Where the ramp stands is a document of the run; every
/// write is refused when the profile is not as the stage before left it.
/// </summary>
internal sealed class RampTrafficRunner(
    ITrafficManager trafficManager, ProfileClaims claims, WorkloadStates states, IOutsideProbe probe, IDocumentStore documents, TimeProvider time)
    : StepRunner<RampTrafficStep>
{
    private const string BeforeFact = "profileBefore";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        return new Dictionary<string, string> { [BeforeFact] = RoutingFact.Write(profile) };
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(RampTrafficStep step, StepContext context, CancellationToken cancellationToken)
    {
        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        try
        {
            WeightRamp.Require(profile, context.Plan.Traffic.EndpointOf(step.To));
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
        var ramp = await ReadAsync(step, context, cancellationToken);
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

        var (finding, summary) = await LookAsync(ramp, cancellationToken);
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
                string.Create(CultureInfo.InvariantCulture, $"{step.Stages[progress.Stage]} % of the users are at '{ramp.Target}' ({summary}); {Remaining(step, next, now)}"),
                TimeSpan.FromTicks(Math.Clamp(step.Soak.Ticks / 4, TimeSpan.TicksPerSecond, LongestPause.Ticks)),
                $"Look at the health of {context.Plan.RegionOf(step.To).Name}.");
    }

    /// <inheritdoc/>
    protected override async Task<StepAttempt> UndoAsync(RampTrafficStep step, StepContext context, CancellationToken cancellationToken)
    {
        if (context.Chosen.GetValueOrDefault(BeforeFact) is null)
        {
            return StepAttempt.Done("the step did not begin; the profile stays as it is");
        }

        var ramp = await ReadAsync(step, context, cancellationToken);
        return await ReturnAsync(ramp, cancellationToken) ?? StepAttempt.Done($"{ramp.Profile.Fqdn} is as it was before the step");
    }

    private static string Key(StepContext context) => FormattableString.Invariant($"runs/{context.Run.RunId}/ramps/{context.Index}");

    private static string Remaining(RampTrafficStep step, RampProgress progress, DateTimeOffset now) => progress switch
    {
        { AbortedBecause: { } why } => $"all go back: {why}",
        { HealthySince: { } since } => FormattableString.Invariant($"{Math.Max(0, (step.Soak - (now - since)).TotalSeconds):0} s of health to go"),
        _ => FormattableString.Invariant($"{step.Stages[progress.Stage]} % come next"),
    };

    private static StepAttempt Changed(Ramp ramp) => StepAttempt.Failed(
        "ProfileChanged",
        $"The profile '{ramp.Profile.Id.Name}' is not as the ramp left it: somebody else has changed it. Nothing more was written.",
        "Find out who writes the profile, then undo the step or finish the ramp by hand.");

    private static StepAttempt Aborted(RampTrafficStep step, RampProgress progress) => StepAttempt.Failed(
        "RampAborted",
        string.Create(
            CultureInfo.InvariantCulture,
            $"All users went back from the stage of {step.Stages[progress.Stage]} %, because {progress.Failures} looks in a row found the region dead: {progress.AbortedBecause}."),
        "Find out why the region is not healthy, and ramp again.");

    private async Task<Ramp> ReadAsync(RampTrafficStep step, StepContext context, CancellationToken cancellationToken)
    {
        var before = RoutingFact.Read(context.Chosen.GetValueOrDefault(BeforeFact)) ?? throw new RecoveryException(
            "JournalUnreadable", $"The step '{step.Name}' has no readable '{BeforeFact}'.", isTransient: false, "Look at the run's journal.");
        if (await documents.ReadAsync<RampProgress>(Key(context), cancellationToken) is not { } progress)
        {
            _ = await documents.TryCreateAsync(Key(context), RampProgress.First, cancellationToken);
            progress = await documents.ReadAsync<RampProgress>(Key(context), cancellationToken) ?? throw new RecoveryException(
                "RampMissing", $"The document '{Key(context)}' is gone.", isTransient: true, "Try again.");
        }

        var profile = await trafficManager.ReadAsync(context.Plan.Traffic.Profile, cancellationToken);
        return new Ramp(step, context, before, profile, progress);
    }

    private async Task<StepAttempt> WriteAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        var (step, context, progress) = (ramp.Step, ramp.Context, ramp.Progress.Value);
        if (!ramp.Wanted.AreOf(ramp.Profile))
        {
            if (!ramp.Previous.AreOf(ramp.Profile))
            {
                return Changed(ramp);
            }

            await claims.TakeAsync(ramp.Profile.Id, context.Run, cancellationToken);
            await context.EnsureCurrentAsync(cancellationToken);
            if (ramp.IsWhole)
            {
                await states.MoveAsync(context.Plan.Workload, ramp.Moved with { Arriving = true }, cancellationToken);
            }

            await trafficManager.WriteAsync(ramp.Profile, ramp.Wanted, cancellationToken);
            return StepAttempt.Again(
                "StagePending",
                FormattableString.Invariant($"{step.Stages[progress.Stage]} % of the users are sent to '{ramp.Target}'"),
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
            FormattableString.Invariant($"{step.Stages[progress.Stage]} % of the users are at '{ramp.Target}'; its health is watched"),
            TimeSpan.FromSeconds(1),
            $"Look at the health of {context.Plan.RegionOf(step.To).Name}.");
    }

    private async Task<(ProbeFinding Finding, string Summary)> LookAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        // Two vantages: Traffic Manager's, from many places, and our own.
        if (string.Equals(ramp.Profile.EndpointNamed(ramp.Target)?.MonitorStatus, "Degraded", StringComparison.OrdinalIgnoreCase))
        {
            return (ProbeFinding.Dead, $"Traffic Manager finds '{ramp.Target}' Degraded");
        }

        var health = ramp.Context.Plan.RegionOf(ramp.Step.To).Health;
        var answer = await probe.GetAsync(health, ramp.Context.Plan.Incidents.ProbeTimeout, cancellationToken);
        return (answer.Finding, $"{health} answered {answer.Summary}");
    }

    private async Task<StepAttempt> EndAsync(Ramp ramp, CancellationToken cancellationToken)
    {
        await claims.ReleaseAsync(ramp.Profile.Id, ramp.Context.Run, cancellationToken);
        var share = ramp.Step.Stages[^1];
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
        var back = ramp.Moved with { Active = Other(ramp.Step.To) };
        var isMoved = state.Epoch == context.Epoch && (state.Active == ramp.Step.To || state.Arriving);
        if (!ramp.Before.AreOf(ramp.Profile))
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

            await trafficManager.WriteAsync(ramp.Profile, ramp.Before, cancellationToken);
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

    /// <summary>What an attempt saw.</summary>
    private sealed record Ramp(
        RampTrafficStep Step, StepContext Context, RoutingSettings Before, TrafficProfile Profile, Stored<RampProgress> Progress)
    {
        public string Target => Context.Plan.Traffic.EndpointOf(Step.To);

        public WorkloadState Moved => new(Step.To, Context.Epoch, Context.Run.RunId);

        /// <summary>Whether the stage moves the last users.</summary>
        public bool IsWhole => Step.Stages[Progress.Value.Stage] == 100;

        public RoutingSettings Wanted => At(Progress.Value.Stage);

        public RoutingSettings Previous => Progress.Value.Stage == 0 ? Before : At(Progress.Value.Stage - 1);

        private RoutingSettings At(int stage) => WeightRamp.At(Before, Target, Step.Stages[stage]);
    }
}
