using DrFunctions.LocalRuntime.Durable.History;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>
/// The history of an instance as the official status query shows it: an answer stands for its task as well, and bears the time at
/// which the task was asked for.
/// </summary>
internal static class HistoryView
{
    /// <param name="state">The instance.</param>
    /// <param name="showOutput">Whether inputs and results come along.</param>
    public static IReadOnlyList<Dictionary<string, object?>> Of(InstanceState state, bool showOutput)
    {
        var asked = new Dictionary<int, (ActionEvent Action, DateTime At)>();
        var events = new List<Dictionary<string, object?>>();
        var open = state.History.Open.Select(action => action.Id).Concat(state.Timers.Select(timer => timer.Id)).ToHashSet();
        var time = state.CreatedAt.UtcDateTime;
        foreach (var happened in state.History.Events)
        {
            switch (happened)
            {
                case TurnStarted turn:
                    time = turn.Time;
                    break;
                case ActionEvent action:
                    asked[action.Id] = (action, time);
                    if (open.Contains(action.Id) || action is EventSent)
                    {
                        events.Add(With(Asked(action), time, null, null, showOutput));
                    }

                    break;
                default:
                    events.Add(Happened(state, happened, time, asked, showOutput));
                    break;
            }
        }

        if (state.IsFinished)
        {
            var end = new Dictionary<string, object?>
            {
                ["EventType"] = state.Status == OrchestrationRuntimeStatus.Terminated ? "ExecutionTerminated" : "ExecutionCompleted",
                ["OrchestrationStatus"] = state.Status.ToString(),
                ["Reason"] = state.Failure?.ToString(),
            };
            events.Add(With(end, state.UpdatedAt.UtcDateTime, null, state.Output, showOutput));
        }

        return events;
    }

    private static Dictionary<string, object?> Happened(
        InstanceState state, HistoryEvent happened, DateTime time, Dictionary<int, (ActionEvent Action, DateTime At)> asked, bool showOutput)
    {
        var id = happened switch { TaskCompleted done => done.Id, TaskFailed failed => failed.Id, TimerFired fired => fired.Id, _ => -1 };
        (ActionEvent Action, DateTime At)? task = asked.TryGetValue(id, out var found) ? found : null;
        var kind = task?.Action is SubOrchestrationScheduled ? "SubOrchestrationInstance" : "Task";
        Dictionary<string, object?> view = happened switch
        {
            ExecutionStarted => new() { ["EventType"] = "ExecutionStarted", ["FunctionName"] = state.Name },
            TaskCompleted => new() { ["EventType"] = kind + "Completed", ["FunctionName"] = Name(task?.Action) },
            TaskFailed failed => new() { ["EventType"] = kind + "Failed", ["FunctionName"] = Name(task?.Action), ["Reason"] = failed.Failure.ToString() },
            TimerFired => new() { ["EventType"] = "TimerFired", ["FireAt"] = (task?.Action as TimerCreated)?.FireAt },
            EventRaised raised => new() { ["EventType"] = "EventRaised", ["Name"] = raised.Name },
            _ => new() { ["EventType"] = happened.GetType().Name },
        };
        return With(view, time, task?.At, happened is ExecutionStarted ? state.Input : happened.Carried(), showOutput, happened is TaskCompleted ? "Result" : "Input");
    }

    private static Dictionary<string, object?> Asked(ActionEvent action) => action switch
    {
        TimerCreated timer => new() { ["EventType"] = "TimerCreated", ["FireAt"] = timer.FireAt },
        EventSent sent => new() { ["EventType"] = "EventSent", ["Name"] = sent.Name, ["InstanceId"] = sent.InstanceId },
        SubOrchestrationScheduled child => new() { ["EventType"] = "SubOrchestrationInstanceCreated", ["FunctionName"] = child.Name, ["InstanceId"] = child.InstanceId },
        _ => new() { ["EventType"] = "TaskScheduled", ["FunctionName"] = Name(action) },
    };

    private static string? Name(ActionEvent? action) => action switch
    {
        TaskScheduled task => task.Name,
        SubOrchestrationScheduled child => child.Name,
        _ => null,
    };

    private static Dictionary<string, object?> With(
        Dictionary<string, object?> view, DateTime time, DateTime? askedAt, Payload? payload, bool showOutput, string payloadName = "Result")
    {
        if (showOutput && payload is not null)
        {
            view[payloadName] = InstanceView.Json(payload.Json);
        }

        if (askedAt is { } scheduled)
        {
            view["ScheduledTime"] = scheduled;
        }

        view["Timestamp"] = time;
        return view.Where(member => member.Value is not null).ToDictionary();
    }
}
