using System.Globalization;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Tests.Journal;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

/// <summary>
/// Journals and decisions as words, for tables. Steps: a kind letter (f fence, r restore, s startWebApp, t shiftTraffic, p prove), then
/// '!' for a point of no return, '?' for one whose precheck alone is run, and a digit for its group. Entries: started, checked, done,
/// failed, retry, skip, undoing, undone, stuck, each with the step's index behind it, and pause, force, undo, cleanup, cancel, preempt,
/// leave, end.
/// </summary>
internal static class Story
{
    public static readonly TimeSpan PauseLimit = TimeSpan.FromHours(1);

    public static RunProgress Of(string steps, string entries, RunMode mode = RunMode.Unplanned, bool ends = false) => RunProgress.Of(
        Samples.Chain([Start(steps.Split(' '), mode, ends), .. entries.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Entry)]));

    public static string Of(RunDecision decision) => decision switch
    {
        RunDecision.Attempt attempt => $"attempt {string.Join(',', attempt.Steps)}",
        RunDecision.Undo undo => $"undo {undo.Step}",
        RunDecision.Wait => "wait",
        RunDecision.Record { Draft: { Kind: JournalKind.RunEnded } end } => $"end {end.Facts["state"]}{(end.Facts.TryGetValue("kept", out var kept) ? $": {kept}" : "")}",
        RunDecision.Record { Draft: { Kind: JournalKind.RunPaused } pause } => $"pause {pause.Facts["code"]} {pause.Step}".TrimEnd(),
        RunDecision.Record record => $"record {record.Draft.Kind} {record.Draft.Step} {record.Draft.Facts.GetValueOrDefault("code")}".TrimEnd(),
        _ => "done",
    };

    private static JournalEntry Start(string[] steps, RunMode mode, bool ends)
    {
        var facts = new List<(string, string)>
        {
            ("workload", "shop"), ("runbook", "failover"), ("mode", $"{mode}"), ("planVersion", "v1"), ("epoch", "1"), ("startedBy", "ops"),
            ("reason", "why"), ("detectedAt", "2026-03-01T02:59:30.0000000+00:00"), ("rpoSeconds", "900"), ("rtoSeconds", "3600"),
            ("stores", "files"), ("pauseLimitSeconds", "3600"), ("steps", steps.Length.ToString(CultureInfo.InvariantCulture)),
        };
        if (ends)
        {
            facts.Add(("onFailure", "end"));
        }

        for (var index = 0; index < steps.Length; index++)
        {
            var (kind, effect) = steps[index][0] switch
            {
                'f' => ("fence", "Reversible"),
                'r' => ("restore", "Irreversible"),
                's' => ("startWebApp", "Reversible"),
                't' => ("shiftTraffic", "Reversible"),
                _ => ("prove", "ReadOnly"),
            };
            var step = $"step{index:D2}";
            facts.AddRange([($"{step}.name", $"{kind}{index}"), ($"{step}.kind", kind), ($"{step}.effect", effect), ($"{step}.timeoutSeconds", "600")]);
            facts.AddRange(steps[index].Contains('!', StringComparison.Ordinal) ? [($"{step}.pointOfNoReturn", "true")] : []);
            facts.AddRange(steps[index].Contains('?', StringComparison.Ordinal) ? [($"{step}.checksOnly", "true")] : []);
            facts.AddRange(char.IsDigit(steps[index][^1]) ? [($"{step}.group", $"{steps[index][^1]}")] : []);
        }

        return Samples.Draft(0, JournalKind.RunStarted, null, [.. facts]);
    }

    private static JournalEntry Entry(string word)
    {
        var step = char.IsDigit(word[^1]) ? word[^1] - '0' : (int?)null;
        var (kind, facts) = word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') switch
        {
            "started" => (JournalKind.StepStarted, Facts()),
            "checked" => (JournalKind.StepChecked, Facts(("check", "fine"))),
            "done" => (JournalKind.StepCompleted, Facts(("summary", "did it"))),
            "failed" => (JournalKind.StepFailed, Facts(("code", "Broken"), ("message", "it broke"), ("hint", "mend it"))),
            "retry" => (JournalKind.StepRetried, Facts(("by", "ada"), ("reason", "mended"))),
            "skip" => (JournalKind.StepSkipped, Facts(("by", "ada"), ("reason", "done by hand"))),
            "pause" => (JournalKind.RunPaused, Facts(("code", "Broken"), ("message", "it broke"), ("until", Until()))),
            "force" => (JournalKind.RunForced, Facts(("by", "ada"), ("reason", "gone for good"))),
            "undo" => (JournalKind.UndoRequested, Facts(("by", "ada"), ("reason", "wrong way"))),
            "cleanup" => (JournalKind.UndoRequested, Facts(("by", "the drill"), ("reason", "its steps are done"), ("to", "end"))),
            "cancel" => (JournalKind.RunCancelled, Facts(("by", "ada"), ("reason", "false alarm"))),
            "preempt" => (JournalKind.RunPreempted, Facts(("by", "shop-run-2"), ("reason", "the region is lost"), ("until", Until()))),
            "leave" => (JournalKind.RunPreempted, Facts(("by", "shop-run-2"), ("reason", "the region is lost"), ("until", Until()), ("leaves", "same way"))),
            "undoing" => (JournalKind.UndoStarted, Facts()),
            "undone" => (JournalKind.UndoCompleted, Facts(("summary", "took it back"))),
            "stuck" => (JournalKind.UndoFailed, Facts(("code", "Stuck"), ("message", "it holds"), ("hint", "pull"))),
            "end" => (JournalKind.RunEnded, Facts(("state", "Cancelled"))),
            _ => throw new ArgumentOutOfRangeException(nameof(word), word, "Not a word of stories."),
        };
        return Samples.Draft(1, kind, step, facts);
    }

    private static (string, string)[] Facts(params (string, string)[] facts) => facts;

    private static string Until() => (MovableClock.Start + PauseLimit).ToString("O", CultureInfo.InvariantCulture);
}
