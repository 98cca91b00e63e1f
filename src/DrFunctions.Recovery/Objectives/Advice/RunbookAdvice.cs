using DrFunctions.Recovery.Estimates;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Advice;

/// <summary>Findings about runbooks.</summary>
internal static class RunbookAdvice
{
    private const string Shorten = "Shorten the longest steps, run steps side by side, or choose a strategy that leaves less to do.";

    /// <summary>How long a runbook is expected to take, from the first sign of a loss when an alert may start it.</summary>
    public static RunbookTime TimeOf(WorkloadPlan plan, Runbook runbook, PlanMeasurements measured)
    {
        var before = plan.Incidents.Runbook == runbook.Name ? plan.Incidents.Dwell : TimeSpan.Zero;
        var steps = runbook.Steps
            .Select(step => (Step: step, Measured: measured.StepTime.TryGetValue((runbook.Name, step.Name), out var time) ? time : (TimeSpan?)null))
            .ToList();
        return new RunbookTime(
            runbook.Name,
            before + RunbookEstimates.Sum(steps.Select(one => (one.Step.Group, one.Measured ?? TimeSpan.Zero))),
            before + RunbookEstimates.Sum(steps.Select(one => (one.Step.Group, one.Measured ?? Usual(one.Step, plan)))),
            [.. steps.Where(one => one.Measured is null).Select(one => one.Step.Name)]);
    }

    public static IEnumerable<AdviceFinding> Of(WorkloadPlan plan, Runbook runbook, RunbookTime time)
    {
        var path = $"runbooks.{runbook.Name}";
        var rto = plan.Objectives.Rto;
        if (time.Known > rto)
        {
            yield return new AdviceFinding(
                AdviceCodes.RunbookAboveRto, AdviceKind.FallsShort, path,
                $"'{runbook.Name}' is expected to take {SpanText.Of(time.Known)}{(time.Unknown.Count > 0 ? " without the steps that were not measured" : "")}, expected at most the RTO, {SpanText.Of(rto)}.",
                Shorten);
        }
        else if (time.Expected > rto)
        {
            yield return new AdviceFinding(
                AdviceCodes.RunbookAboveRto, AdviceKind.Unknown, path,
                $"'{runbook.Name}' may take {SpanText.Of(time.Expected)}: {time.Unknown.Count} of {runbook.Steps.Count} steps were not measured, and count as their kinds usually take. Expected at most the RTO, {SpanText.Of(rto)}.",
                $"Measure it with a drill of '{runbook.Name}'. {Shorten}");
        }

        for (var index = 0; index < runbook.Steps.Count; index++)
        {
            var step = runbook.Steps[index];
            if (time.Unknown.Contains(step.Name))
            {
                yield return new AdviceFinding(
                    AdviceCodes.StepTimeUnknown, AdviceKind.Unknown, $"{path}[{index}]",
                    $"How long '{step.Name}' takes is not known: no run of '{runbook.Name}' measured it. Such a step usually takes {SpanText.Of(Usual(step, plan))}; {SpanText.Of(Positive(rto - time.Known))} of the RTO is left.",
                    $"Run '{runbook.Name}' once as a drill, then advise on the applied plan.");
            }

            if (step.Timeout > rto)
            {
                yield return new AdviceFinding(
                    AdviceCodes.TimeoutAboveRto, AdviceKind.Note, $"{path}[{index}].timeout",
                    $"'{step.Name}' may take {SpanText.Of(step.Timeout)} before anyone is told, expected less than the RTO, {SpanText.Of(rto)}.",
                    "Shorten the timeout to what the step may take.");
            }
        }

        if (runbook.Steps.OfType<IMovesUsers>().LastOrDefault() is not { } shift)
        {
            yield break;
        }

        if (!runbook.Steps.OfType<IProvesRegion>().Any())
        {
            yield return new AdviceFinding(
                AdviceCodes.RunbookUnproven, AdviceKind.Unknown, path,
                $"'{runbook.Name}' moves users and never proves that they arrive, so the RTO it attains stays unknown.",
                $"Add a step at its end: prove: {{ region: {shift.To.ToString().ToLowerInvariant()} }}.");
        }

        foreach (var store in plan.Stores)
        {
            if (Missing(store, runbook, shift.To) is { } step)
            {
                yield return new AdviceFinding(
                    AdviceCodes.StoreLeftBehind, AdviceKind.Unknown, path,
                    $"'{runbook.Name}' moves users and does not bring '{store.Name}' with them, so the RPO it attains stays unknown.",
                    $"Add a step before users are moved: {step}.");
            }
        }
    }

    // The step that would bring the store along; null when there is one.
    private static string? Missing(DataStore store, Runbook runbook, RegionRole to)
    {
        var region = to.ToString().ToLowerInvariant();
        return store switch
        {
            ContainerStore container when !IsRestored(container) && !(container.AccountIn(Other(to)) is { } account && IsPromoted(account)) =>
                $"restore: {{ store: {store.Name}, region: {region} }}",
            PostgresStore postgres when !IsPromoted(postgres.In(to)) => $"promotePostgres: {{ region: {region}, server: {postgres.In(to)} }}",
            SqlGroupStore group when !IsPromoted(group.In(to)) => $"failoverSqlGroup: {{ region: {region}, group: {group.In(to)} }}",
            _ => null,
        };

        bool IsRestored(ContainerStore container) => runbook.Steps.OfType<IRestoresStore>().Any(step => step.Store == container.Name);

        bool IsPromoted(ResourceId id) => runbook.Steps.OfType<IPromotesRegion>().Any(step => step.Promoted == id && step.Region == to);
    }

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;

    private static TimeSpan Usual(RunbookStep step, WorkloadPlan plan) => StepKindCatalog.Of(step).Estimate(step, plan);

    private static TimeSpan Positive(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
