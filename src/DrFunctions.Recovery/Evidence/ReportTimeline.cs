using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Evidence;

/// <summary>Every entry of the journal as a line.</summary>
internal static class ReportTimeline
{
    // What says most about an entry, most of it first; an entry has few of them.
    private static readonly string[] Told = ["summary", "check", "code", "message", "by", "reason", "state"];

    public static IEnumerable<ReportBlock> Of(ReportSources sources)
    {
        var start = sources.Entries[0].At;
        yield return new ReportHeading("Timeline");
        yield return new ReportTable(["at", "after", "what", "step", "detail"], [.. sources.Entries.Select(entry =>
            (IReadOnlyList<ReportCell>)
            [
                new(ReportWords.Time(entry.At)),
                new(SpanText.Of(entry.At - start)),
                new(ReportWords.Of(entry.Kind)),
                new(sources.Run.Steps.FirstOrDefault(step => step.Index == entry.Step)?.Name ?? ""),
                new(Detail(entry)),
            ])]);
    }

    private static string Detail(JournalEntry entry) => entry.Kind == JournalKind.RunStarted
        ? $"by {entry.Fact("startedBy")}: {entry.Fact("reason")}"
        : string.Join(", ", Told.Where(entry.Facts.ContainsKey).Select(name => entry.Fact(name)));
}
