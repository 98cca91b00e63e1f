using DrFunctions.Recovery.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Runs;

/// <summary>
/// One run: does what the run's journal says is next, until it says that nothing is. Decides nothing itself, and remembers nothing
/// that the journal does not: an execution that begins anew goes on where the journal ends.
/// </summary>
public static class RunOrchestration
{
    public const string Name = "Run";

    /// <summary>The event that wakes a run which waits; it carries nothing, because only the journal is believed.</summary>
    public const string Decided = "Decided";

    // A decision takes effect within this time, however long a step says that its next attempt can wait.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Durable timers have an upper limit on some hosts; a wait that is longer is made of several.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // A store or a host that fails for a while must not end a run; what fails for minutes is for a person to see.
    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(6, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(15)));

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<RunInput>() ?? throw new ArgumentException("A run needs its input.", nameof(context));
        var findings = new SortedDictionary<int, string>();
        var turn = await context.CallActivityAsync<RunTurn>(RunActivities.Begin, run, Retry);
        while (turn.Kind != TurnKind.Done)
        {
            turn = turn switch
            {
                { Kind: TurnKind.Attempt or TurnKind.Undo, Steps: [var only] } => await StepAsync(context, run, turn, only, findings),
                { Kind: TurnKind.Attempt or TurnKind.Undo } => await SideBySideAsync(context, run, turn, findings),
                { Kind: TurnKind.Wait } => await WaitAsync(context, run, turn),
                _ => await context.CallActivityAsync<RunTurn>(RunActivities.Turn, run, Retry),
            };
        }
    }

    private static async Task<RunTurn> SideBySideAsync(
        TaskOrchestrationContext context, RunInput run, RunTurn turn, SortedDictionary<int, string> findings)
    {
        await Task.WhenAll(turn.Steps.Select(index => StepAsync(context, run, turn, index, findings)));
        return await context.CallActivityAsync<RunTurn>(RunActivities.Turn, run, Retry);
    }

    private static async Task<RunTurn> StepAsync(
        TaskOrchestrationContext context, RunInput run, RunTurn turn, int index, SortedDictionary<int, string> findings)
    {
        var activity = turn.Kind == TurnKind.Undo ? RunActivities.Undo : RunActivities.Attempt;
        var step = new StepInput(run, turn.RunId, index);
        while (true)
        {
            RunTurn next;
            try
            {
                next = await context.CallActivityAsync<RunTurn>(activity, step, Retry);
            }
            catch (TaskFailedException exception)
            {
                next = await context.CallActivityAsync<RunTurn>(
                    RunActivities.Crash, new StepCrash(step, exception.FailureDetails.ErrorMessage), Retry);
            }

            if (next.Kind != TurnKind.Again)
            {
                findings.Remove(index);
                return next;
            }

            // What it waits for is for whoever reads the run meanwhile; the journal keeps ends only.
            findings[index] = next.Finding ?? "";
            context.SetCustomStatus(new StepFindings([.. findings.Select(one => new StepFinding(one.Key, one.Value))]));
            var pause = TimeSpan.FromSeconds(next.AfterSeconds);
            await context.CreateTimer(context.CurrentUtcDateTime + (pause < LongestPause ? pause : LongestPause), CancellationToken.None);
        }
    }

    private static async Task<RunTurn> WaitAsync(TaskOrchestrationContext context, RunInput run, RunTurn turn)
    {
        var wait = TimeSpan.FromSeconds(Math.Max(turn.AfterSeconds, 1));
        try
        {
            await context.WaitForExternalEvent<object?>(Decided, wait < LongestWait ? wait : LongestWait);
        }
        catch (TaskCanceledException)
        {
            // Nobody decided in time: what then is for the journal to say.
        }

        return await context.CallActivityAsync<RunTurn>(RunActivities.Turn, run, Retry);
    }
}

/// <summary>Which run.</summary>
/// <param name="Workload">Its workload.</param>
/// <param name="RunId">Its id.</param>
public sealed record RunInput(string Workload, string RunId);

/// <summary>Which step.</summary>
/// <param name="Run">The run that acts, and holds the lock.</param>
/// <param name="Of">The run whose step it is: the same, or the one that it pre-empted.</param>
/// <param name="Index">The step's index.</param>
public sealed record StepInput(RunInput Run, string Of, int Index);

/// <summary>A step that broke.</summary>
/// <param name="Step">Which.</param>
/// <param name="Message">How.</param>
public sealed record StepCrash(StepInput Step, string Message);

/// <summary>What the running steps found at their last attempts.</summary>
/// <param name="Steps">In the order of the steps.</param>
public sealed record StepFindings(IReadOnlyList<StepFinding> Steps);

/// <summary>What a running step found at its last attempt.</summary>
/// <param name="Index">The step's index.</param>
/// <param name="Finding">A stable code, a colon and words.</param>
public sealed record StepFinding(int Index, string Finding);
