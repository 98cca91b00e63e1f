using System.Globalization;
using System.Text;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Runs;

/// <summary>A runbook's steps as commands for a person, for the day when nothing else works. Pure.</summary>
public static class ManualSteps
{
    /// <summary>Writes the commands of a POSIX shell; what is done is named, and commented out.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runbook">One of its runbooks.</param>
    /// <param name="run">The run whose remaining steps are wanted; null for all steps.</param>
    public static string Of(WorkloadPlan plan, Runbook runbook, RunProgress? run)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(runbook);
        var text = new StringBuilder();
        Line(text, $"# {runbook.Name} of {plan.Workload}{(run is null ? "" : $", run {run.RunId} ({run.State.ToString().ToLowerInvariant()})")}");
        Line(text, "# Step by step: read what each command answers before the next one. Make sure that the app is not doing the same.");
        for (var index = 0; index < runbook.Steps.Count; index++)
        {
            var step = runbook.Steps[index];
            var kind = StepKindCatalog.Of(step);
            var progress = run?.Steps[index];
            var isDone = progress?.IsPassed == true;
            Line(text, "");
            Line(text, string.Create(CultureInfo.InvariantCulture, $"# {index + 1}. {step.Name}: {kind.Describe(step, plan)}"));
            if (progress is not null)
            {
                Line(text, $"#    {progress.State.ToString().ToLowerInvariant()}{(progress.Error is { } error ? $": {error.Code}: {error.Message}" : "")}");
            }

            foreach (var command in kind.AzCommands(step, plan))
            {
                Line(text, isDone ? $"# {command}" : command);
            }
        }

        return text.ToString();
    }

    // A line break in a message must not become a command.
    private static void Line(StringBuilder text, string line) =>
        text.Append(line.Replace('\r', ' ').Replace('\n', ' ')).Append('\n');
}
