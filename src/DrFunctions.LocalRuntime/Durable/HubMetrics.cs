using System.Diagnostics.Metrics;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Telemetry;

namespace DrFunctions.LocalRuntime.Durable;

/// <summary>What is measured of one task hub. Thread-safe.</summary>
internal sealed class HubMetrics(string hub, TimeProvider time)
{
    private readonly KeyValuePair<string, object?> _hub = new(RuntimeMetrics.Hub, hub);

    /// <summary>An activity waits for a slot until the result is disposed.</summary>
    public IDisposable ActivityWaits(string name) =>
        new Level(RuntimeMetrics.ActivitiesWaiting, [_hub, Task(name)], RuntimeMetrics.ActivityWait, time);

    /// <summary>An activity runs until the result is disposed.</summary>
    public IDisposable ActivityRuns(string name) => new Level(RuntimeMetrics.ActivitiesRunning, [_hub, Task(name)]);

    /// <summary>An orchestrator waits for a slot until the result is disposed.</summary>
    public IDisposable OrchestratorWaits() => new Level(RuntimeMetrics.OrchestratorsWaiting, [_hub]);

    /// <summary>An orchestrator is at work until the result is disposed.</summary>
    public IDisposable OrchestratorRuns() => new Level(RuntimeMetrics.OrchestratorsRunning, [_hub]);

    /// <summary>A turn was run and recorded.</summary>
    public void Turn(string name, IReadOnlyList<HistoryEvent> history, IReadOnlyList<HistoryEvent> arrived, DateTime turnTime, long begun)
    {
        RuntimeMetrics.TurnDuration.Record(time.GetElapsedTime(begun).TotalSeconds, _hub, Task(name));
        RuntimeMetrics.HistorySize.Record(history.Count, _hub, Task(name));
        if (!RuntimeMetrics.DurableTimerLateness.Enabled)
        {
            return;
        }

        var fired = arrived.OfType<TimerFired>().Select(timer => timer.Id).ToHashSet();
        foreach (var timer in fired.Count == 0 ? [] : history.OfType<TimerCreated>().Where(timer => fired.Contains(timer.Id)))
        {
            RuntimeMetrics.DurableTimerLateness.Record(Math.Max(0, (turnTime - timer.FireAt).TotalSeconds), _hub);
        }
    }

    /// <summary>An execution has ended, and that is written.</summary>
    public void Ended(string name, string status) =>
        RuntimeMetrics.Orchestrations.Add(1, _hub, Task(name), new(RuntimeMetrics.Outcome, status));

    /// <summary>This host has taken the hub.</summary>
    public void Taken()
    {
        RuntimeMetrics.HubsHeld.Add(1, _hub);
        RuntimeMetrics.HubTakeovers.Add(1, _hub);
    }

    /// <summary>This host no longer holds the hub.</summary>
    public void GivenUp(bool wasLost)
    {
        RuntimeMetrics.HubsHeld.Add(-1, _hub);
        if (wasLost)
        {
            RuntimeMetrics.HubLosses.Add(1, _hub);
        }
    }

    private static KeyValuePair<string, object?> Task(string name) => new(RuntimeMetrics.TaskName, name);

    private sealed class Level : IDisposable
    {
        private readonly UpDownCounter<long> _level;
        private readonly KeyValuePair<string, object?>[] _tags;
        private readonly Histogram<double>? _duration;
        private readonly TimeProvider? _time;
        private readonly long _begun;

        public Level(UpDownCounter<long> level, KeyValuePair<string, object?>[] tags, Histogram<double>? duration = null, TimeProvider? time = null)
        {
            (_level, _tags, _duration, _time) = (level, tags, duration, time);
            _begun = time?.GetTimestamp() ?? 0;
            _level.Add(1, _tags);
        }

        public void Dispose()
        {
            _level.Add(-1, _tags);
            if (_time is not null)
            {
                _duration?.Record(_time.GetElapsedTime(_begun).TotalSeconds, _tags);
            }
        }
    }
}
