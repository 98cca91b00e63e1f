using System.Diagnostics;
using System.Globalization;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Tracing;

/// <summary>
/// What one write of an instance settles: answers that its orchestrator has seen, timers that have fired, events it has sent, and
/// the execution itself once it has ended. Each is a span, reported after the write, so that a replay reports nothing twice; a host that
/// dies between the two reports nothing.
/// </summary>
internal sealed class SettledWork
{
    private readonly InstanceState _state;
    private readonly string _executionId;
    private readonly bool _hadEnded;
    private readonly IReadOnlyList<HistoryEvent> _history;
    private readonly int _known;
    private ActivityContext _execution;
    private readonly Dictionary<int, (ActionEvent Action, DateTime AskedAt)> _actions = [];

    private SettledWork(InstanceState state)
    {
        _state = state;
        _executionId = state.ExecutionId;
        _hadEnded = state.IsFinished;
        _history = state.History.Events; // A turn adds to this list; one that starts over then leaves it for a new one.
        _known = _history.Count;
    }

    /// <summary>Looks at an instance before anything has been done to it.</summary>
    public static SettledWork Before(InstanceState state) => new(state);

    /// <summary>Reports what has been settled since.</summary>
    public void Report(HubMetrics metrics, DateTimeOffset now)
    {
        var status = _state.ExecutionId != _executionId ? "ContinuedAsNew" : _state.Status.ToString();
        var hasEnded = !_hadEnded && (_state.IsFinished || _state.ExecutionId != _executionId);
        if (hasEnded)
        {
            metrics.Ended(_state.Name, status);
        }

        if (Spans.Durable.HasListeners())
        {
            _execution = _state.Execution(_executionId);
            ReportTasks(now);
            if (hasEnded)
            {
                ReportExecution(status, now);
            }
        }
    }

    private void ReportTasks(DateTimeOffset now)
    {
        var time = DateTime.MinValue;
        for (var i = 0; i < _history.Count; i++)
        {
            switch (_history[i])
            {
                case TurnStarted turn:
                    time = turn.Time;
                    break;
                case ActionEvent action:
                    _actions[action.Id] = (action, time);
                    ReportIf(i, action as EventSent);
                    break;
                case TaskCompleted done when i >= _known:
                    ReportTask(done.Id, now, null);
                    break;
                case TaskFailed failed when i >= _known:
                    ReportTask(failed.Id, now, failed.Failure.ErrorType);
                    break;
                case TimerFired fired when i >= _known:
                    ReportTimer(fired.Id, now);
                    break;
            }
        }
    }

    private void ReportTask(int id, DateTimeOffset now, string? errorType)
    {
        if (!_actions.TryGetValue(id, out var asked))
        {
            return; // The orchestrator has never asked for it: it fails as not deterministic, and says so.
        }

        var (type, name) = asked.Action switch
        {
            SubOrchestrationScheduled child => (DurableSpan.OrchestrationType, child.Name),
            TaskScheduled task => (DurableSpan.ActivityType, task.Name),
            _ => (DurableSpan.ActivityType, ""),
        };
        using var span = Start($"{type}:{name}", ActivityKind.Client, TaskContext(id), _execution, asked.AskedAt);
        Describe(span, type, name)?.SetTag(DurableSpan.TaskId, id);
        End(span, now, errorType);
    }

    private void ReportTimer(int id, DateTimeOffset now)
    {
        if (!_actions.TryGetValue(id, out var asked) || asked.Action is not TimerCreated timer)
        {
            return;
        }

        using var span = Start($"{DurableSpan.OrchestrationType}:{_state.Name}:{DurableSpan.TimerType}", ActivityKind.Internal, TaskContext(id), _execution, asked.AskedAt);
        Describe(span, DurableSpan.TimerType, _state.Name)?
            .SetTag(DurableSpan.TaskId, id)
            .SetTag(DurableSpan.FireAt, timer.FireAt.ToString("O", CultureInfo.InvariantCulture));
        End(span, now, null);
    }

    private void ReportIf(int index, EventSent? sent)
    {
        if (sent is null || index < _known)
        {
            return;
        }

        var at = _actions[sent.Id].AskedAt;
        using var span = Start($"orchestration_event:{sent.Name}", ActivityKind.Producer, TaskContext(sent.Id), _execution, at);
        Describe(span, DurableSpan.EventType, sent.Name)?.SetTag(DurableSpan.Target, sent.InstanceId);
        End(span, at, null);
    }

    private void ReportExecution(string status, DateTimeOffset now)
    {
        var begun = _history.OfType<TurnStarted>().FirstOrDefault()?.Time ?? now.UtcDateTime;
        using var span = Start($"{DurableSpan.OrchestrationType}:{_state.Name}", ActivityKind.Server, _execution, _state.Cause(), begun, Links());
        Describe(span, DurableSpan.OrchestrationType, _state.Name)?
            .SetTag(DurableSpan.ExecutionId, _executionId)
            .SetTag(DurableSpan.Status, status);
        End(span, now, _state.Status == OrchestrationRuntimeStatus.Failed ? _state.Failure?.ErrorType ?? "_OTHER" : null);
    }

    // Whoever raised an event is not what caused the orchestration, but may be why it went on.
    private IEnumerable<ActivityLink> Links() => _history
        .OfType<EventRaised>()
        .Select(raised => TraceHeaders.Parse(raised.TraceParent, null))
        .OfType<ActivityContext>()
        .Take(32)
        .Select(context => new ActivityLink(context));

    private ActivityContext TaskContext(int id) => _state.Task(_executionId, id);

    private static Activity? Start(
        string name, ActivityKind kind, ActivityContext own, ActivityContext parent, DateTime begun, IEnumerable<ActivityLink>? links = null)
    {
        var span = Spans.Durable.StartActivity(name, kind, parent, null, links, DateTime.SpecifyKind(begun, DateTimeKind.Utc));
        if (span is not null)
        {
            Spans.SetId(span, own.SpanId);
        }

        return span;
    }

    private Activity? Describe(Activity? span, string type, string name) => span?
        .SetTag(DurableSpan.Type, type)
        .SetTag(DurableSpan.Name, name)
        .SetTag(DurableSpan.InstanceId, _state.InstanceId);

    private static void End(Activity? span, DateTimeOffset now, string? errorType)
    {
        if (errorType is not null)
        {
            span?.Fail(errorType);
        }

        span?.SetEndTime(now.UtcDateTime);
    }
}
