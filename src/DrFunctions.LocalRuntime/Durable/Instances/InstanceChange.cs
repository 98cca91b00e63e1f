using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Replay;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Durable.Tracing;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>How an instance's state changes: by what arrives and by a turn. Pure: no I/O, no clock.</summary>
internal static class InstanceChange
{
    /// <summary>Takes up an answer; false if nobody waits for it any more.</summary>
    public static bool Take(this InstanceState state, Answer answer)
    {
        if (state.IsFinished || state.ExecutionId != answer.ExecutionId || !state.History.TryAnswer(answer.Event))
        {
            return false;
        }

        state.Arrived.Add(answer.Event);
        return true;
    }

    /// <summary>Takes up a message; false if it changes nothing.</summary>
    public static bool Take(this InstanceState state, Message message)
    {
        var content = message.Content;
        if (state.IsFinished || state.Taken.Contains(message.Document))
        {
            return false;
        }

        switch (content.Kind)
        {
            case InboxKind.Event when content.Event is { } raised && IsNew(state, raised):
                state.Arrived.Add(raised);
                break;
            case InboxKind.Suspend when state.Status != OrchestrationRuntimeStatus.Suspended:
                state.Status = OrchestrationRuntimeStatus.Suspended;
                break;
            case InboxKind.Resume when state.Status == OrchestrationRuntimeStatus.Suspended:
                state.Status = Started(state) ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending;
                break;
            case InboxKind.Terminate:
                Terminate(state, content);
                break;
            default:
                return false;
        }

        state.Taken.Add(message.Document);
        return true;
    }

    /// <summary>Takes up the timers that are due; false if none is.</summary>
    public static bool TakeDueTimers(this InstanceState state, DateTimeOffset now)
    {
        if (state.IsFinished || state.Status == OrchestrationRuntimeStatus.Suspended)
        {
            return false;
        }

        var due = state.Timers.Where(timer => timer.FireAt <= now.UtcDateTime).OrderBy(t => t.FireAt).ThenBy(t => t.Id).ToList();
        foreach (var timer in due)
        {
            state.Timers.Remove(timer);
            state.Arrived.Add(new TimerFired(timer.Id));
        }

        return due.Count > 0;
    }

    /// <summary>Whether the orchestrator has something to handle and may.</summary>
    public static bool IsReady(this InstanceState state, DateTimeOffset now) =>
        !state.IsFinished
        && state.Status != OrchestrationRuntimeStatus.Suspended
        && state.Arrived.Count > 0
        && (Started(state) || state.StartAt is null || state.StartAt <= now);

    /// <summary>The next time at which something is due without anybody's doing; null if nothing is.</summary>
    public static DateTimeOffset? NextDue(this InstanceState state) =>
        state.IsFinished || state.Status == OrchestrationRuntimeStatus.Suspended ? null
        : !Started(state) ? state.StartAt
        : state.Timers.Count > 0 ? new DateTimeOffset(state.Timers.Min(timer => timer.FireAt))
        : null;

    /// <summary>The time of the next turn: never before the last one, whoever's clock that was.</summary>
    public static DateTime TurnTime(this InstanceState state, DateTimeOffset now) =>
        now.UtcDateTime > state.History.LastTurn ? now.UtcDateTime : state.History.LastTurn;

    /// <summary>Records a turn.</summary>
    public static void Record(this InstanceState state, DateTime turnTime, TurnOutcome outcome)
    {
        state.History.Add(new TurnStarted(turnTime));
        state.History.Add(state.Arrived);
        state.History.Add(outcome.Actions);
        state.Arrived = [];
        state.Timers = [.. outcome.OpenTimers];
        state.Status = OrchestrationRuntimeStatus.Running;
        state.Outbox.AddRange(outcome.Actions.OfType<EventSent>().Select(sent => Outgoing(state, sent)));
        if (outcome.CustomStatus.IsSet)
        {
            state.CustomStatus = outcome.CustomStatus.Value;
        }

        if (outcome.Failure is { } failure)
        {
            Finish(state, OrchestrationRuntimeStatus.Failed);
            state.Failure = failure;
        }
        else if (outcome.IsRestart)
        {
            Restart(state, outcome.RestartInput, outcome.CarriedOver);
        }
        else if (outcome.HasReturned)
        {
            Finish(state, OrchestrationRuntimeStatus.Completed);
            state.Output = outcome.Output;
        }
    }

    private static bool Started(InstanceState state) => state.History.Events.Count > 0 || state.Generation > 0;

    private static bool IsNew(InstanceState state, EventRaised raised)
    {
        if (raised.Sender is null)
        {
            return true;
        }

        if (state.Senders.GetValueOrDefault(raised.Sender) >= raised.Sequence)
        {
            return false;
        }

        state.Senders[raised.Sender] = raised.Sequence;
        return true;
    }

    private static void Terminate(InstanceState state, InboxMessage content)
    {
        if (content.Recursive)
        {
            state.Outbox.AddRange(state.History.Open.OfType<SubOrchestrationScheduled>().Select(child => new OutgoingMessage(
                $"{HubNames.InboxOf(child.InstanceId)}0-{state.ExecutionId}-{child.Id:D8}-terminate",
                new InboxMessage(child.InstanceId, InboxKind.Terminate) { Output = content.Output, Recursive = true })));
        }

        Finish(state, OrchestrationRuntimeStatus.Terminated);
        state.Output = content.Output;
    }

    private static void Finish(InstanceState state, OrchestrationRuntimeStatus status)
    {
        state.Status = status;
        state.Timers = [];
        state.Arrived = [];
    }

    private static void Restart(InstanceState state, Payload? input, IReadOnlyList<EventRaised> carriedOver)
    {
        if (state.HasDocuments)
        {
            state.Over.Add(state.ExecutionId);
        }

        var first = state.FirstExecutionId;
        state.Generation++;
        state.ExecutionId = $"{first}-{state.Generation:D10}"; // The messages it sends are read in the order of their names.
        state.Input = input;
        state.History = new HistoryLog();
        state.Sealed = [];
        state.HasDocuments = false;
        state.Arrived = [new ExecutionStarted(), .. carriedOver];
        state.Timers = [];
        foreach (var payload in state.OwnPayloads())
        {
            payload.Document = null; // Written again with the new execution; the old one's documents go.
        }
    }

    private static OutgoingMessage Outgoing(InstanceState state, EventSent sent) => new(
        $"{HubNames.InboxOf(sent.InstanceId)}0-{state.ExecutionId}-{sent.Id:D8}",
        new InboxMessage(sent.InstanceId, InboxKind.Event)
        {
            Event = new EventRaised(sent.Name, sent.Input, state.ExecutionId, sent.Id + 1)
            {
                TraceParent = TraceHeaders.Format(state.Task(sent.Id)),
            },
        });
}
