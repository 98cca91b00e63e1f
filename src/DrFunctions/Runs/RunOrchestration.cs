using DrFunctions.Recovery.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DrFunctions.App.Runs;

/// <summary>
/// One run: does what the run's journal says is next, until it says that nothing is. Decides nothing itself, and remembers nothing
/// that the journal does not: an execution that begins anew goes on where the journal ends, and after some time each does so by itself.
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

    // After so many activities the history begins anew: a step may look once a second for hours, and every turn reads all of it.
    private const int MostActivities = 200;

    [Function(Name)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<RunInput>() ?? throw new ArgumentException("A run needs its input.", nameof(context));
        var pace = new Pace();
        var turn = await CallAsync(context, pace, RunActivities.Begin, run);
        while (turn.Kind != TurnKind.Done)
        {
            // What is under way stands in the journal, and events that nobody took yet come along.
            if (pace.IsLong)
            {
                context.ContinueAsNew(run, preserveUnprocessedEvents: true);
                return;
            }

            turn = turn switch
            {
                { Kind: TurnKind.Attempt or TurnKind.Undo, Steps: [var only] } => await StepAsync(context, run, turn, only, pace),
                { Kind: TurnKind.Attempt or TurnKind.Undo } => await SideBySideAsync(context, run, turn, pace),
                { Kind: TurnKind.Wait } => await WaitAsync(context, run, turn, pace),
                _ => await CallAsync(context, pace, RunActivities.Turn, run),
            };
        }
    }

    private static async Task<RunTurn> SideBySideAsync(TaskOrchestrationContext context, RunInput run, RunTurn turn, Pace pace)
    {
        await Task.WhenAll(turn.Steps.Select(index => StepAsync(context, run, turn, index, pace)));
        return await CallAsync(context, pace, RunActivities.Turn, run);
    }

    private static async Task<RunTurn> StepAsync(TaskOrchestrationContext context, RunInput run, RunTurn turn, int index, Pace pace)
    {
        var activity = turn.Kind == TurnKind.Undo ? RunActivities.Undo : RunActivities.Attempt;
        var step = new StepInput(run, turn.RunId, index);
        while (true)
        {
            RunTurn next;
            pace.Attempts++;
            try
            {
                next = await CallAsync(context, pace, activity, step);
            }
            catch (TaskFailedException exception)
            {
                next = await CallAsync(context, pace, RunActivities.Crash, new StepCrash(step, exception.FailureDetails.ErrorMessage));
            }

            pace.Attempts--;
            if (next.Kind != TurnKind.Again)
            {
                pace.Findings.Remove(index);
                return next;
            }

            // What it waits for is for whoever reads the run meanwhile; the journal keeps ends only.
            pace.Findings[index] = next.Finding ?? "";
            context.SetCustomStatus(new StepFindings([.. pace.Findings.Select(one => new StepFinding(one.Key, one.Value))]));
            var pause = TimeSpan.FromSeconds(next.AfterSeconds);
            await context.CreateTimer(context.CurrentUtcDateTime + (pause < LongestPause ? pause : LongestPause), CancellationToken.None);

            // Not while a neighbour acts, which may take an hour: this step would not look meanwhile, and its time would run out.
            pace.IsEnding |= pace.IsLong && pace.Attempts == 0;
            if (pace.IsEnding)
            {
                return next;
            }
        }
    }

    private static async Task<RunTurn> WaitAsync(TaskOrchestrationContext context, RunInput run, RunTurn turn, Pace pace)
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

        return await CallAsync(context, pace, RunActivities.Turn, run);
    }

    private static Task<RunTurn> CallAsync(TaskOrchestrationContext context, Pace pace, string activity, object input)
    {
        pace.Activities++;
        return context.CallActivityAsync<RunTurn>(activity, input, Retry);
    }

    /// <summary>How far this execution has come.</summary>
    private sealed class Pace
    {
        public int Activities { get; set; }

        /// <summary>How many steps are being attempted at this moment.</summary>
        public int Attempts { get; set; }

        /// <summary>Set once: steps that wait for their next attempt leave that to the next execution.</summary>
        public bool IsEnding { get; set; }

        public bool IsLong => Activities >= MostActivities;

        /// <summary>What running steps found, by their index.</summary>
        public SortedDictionary<int, string> Findings { get; } = [];
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
