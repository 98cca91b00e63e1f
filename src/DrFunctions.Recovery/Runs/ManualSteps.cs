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
        Comment(text, $"{runbook.Name} of {plan.Workload}{(run is null ? "" : $", run {run.RunId} ({run.State.ToString().ToLowerInvariant()})")}");
        Comment(text, "Step by step: read what each command answers before the next one. Make sure that the app is not doing the same.");
        for (var index = 0; index < runbook.Steps.Count; index++)
        {
            var step = runbook.Steps[index];
            var kind = StepKindCatalog.Of(step);
            var progress = run?.Steps[index];
            text.Append('\n');
            Comment(text, string.Create(CultureInfo.InvariantCulture, $"{index + 1}. {step.Name}: {kind.Describe(step, plan)}"));
            if (progress is not null)
            {
                Comment(text, $"   {progress.State.ToString().ToLowerInvariant()}{(progress.Error is { } error ? $": {error.Code}: {error.Message}" : "")}");
            }

            foreach (var command in kind.AzCommands(step, plan))
            {
                Command(text, command, isDone: progress?.IsPassed == true);
            }
        }

        return text.ToString();
    }

    private static void Comment(StringBuilder text, string line) => text.Append(ShellWord.Comment(line)).Append('\n');

    // Line breaks of a command stand in its quotes, and arrive as they were written.
    private static void Command(StringBuilder text, string command, bool isDone)
    {
        if (command.Contains('\0', StringComparison.Ordinal))
        {
            Comment(text, "No shell can pass on what this step sends, because there is a NUL character in it: do it with another tool.");
            return;
        }

        text.Append(isDone ? $"# {command.Replace("\n", "\n# ", StringComparison.Ordinal)}" : command).Append('\n');
    }
}
