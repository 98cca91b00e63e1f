using DrFunctions.Recovery.Runs;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Runs;

/// <summary>The activities of a run. They bind and call; see <see cref="RunExecution"/>.</summary>
public sealed class RunActivities(RunExecution execution)
{
    public const string Begin = "BeginRun";
    public const string Turn = "TurnRun";
    public const string Attempt = "AttemptStep";
    public const string Undo = "UndoStep";
    public const string Crash = "CrashStep";

    [Function(Begin)]
    public Task<RunTurn> BeginAsync([ActivityTrigger] RunInput run, CancellationToken cancellationToken) =>
        execution.BeginAsync(run.Workload, run.RunId, cancellationToken);

    [Function(Turn)]
    public Task<RunTurn> TurnAsync([ActivityTrigger] RunInput run, CancellationToken cancellationToken) =>
        execution.TurnAsync(run.Workload, run.RunId, cancellationToken);

    [Function(Attempt)]
    public Task<RunTurn> AttemptAsync([ActivityTrigger] StepInput step, CancellationToken cancellationToken) =>
        execution.AttemptAsync(step.Run.Workload, step.Run.RunId, step.Index, cancellationToken);

    [Function(Undo)]
    public Task<RunTurn> UndoAsync([ActivityTrigger] StepInput step, CancellationToken cancellationToken) =>
        execution.UndoAsync(step.Run.Workload, step.Run.RunId, step.Of, step.Index, cancellationToken);

    [Function(Crash)]
    public Task<RunTurn> CrashAsync([ActivityTrigger] StepCrash crash, CancellationToken cancellationToken) => execution.CrashAsync(
        crash.Step.Run.Workload, crash.Step.Run.RunId, crash.Step.Of, crash.Step.Index, crash.Message, cancellationToken);
}
