using System.Globalization;
using System.Text;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Evidence;

/// <summary>A run's journal as a report that people read.</summary>
public static class RunReport
{
    /// <summary>Writes the report as Markdown.</summary>
    /// <param name="entries">A journal from its first entry on.</param>
    public static string Markdown(IReadOnlyList<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var run = RunViews.Of(entries);
        var check = EvidenceChain.Verify(entries);
        var text = new StringBuilder();
        Line(text, $"# {Cell(run.Runbook)} of {Cell(run.Workload)}: {run.State.ToString().ToLowerInvariant()}");
        Line(text, "");
        Line(text, $"Run {Cell(run.RunId)}, {run.Mode.ToString().ToLowerInvariant()}, epoch {run.Epoch}, plan {Cell(run.PlanVersion)}.");
        Line(text, $"Started {Time(run.StartedAt)} by {Cell(run.StartedBy)}: {Cell(run.Reason)}");
        Line(text, "");
        Line(text, "| objective | target | attained | verdict |");
        Line(text, "|---|---|---|---|");
        Line(text, $"| RTO: from the first sign of the loss to the proof | {Span(run.Objectives.RtoSeconds)} | {Span(run.Attained.RtoSeconds)} | {Word(run.Attained.Rto)} |");
        Line(text, $"| RPO: from the restore point to the fence | {Span(run.Objectives.RpoSeconds)} | {Span(run.Attained.RpoSeconds)} | {Word(run.Attained.Rpo)} |");
        Line(text, "");
        Line(text, $"First sign of the loss {Time(run.Attained.DetectedAt)}, restore point {Time(run.Attained.RestorePoint)}.");
        Line(text, "");
        Line(text, "| step | began | took | state | what |");
        Line(text, "|---|---|---|---|---|");
        foreach (var step in run.Steps)
        {
            var took = (step.EndedAt - step.StartedAt)?.TotalSeconds;
            var what = step.Error is { } error ? $"{error.Code}: {error.Message} {error.Hint}" : step.Summary ?? "";
            Line(text, $"| {Cell(step.Name)} | {Time(step.StartedAt)} | {Span(took)} | {step.State.ToString().ToLowerInvariant()} | {Cell(what)} |");
        }

        Line(text, "");
        Line(text, $"Evidence: {(check.IsIntact ? "intact" : "NOT INTACT")}, {Cell(check.Detail)}.");
        if (run.Steps.FirstOrDefault(step => step.Error is not null)?.Error is { } failure)
        {
            Line(text, "");
            Line(text, $"Next: {Cell(failure.Hint)}");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    // Reasons and names come from people and alerts: they must not break the table or smuggle markup into it.
    private static string Cell(string text)
    {
        var cell = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '<' => cell.Append("&lt;"),
                '\\' or '|' or '`' or '[' or ']' => cell.Append('\\').Append(character),
                _ => cell.Append(char.IsControl(character) ? ' ' : character),
            };
        }

        return cell.ToString();
    }

    private static string Time(DateTimeOffset? time) => time is { } value
        ? value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : "unknown";

    private static string Span(double? seconds) => seconds is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0} s")
        : "unknown";

    private static string Word(ObjectiveVerdict verdict) => verdict.ToString().ToLowerInvariant();
}
