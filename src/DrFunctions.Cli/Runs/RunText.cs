using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Runs;
using Spectre.Console;

namespace DrFunctions.Cli.Runs;

/// <summary>A run as people read it.</summary>
internal static class RunText
{
    /// <summary>Writes the whole run.</summary>
    public static void Show(RunView run, Output output)
    {
        output.Say($"[bold]{Output.Text(run.Runbook)} of {Output.Text(run.Workload)}[/]  run {Output.Text(run.RunId)}: {Words.Of(run.State)}");
        output.Say($"  started {Output.Time(run.StartedAt)} by {Output.Text(run.StartedBy)}: {Output.Text(run.Reason)}");
        output.Say($"  epoch {run.Epoch}, plan {Output.Text(run.PlanVersion)}");
        var table = new Listing("step", "state", "began", "took", "what");
        foreach (var step in run.Steps)
        {
            table.AddRow(
                Output.Text(step.Name), Words.Of(step.State), Output.Time(step.StartedAt), Took(step), Output.Text(What(step)));
        }

        output.Say(table);
        if (PauseOf(run) is { } paused)
        {
            output.Say($"  [yellow]{Output.Text(paused)}[/]");
        }

        if (run.Stop is { } stop)
        {
            output.Say($"  {Output.Text($"{Words.Of(stop.Kind)} by {stop.By}: {stop.Reason}")}");
        }

        if ((run.EndReason ?? run.Kept) is not null)
        {
            output.Say($"  {Output.Text(run.EndReason ?? $"left done: {run.Kept}")}");
        }

        if (ProjectionOf(run) is { } projection)
        {
            output.Say($"  {projection}");
        }

        ShowAttained(run, output);
    }

    /// <summary>When the run is expected to finish, in markup; null when nothing can be said.</summary>
    public static string? ProjectionOf(RunView run) => run.Projection is { } projection
        ? $"expected to finish {Output.Time(projection.FinishAt)}, in {Quantities.Seconds(projection.RemainingSeconds)}"
            + $"{(run.Pause is null ? "" : " from a person's decision on")} ({projection.StepsMeasured} of {projection.StepsLeft} steps by past runs, the others by their kind)"
            + $"{(projection.PassesRto ? ": [red]later than the RTO allows[/]" : "")}"
        : null;

    /// <summary>What the run waits for a person for, and what can be decided; null when it does not.</summary>
    public static string? PauseOf(RunView run) => PauseOf(run.Pause);

    /// <summary>The same for a pause that is known without its run.</summary>
    public static string? PauseOf(PauseView? paused) => paused is { } pause
        ? $"paused: {pause.Code}: {pause.Message.TrimEnd('.')}; decide with {string.Join(", ", pause.Decisions.Select(kind => $"dr run {kind}"))} before {Output.Time(pause.Until)}"
        : null;

    /// <summary>Writes what was reached beside what was asked.</summary>
    public static void ShowAttained(RunView run, Output output)
    {
        output.Say($"  RTO  {Quantities.Seconds(run.Attained.RtoSeconds),-12} of {Quantities.Seconds(run.Objectives.RtoSeconds),-12} {Words.Of(run.Attained.Rto)}");
        output.Say($"  RPO  {Quantities.Seconds(run.Attained.RpoSeconds),-12} of {Quantities.Seconds(run.Objectives.RpoSeconds),-12} {Words.Of(run.Attained.Rpo)}");
        foreach (var store in run.Attained.Stores.Where(_ => run.Attained.WorstStore is not null))
        {
            output.Say($"       {Quantities.Seconds(store.RpoSeconds),-12} of {Output.Text(store.Store)}{(store.Store == run.Attained.WorstStore ? ", the worst" : "")}, restore point {Output.Time(store.RestorePoint)}");
        }
    }

    /// <summary>How long a step took, or <c>-</c>.</summary>
    public static string Took(StepView step) => step is { StartedAt: { } began, EndedAt: { } ended } ? Quantities.Duration(ended - began) : "-";

    /// <summary>What a step did, or why it failed.</summary>
    public static string What(StepView step) => step.Error is { } error ? $"{error.Code}: {error.Message}" : step.Summary ?? "";

    /// <summary>The failure of a run that did not reach its goal; null when it did.</summary>
    public static CliException? FailureOf(RunView run)
    {
        if (run.State is RunState.Completed or RunState.Running or RunState.Paused)
        {
            return null;
        }

        var failed = run.Steps.FirstOrDefault(step => step.Error is not null);
        return failed?.Error is { } error
            ? new CliException("RunFailed", $"The run {run.RunId} failed at {failed.Name}: {error.Code}: {error.Message}", error.Hint)
            : new CliException("RunFailed", $"The run {run.RunId} was {run.State.ToString().ToLowerInvariant()}.",
                $"Read dr report show {run.RunId}, then start the runbook again when it is safe.");
    }
}
