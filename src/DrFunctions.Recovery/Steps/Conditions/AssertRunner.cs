using System.Globalization;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Conditions;

/// <summary>Looks at each condition. What is unknown is looked at again until the timeout, and never taken for good.</summary>
internal sealed class AssertRunner(
    IOutsideProbe probe, WorkloadStates states, IStoreRestore restore, ITrafficManager trafficManager, TimeProvider time) : StepRunner<AssertStep>
{
    private const string Hint = "See what changed; then retry the step, or skip it by name and reason.";

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(AssertStep step, StepContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var condition in step.Conditions)
        {
            findings.Add(await LookAsync(condition, context, cancellationToken));
        }

        var summary = string.Join("; ", findings.Select(finding => finding.Text));
        return findings.Exists(finding => finding.Holds == false) ? StepAttempt.Failed("AssertionFailed", summary, Hint)
            : findings.Exists(finding => finding.Holds is null) ? StepAttempt.Again("AssertionUnknown", summary, TimeSpan.FromSeconds(2), Hint)
            : StepAttempt.Done(summary);
    }

    private async Task<Finding> LookAsync(Condition condition, StepContext context, CancellationToken cancellationToken)
    {
        var (plan, wanted) = (context.Plan, ConditionText.Of(condition, context.Plan));
        switch (condition)
        {
            case Condition.Green green:
                var well = await probe.GetAsync(plan.RegionOf(green.Region).Health, plan.Incidents.ProbeTimeout, cancellationToken);
                return new Finding(IsAs(ProbeFinding.Healthy, well), wanted, well.Summary);
            case Condition.Red red:
                var dead = await probe.GetAsync(plan.RegionOf(red.Region).Health, plan.Incidents.ProbeTimeout, cancellationToken);
                return new Finding(IsAs(ProbeFinding.Dead, dead), wanted, dead.Summary);
            case Condition.ActiveIn active:
                var state = await states.ReadAsync(plan.Workload, cancellationToken);
                return new Finding(
                    plan.HasUsersIn(active.Region, state) && !state.Arriving,
                    wanted,
                    state.Arriving ? $"users are moving to {plan.RegionOf(state.Active).Name}"
                        : plan.IsShared(state) ? $"{plan.Primary.Name} and {plan.Secondary.Name}"
                        : plan.RegionOf(state.Active).Name);
            case Condition.RestorePointAge point:
                var store = plan.ContainerNamed(point.Store) ?? throw new ArgumentException($"The plan has no container store '{point.Store}'.", nameof(condition));
                var newest = (await restore.FindNewestAsync(plan, store, point.Region, cancellationToken)).Newest;
                return newest is null
                    ? new Finding(false, wanted, "no complete snapshot")
                    : new Finding(time.GetUtcNow() - newest.At <= point.AtMost, wanted, newest.At.ToString("O", CultureInfo.InvariantCulture));
            case Condition.Endpoint endpoint:
                var profile = await trafficManager.ReadAsync(plan.Traffic.Profile, cancellationToken);
                var found = profile.EndpointNamed(plan.Traffic.EndpointOf(endpoint.Region));
                return new Finding(found?.Enabled == endpoint.IsEnabled, wanted, found is null ? "no such endpoint" : found.Enabled ? "enabled" : "disabled");
            default:
                throw new ArgumentOutOfRangeException(nameof(condition), condition, "This condition is not looked at yet.");
        }
    }

    private static bool? IsAs(ProbeFinding expected, ProbeResult result) =>
        result.Finding == ProbeFinding.Unknown ? null : result.Finding == expected;

    private sealed record Finding(bool? Holds, string Wanted, string Found)
    {
        public string Text => $"{(Holds switch { true => "holds", false => "does not hold", _ => "unknown" })}: {Wanted} (found: {Found})";
    }
}
