using System.Diagnostics;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Tracing;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Durable.Sessions;

/// <summary>Runs activities, those of different names in turn; an answer goes to the instance that asked. Thread-safe.</summary>
internal sealed class ActivityRunner
{
    private readonly HubSession _session;
    private readonly EngineParts _parts;
    private readonly CancellationToken _stopping;
    private readonly WorkQueue<Call> _calls;

    /// <param name="session">The session; it is given every answer.</param>
    /// <param name="stopping">Starts nothing new, and is what a running activity is told to stop by.</param>
    public ActivityRunner(HubSession session, CancellationToken stopping)
    {
        _session = session;
        _parts = session.Parts;
        _stopping = stopping;
        _calls = new WorkQueue<Call>(_parts.Options.MaxConcurrentActivities, RunAsync, session.Track, call => call.Task.Name);
    }

    /// <summary>Starts an activity as soon as there is room for it.</summary>
    public void Start(InstanceState state, TaskScheduled task)
    {
        if (!_stopping.IsCancellationRequested)
        {
            var waiting = _parts.Metrics.ActivityWaits(task.Name);
            _calls.Enqueue(new Call(state.InstanceId, state.ExecutionId, state.Task(task.Id), task, waiting));
        }
    }

    private async Task RunAsync(Call call)
    {
        call.Waiting.Dispose();
        Activity.Current = null; // Only the orchestration is the cause, not whoever made room.
        if (await MayRunAsync() && await AnswerAsync(call) is { } answer)
        {
            _session.Post(call.InstanceId, new Answer(call.ExecutionId, answer));
        }
    }

    /// <summary>Waits until no other host can have taken the hub; false once this one starts nothing new.</summary>
    private async Task<bool> MayRunAsync()
    {
        try
        {
            await _session.TrustedAsync().WaitAsync(_stopping);
            return !_stopping.IsCancellationRequested && !_session.Ended.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Runs an activity; null if it has not ended, so that the next host runs it again.</summary>
    private async Task<HistoryEvent?> AnswerAsync(Call call)
    {
        var task = call.Task;
        using var running = _parts.Metrics.ActivityRuns(task.Name);
        using var span = DurableSpan.Run(task.Name, call.InstanceId, task.Id, call.Caller);
        try
        {
            if (!_parts.Functions.HasActivity(task.Name))
            {
                throw new InvalidOperationException($"The app has no activity named '{task.Name}'.");
            }

            var result = await _parts.Functions.RunActivityAsync(task.Name, call.InstanceId, task.Input?.Json, span.Id, _stopping);
            return new TaskCompleted(task.Id, Payload.Of(result));
        }
#pragma warning disable CA1031 // The border to the app: whatever an activity throws is its answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            span.Fail(e.GetType().ToString());
            if (_stopping.IsCancellationRequested)
            {
                EngineLog.ActivityStopped(_parts.Logger, task.Name, call.InstanceId);
                return null; // It was told to stop, so this is no answer.
            }

            EngineLog.ActivityFailed(_parts.Logger, e, task.Name, call.InstanceId);
            return new TaskFailed(task.Id, TaskFailureDetails.FromException(e));
        }
    }

    private readonly record struct Call(string InstanceId, string ExecutionId, ActivityContext Caller, TaskScheduled Task, IDisposable Waiting);
}
