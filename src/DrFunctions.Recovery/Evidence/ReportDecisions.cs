using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Evidence;

/// <summary>What people decided about a run: what they had it do stands in its journal, what they allowed in records of their own.</summary>
internal static class ReportDecisions
{
    private static readonly JournalKind[] Commands =
        [JournalKind.StepRetried, JournalKind.StepSkipped, JournalKind.RunForced, JournalKind.UndoRequested, JournalKind.RunCancelled];

    private static readonly DecisionKind[] Allowances = [DecisionKind.Approve, DecisionKind.Decline, DecisionKind.Override];

    public static IEnumerable<ReportBlock> Of(ReportSources sources)
    {
        yield return new ReportHeading("Decisions of people");
        var decided = sources.Entries
            .Where(entry => Commands.Contains(entry.Kind) && entry.Fact("by") is not null)
            .Select(entry => new Decided(entry.At, entry.Fact("by") ?? "", ReportWords.Of(entry.Kind), entry.Step, entry.Fact("reason") ?? ""))
            .Concat(sources.Decisions
                .Where(decision => Allowances.Contains(decision.Kind))
                .Select(decision => new Decided(
                    decision.At, decision.By.ToString(), ReportWords.Of(decision.Kind) + (decision.Rule is { } rule ? $" of {rule}" : ""), decision.Step, decision.Reason)))
            .OrderBy(one => one.At)
            .ToList();
        yield return decided.Count == 0
            ? new ReportText("None.")
            : new ReportTable(["at", "who", "what", "step", "why"], [.. decided.Select(one => (IReadOnlyList<ReportCell>)
                [
                    new(ReportWords.Time(one.At)),
                    new(one.Who),
                    new(one.What),
                    new(sources.Run.Steps.FirstOrDefault(step => step.Index == one.Step)?.Name ?? "the run"),
                    new(one.Why),
                ])]);
    }

    private sealed record Decided(DateTimeOffset At, string Who, string What, int? Step, string Why);
}
