using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cli.Terminal;

/// <summary>States as people read them, in markup: good is green, bad is red, and unknown is never green.</summary>
internal static class Words
{
    /// <summary>A verdict on an objective.</summary>
    public static string Of(ObjectiveVerdict verdict) => verdict switch
    {
        ObjectiveVerdict.Met => "[green]met[/]",
        ObjectiveVerdict.AtRisk => "[yellow]at risk[/]",
        ObjectiveVerdict.Breached => "[red]breached[/]",
        _ => "[yellow]unknown[/]",
    };

    /// <summary>What an evaluation came to.</summary>
    public static string Of(EvaluationVerdict verdict) => verdict switch
    {
        EvaluationVerdict.Ready => "[green]ready[/]",
        EvaluationVerdict.NotVerified => "[yellow]not verified[/]",
        EvaluationVerdict.ActionRequired => "[red]action required[/]",
        _ => "[yellow]unknown[/]",
    };

    /// <summary>A run's state.</summary>
    public static string Of(RunState state) => state switch
    {
        RunState.Running => "[blue]running[/]",
        RunState.Completed => "[green]completed[/]",
        RunState.Failed => "[red]failed[/]",
        RunState.Paused => "[yellow]paused[/]",
        RunState.Preempted => "[yellow]pre-empted[/]",
        _ => "[yellow]cancelled[/]",
    };

    /// <summary>A step's state.</summary>
    public static string Of(StepState state) => state switch
    {
        StepState.Pending => "[dim]pending[/]",
        StepState.Running => "[blue]running[/]",
        StepState.Completed => "[green]completed[/]",
        StepState.Failed => "[red]failed[/]",
        StepState.Checked => "[green]checked[/]",
        StepState.Skipped => "[yellow]skipped[/]",
        StepState.Undoing => "[blue]undoing[/]",
        StepState.Undone => "[dim]undone[/]",
        _ => "[yellow]cancelled[/]",
    };

    /// <summary>Why a run goes back.</summary>
    public static string Of(StopKind kind) => kind switch
    {
        StopKind.Preempt => "pre-empted",
        StopKind.Cancel => "cancelled",
        StopKind.Cleanup => "cleaned up",
        _ => "taken back",
    };

    /// <summary>An incident's state.</summary>
    public static string Of(IncidentState state) => state == IncidentState.Open ? "[blue]open[/]" : "closed";

    /// <summary>An incident's decision.</summary>
    public static string Of(Decision decision) => decision switch
    {
        Decision.Start => "start",
        Decision.Wait => "wait",
        _ => "blocked",
    };
}
