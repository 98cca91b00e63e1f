using System.Globalization;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Evidence;

/// <summary>What people read of a run: what was asked, decided, done, reached and found. Pure.</summary>
public static class RunReport
{
    /// <summary>Makes the report, of a run that goes on, too.</summary>
    public static ReportDocument Of(ReportSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var run = sources.Run;
        return new ReportDocument(
            $"{run.Runbook} of {run.Workload}: {ReportWords.Of(run.State)}",
            [
                new ReportText(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Run {run.RunId}, {ReportWords.Of(run.Mode)}, epoch {run.Epoch}, plan {run.PlanVersion}.")),
                new ReportText($"Started {ReportWords.Time(run.StartedAt)} by {run.StartedBy}: {run.Reason}"),
                new ReportText(run.EndedAt is null ? "It has not ended." : $"Ended {ReportWords.Time(run.EndedAt)}, after {ReportWords.Span(run.EndedAt - run.StartedAt)}."),
                .. Objectives(run),
                .. Findings(sources),
                .. Verdict(sources),
                .. ReportDecisions.Of(sources),
                .. Steps(sources),
                .. ReportTimeline.Of(sources),
                .. Evidence(sources.Evidence),
            ]);
    }

    private static IEnumerable<ReportBlock> Objectives(RunView run) =>
    [
        new ReportTable(["objective", "target", "attained", "verdict"],
        [
            [new("RTO: from the first sign of the loss to the proof"), new(ReportWords.Seconds(run.Objectives.RtoSeconds)), new(ReportWords.Seconds(run.Attained.RtoSeconds)), ReportWords.Cell(run.Attained.Rto)],
            [new("RPO: from the restore point to the fence"), new(ReportWords.Seconds(run.Objectives.RpoSeconds)), new(ReportWords.Seconds(run.Attained.RpoSeconds)), ReportWords.Cell(run.Attained.Rpo)],
        ]),
        new ReportText($"First sign of the loss {ReportWords.Time(run.Attained.DetectedAt)}, restore point {ReportWords.Time(run.Attained.RestorePoint)}"
            + $"{(run.Attained.WorstStore is { } worst ? $"; the RPO is that of '{worst}'" : "")}."),
        new ReportTable(["store", "restore point", "lost at most", "verdict"], [.. run.Attained.Stores.Select(store =>
            (IReadOnlyList<ReportCell>)[new(store.Store), new(ReportWords.Time(store.RestorePoint)), new(ReportWords.Seconds(store.RpoSeconds)), ReportWords.Cell(store.Rpo)])]),
    ];

    private static IEnumerable<ReportBlock> Findings(ReportSources sources)
    {
        var findings = ReportFindings.Of(sources);
        yield return new ReportHeading("Findings");
        yield return findings.Count == 0
            ? new ReportText("None.", ReportTone.Good)
            : new ReportTable(["finding", "what", "next"], [.. findings.Select(finding => (IReadOnlyList<ReportCell>)[new(finding.Code, finding.Tone), new(finding.Message), new(finding.Next)])]);
    }

    private static IEnumerable<ReportBlock> Verdict(ReportSources sources)
    {
        yield return new ReportHeading("Verdict at the start");
        if (sources.Incident is not { Verdict: { } verdict } incident)
        {
            yield return new ReportText("Started without an incident: no rules were judged.");
            yield break;
        }

        yield return new ReportText($"Incident {incident.Id}, {incident.Signals.Count} signals, verdict {ReportWords.Of(verdict.Decision)} at {ReportWords.Time(incident.VerdictAt)}.");
        yield return new ReportTable(["rule", "passed", "found", "expected"], [.. verdict.Rules.Select(rule =>
            (IReadOnlyList<ReportCell>)[new(rule.Name), new(rule.Passed ? "yes" : "no", rule.Passed ? ReportTone.Good : ReportTone.Bad), new(rule.Found), new(rule.Expected)])]);
    }

    private static IEnumerable<ReportBlock> Steps(ReportSources sources)
    {
        yield return new ReportHeading("Steps");
        yield return new ReportTable(
            ["step", "kind", "began", "took", "expected", "state", "what"],
            [.. sources.Run.Steps.Select(step => (IReadOnlyList<ReportCell>)
            [
                new(step.Name),
                new(step.Kind),
                new(ReportWords.Time(step.StartedAt)),
                new(ReportWords.Span(step.EndedAt - step.StartedAt), ReportTone.Plain, Bar(sources.Run, step)),
                new(sources.Estimates.TryGetValue(step.Name, out var estimate)
                    ? SpanText.Of(estimate.Expected) + (estimate.Runs > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({estimate.Runs} runs)") : "")
                    : "unknown"),
                ReportWords.Cell(step.State),
                new(step.Error is { } error ? $"{error.Code}: {error.Message} {error.Hint}" : step.Summary ?? ""),
            ])]);
    }

    private static IEnumerable<ReportBlock> Evidence(EvidenceFinding evidence) =>
    [
        new ReportHeading("Evidence"),
        new ReportText(
            $"{(evidence.IsIntact ? "Intact" : "NOT INTACT")}: {evidence.Detail}.", evidence.IsIntact ? ReportTone.Good : ReportTone.Bad),
        .. evidence.IsIntact
            ? [evidence.Anchored.Count > 0
                ? new ReportText($"Its last hash is anchored: {string.Join(", ", evidence.Anchored)}.")
                : new ReportText("Its last hash is anchored nowhere: a chain replaced as a whole would not be seen.", ReportTone.Doubtful)]
            : Array.Empty<ReportBlock>(),
        .. evidence.Notes.Select(note => new ReportText($"{note}.", ReportTone.Doubtful)),
    ];

    private static ReportBar? Bar(RunView run, StepView step)
    {
        var end = run.EndedAt ?? run.Steps.Max(one => one.EndedAt ?? one.StartedAt);
        if (step is not { StartedAt: { } began, EndedAt: { } ended } || end is not { } last || last <= run.StartedAt)
        {
            return null;
        }

        var whole = last - run.StartedAt;
        return new ReportBar(Math.Clamp((began - run.StartedAt) / whole, 0, 1), Math.Clamp((ended - began) / whole, 0, 1));
    }
}
