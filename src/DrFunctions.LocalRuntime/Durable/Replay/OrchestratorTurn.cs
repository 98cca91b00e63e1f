using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Tracing;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable.Replay;

/// <summary>
/// One turn of an orchestrator: its code runs from the start over its whole history, each recorded action is compared with what
/// the code asks for, and then it handles what has newly arrived. No I/O; everything happens before this returns.
/// </summary>
internal sealed class OrchestratorTurn(IDurableFunctions functions, DataConverter converter, ILoggerFactory loggerFactory)
{
    /// <summary>Runs the turn; <paramref name="arrived"/> is handled at <paramref name="now"/>.</summary>
    public TurnOutcome Run(InstanceState state, IReadOnlyList<HistoryEvent> arrived, DateTime now, CancellationToken ct)
    {
        if (!functions.HasOrchestrator(state.Name))
        {
            return TurnOutcome.Failed(new InvalidOperationException($"The app has no orchestrator named '{state.Name}'."));
        }

        var outerContext = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        using var span = InstanceTrace.Enter(state);
        try
        {
            return Replay(state, arrived, now, ct);
        }
        catch (NonDeterminismException e)
        {
            return TurnOutcome.Failed(e);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outerContext);
        }
    }

    private TurnOutcome Replay(InstanceState state, IReadOnlyList<HistoryEvent> arrived, DateTime now, CancellationToken ct)
    {
        var scheduler = new OrchestratorScheduler();
        var context = new ReplayContext(state, scheduler, converter, loggerFactory);
        Task<string?>? root = null;

        void Handle(HistoryEvent happened)
        {
            if (happened is ExecutionStarted)
            {
                root = scheduler.Start(async () => await functions.RunOrchestratorAsync(state.Name, context, ct));
            }
            else
            {
                context.Apply(happened);
                scheduler.RunReady();
            }
        }

        scheduler.Run(() =>
        {
            for (var at = 0; at < state.History.Events.Count;)
            {
                at = ReplayTurn(state, at, context, Handle);
            }

            context.BeginTurn(now, recordedActions: null);
            foreach (var happened in arrived)
            {
                Handle(happened);
            }
        });
        return Outcome(state, context, scheduler, root);
    }

    /// <summary>Replays the turn that begins at a place in the history; returns the place of the next one.</summary>
    private static int ReplayTurn(InstanceState state, int at, ReplayContext context, Action<HistoryEvent> handle)
    {
        var past = state.History.Events;
        var begin = past[at] as TurnStarted
            ?? throw new InvalidOperationException($"The history of instance '{state.InstanceId}' does not begin with a turn.");
        var end = at + 1;
        var actions = 0;
        for (; end < past.Count && past[end] is not TurnStarted; end++)
        {
            actions += past[end] is ActionEvent ? 1 : 0;
        }

        context.BeginTurn(begin.Time, actions);
        for (var i = at + 1; i < end; i++)
        {
            if (past[i] is not ActionEvent)
            {
                handle(past[i]);
            }
        }

        Compare(state, at + 1, end, context.Actions);
        return end;
    }

    private static TurnOutcome Outcome(InstanceState state, ReplayContext context, OrchestratorScheduler scheduler, Task<string?>? root)
    {
        if (root is null)
        {
            throw new InvalidOperationException($"The history of instance '{state.InstanceId}' has no ExecutionStarted.");
        }

        if (!root.IsCompleted && (scheduler.HasEscaped || !context.IsWaiting))
        {
            return TurnOutcome.Failed(new InvalidOperationException(
                $"Orchestrator '{state.Name}' (instance '{state.InstanceId}') awaits something that its context did not give out. "
                + "I/O, delays and other threads belong into activities and durable timers."));
        }

        var common = new TurnOutcome([.. context.Actions], [.. context.OpenTimers], context.Status);
        if (!root.IsCompleted)
        {
            return common;
        }

        return root.Exception?.InnerException is { } thrown ? common with { Failure = TaskFailureDetails.FromException(thrown) }
            : root.IsCanceled ? common with { Failure = TaskFailureDetails.FromException(new TaskCanceledException(root)) }
            : context.Restart is { } restart ? common with
            {
                IsRestart = true,
                RestartInput = restart.Input,
                CarriedOver = restart.KeepEvents ? [.. context.UnhandledEvents] : [],
            }
            : common with { HasReturned = true, Output = Payload.Of(root.Result) };
    }

    /// <summary>Compares what a turn recorded with what the code has asked for now.</summary>
    private static void Compare(InstanceState state, int from, int end, IReadOnlyList<ActionEvent> asked)
    {
        var next = 0;
        for (var i = from; i < end; i++)
        {
            if (state.History.Events[i] is not ActionEvent recorded)
            {
                continue;
            }

            if (next == asked.Count)
            {
                throw new NonDeterminismException(state.Name, state.InstanceId, recorded.ToString(), "asked for nothing");
            }

            if (!Same(recorded, asked[next]))
            {
                throw new NonDeterminismException(state.Name, state.InstanceId, recorded.ToString(), $"asked for {asked[next]}");
            }

            next++;
        }

        if (next < asked.Count)
        {
            throw new NonDeterminismException(
                state.Name, state.InstanceId, "no further action in this turn", $"asked for {asked[next]}");
        }
    }

    private static bool Same(ActionEvent recorded, ActionEvent asked) => recorded.Id == asked.Id && (recorded, asked) switch
    {
        (TaskScheduled a, TaskScheduled b) => SameName(a.Name, b.Name),
        (SubOrchestrationScheduled a, SubOrchestrationScheduled b) => SameName(a.Name, b.Name),
        (TimerCreated, TimerCreated) => true,
        (EventSent a, EventSent b) => SameName(a.Name, b.Name) && a.InstanceId == b.InstanceId,
        _ => false,
    };

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a turn has come to: the actions asked for, and how the orchestrator ended if it did.</summary>
internal sealed record TurnOutcome(
    IReadOnlyList<ActionEvent> Actions,
    IReadOnlyList<TimerCreated> OpenTimers,
    (bool IsSet, Payload? Value) CustomStatus)
{
    public bool HasReturned { get; init; }

    public Payload? Output { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public bool IsRestart { get; init; }

    public Payload? RestartInput { get; init; }

    public IReadOnlyList<EventRaised> CarriedOver { get; init; } = [];

    public static TurnOutcome Failed(Exception e) => new([], [], default) { Failure = TaskFailureDetails.FromException(e) };
}
