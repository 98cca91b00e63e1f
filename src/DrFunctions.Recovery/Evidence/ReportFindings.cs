using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Evidence;

/// <summary>What is worth a person's attention after a run. Codes are stable.</summary>
internal static class ReportFindings
{
    // A step within its estimate and as much again is within what clouds do from day to day.
    private const int Slow = 2;

    public static IReadOnlyList<ReportFinding> Of(ReportSources sources) =>
        [.. Objectives(sources.Run), .. sources.Run.Steps.SelectMany(step => Step(sources, step)), .. Evidence(sources)];

    private static IEnumerable<ReportFinding> Objectives(RunView run)
    {
        var store = run.Attained.WorstStore is { } worst ? $" Store: {worst}." : "";
        foreach (var (name, verdict, attained, target, whose) in new[]
        {
            ("Rto", run.Attained.Rto, run.Attained.RtoSeconds, run.Objectives.RtoSeconds, ""),
            ("Rpo", run.Attained.Rpo, run.Attained.RpoSeconds, run.Objectives.RpoSeconds, store),
        })
        {
            if (verdict == ObjectiveVerdict.Breached)
            {
                yield return new ReportFinding(
                    $"{name}Breached", ReportTone.Bad, $"{ReportWords.Seconds(attained)}, expected at most {ReportWords.Seconds(target)}.{whose}", "Hold the plan against its objectives: dr plan advise.");
            }
            else if (verdict == ObjectiveVerdict.Unknown && run.EndedAt is not null)
            {
                yield return new ReportFinding(
                    $"{name}Unknown", ReportTone.Doubtful, $"The run does not show it: a proof, a fence or a restore is missing, or did not end well.{whose}", "Find out by hand, and add the missing step to the runbook.");
            }
        }
    }

    private static IEnumerable<ReportFinding> Step(ReportSources sources, StepView step)
    {
        if (step.Error is { } error)
        {
            yield return new ReportFinding("StepFailed", ReportTone.Bad, $"{step.Name}: {error.Code}: {error.Message}", error.Hint);
        }
        else if (step.State == StepState.Skipped)
        {
            yield return new ReportFinding("StepSkipped", ReportTone.Doubtful, $"{step.Name}: {step.Summary}", "Do by hand what it would have done, or say why not.");
        }

        if (sources.Estimates.TryGetValue(step.Name, out var estimate) && step.EndedAt - step.StartedAt is { } took && took > estimate.Expected * Slow && took - estimate.Expected > TimeSpan.FromSeconds(5))
        {
            yield return new ReportFinding(
                "StepSlow", ReportTone.Doubtful, $"{step.Name} took {SpanText.Of(took)}, expected {SpanText.Of(estimate.Expected)}.", "Find out why before it is needed again.");
        }
    }

    private static IEnumerable<ReportFinding> Evidence(ReportSources sources)
    {
        if (!sources.Evidence.IsIntact && sources.Run.EndedAt is not null)
        {
            yield return new ReportFinding(
                "EvidenceBroken", ReportTone.Bad, $"{sources.Evidence.Detail}.", $"Compare the regions: dr report verify {sources.Run.RunId}.");
        }
    }
}

/// <summary>One finding of a report.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Tone">How it weighs.</param>
/// <param name="Message">What was found and expected.</param>
/// <param name="Next">What to do.</param>
internal sealed record ReportFinding(string Code, ReportTone Tone, string Message, string Next);
