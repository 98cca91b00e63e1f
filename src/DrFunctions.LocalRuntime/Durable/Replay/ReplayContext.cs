using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable.Replay;

/// <summary>The context of one replay: collects what the orchestrator asks for and hands it what has happened.</summary>
internal sealed class ReplayContext(
    InstanceState state,
    OrchestratorScheduler scheduler,
    DataConverter converter,
    ILoggerFactory loggerFactory) : TaskOrchestrationContext
{
    private readonly Dictionary<int, IPendingTask> _tasks = [];
    private readonly Dictionary<int, (TimerCreated Timer, TaskCompletionSource Source)> _timers = [];
    private readonly Dictionary<string, Queue<Payload?>> _buffered = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LinkedList<EventWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ActionEvent> _actions = [];
    private DateTime _now;
    private int? _recordedActions;
    private int _nextId;
    private int _nextGuid;

    public override TaskName Name => state.Name;

    public override string InstanceId => state.InstanceId;

    public override ParentOrchestrationInstance? Parent { get; } =
        state.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _recordedActions is not null;

    /// <summary>The input and the events to carry over, once the orchestrator has asked to start over.</summary>
    public (Payload? Input, bool KeepEvents)? Restart { get; private set; }

    /// <summary>The custom status, once it was set.</summary>
    public (bool IsSet, Payload? Value) Status { get; private set; }

    /// <summary>The timers that are set and neither fired nor cancelled.</summary>
    public IEnumerable<TimerCreated> OpenTimers => _timers.Values.Select(open => open.Timer);

    /// <summary>Whether anything is left that could wake the orchestrator.</summary>
    public bool IsWaiting => _tasks.Count > 0 || _timers.Count > 0 || _waiters.Values.Any(list => list.Any(waiter => waiter.IsOpen));

    /// <summary>The events that came and that nobody has waited for.</summary>
    public IEnumerable<EventRaised> UnhandledEvents =>
        _buffered.SelectMany(pair => pair.Value.Select(payload => new EventRaised(pair.Key, Payload.Afresh(payload))));

    protected override ILoggerFactory LoggerFactory => loggerFactory;

    /// <summary>What the orchestrator has asked for in this turn.</summary>
    public IReadOnlyList<ActionEvent> Actions => _actions;

    /// <summary>Begins a turn; one that is replayed has asked for so many actions when it was new.</summary>
    public void BeginTurn(DateTime time, int? recordedActions)
    {
        _now = time;
        _recordedActions = recordedActions;
        _actions.Clear();
    }

    /// <summary>Hands over what has happened.</summary>
    public void Apply(HistoryEvent happened)
    {
        switch (happened)
        {
            case TaskCompleted done:
                Answered(done.Id, done).Complete(done.Result?.Json);
                break;
            case TaskFailed failed:
                Answered(failed.Id, failed).Fail(failed.Failure);
                break;
            case TimerFired fired:
                Fire(fired);
                break;
            case EventRaised raised:
                Raise(raised);
                break;
            default:
                throw new InvalidOperationException($"{happened.GetType().Name} cannot be applied.");
        }
    }

    public override T? GetInput<T>()
        where T : default => converter.Deserialize<T>(state.Input?.Json);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        var payload = SerializeInput(input, options?.Retry);
        return options?.Retry is { } retry ? WithRetriesAsync(retry, Attempt) : Attempt();

        Task<TResult> Attempt() => ScheduleAsync<TResult>(name.Name, new TaskScheduled(_nextId++, name.Name, Payload.Of(payload)));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        var payload = SerializeInput(input, options?.Retry);
        var chosenId = (options as SubOrchestrationOptions)?.InstanceId;
        return options?.Retry is { } retry ? WithRetriesAsync(retry, Attempt) : Attempt();

        Task<TResult> Attempt()
        {
            var id = chosenId ?? NewGuid().ToString("N");
            return ScheduleAsync<TResult>(
                orchestratorName.Name,
                new SubOrchestrationScheduled(_nextId++, orchestratorName.Name, id, Payload.Of(payload)));
        }
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        ThrowIfElsewhere();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var due = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        var timer = new TimerCreated(_nextId++, due);
        var source = new TaskCompletionSource();
        _actions.Add(timer);
        _timers.Add(timer.Id, (timer, source));
        cancellationToken.UnsafeRegister(
            _ =>
            {
                _timers.Remove(timer.Id);
                source.TrySetCanceled(cancellationToken);
            },
            null);
        return source.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ThrowIfElsewhere();
        if (_buffered.TryGetValue(eventName, out var buffered) && buffered.TryDequeue(out var payload))
        {
            return Task.FromResult(converter.Deserialize<T>(payload?.Json)!); // The caller chose T for what is sent, null included.
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var source = new TaskCompletionSource<T>();
        var waiter = new EventWaiter(json => source.SetFrom(json, converter), () => !source.Task.IsCompleted);
        if (!_waiters.TryGetValue(eventName, out var waiters))
        {
            _waiters[eventName] = waiters = new LinkedList<EventWaiter>();
        }

        waiters.AddLast(waiter);
        cancellationToken.UnsafeRegister(_ => source.TrySetCanceled(cancellationToken), null);
        return source.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ThrowIfElsewhere();
        HubNames.ThrowIfNotAnInstanceId(instanceId, nameof(instanceId)); // No store takes a message to any other.
        _actions.Add(new EventSent(_nextId++, instanceId, eventName, Payload.Of(converter.Serialize(payload))));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        ThrowIfElsewhere();
        Status = (true, Payload.Of(converter.Serialize(customStatus)));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        ThrowIfElsewhere();
        Restart = (Payload.Of(converter.Serialize(newInput)), preserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        ThrowIfElsewhere();
        var seed = string.Create(CultureInfo.InvariantCulture, $"{state.InstanceId}\n{state.ExecutionId}\n{_nextGuid++}");
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(seed)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80); // RFC 9562: version 8, the layout is ours.
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>
    /// The input of a task. An action that is recorded has had its input written; only its name is compared, so the input need not
    /// be made again, unless a later attempt will need it.
    /// </summary>
    private string? SerializeInput(object? input, TaskRetryOptions? retry) =>
        retry is null && _actions.Count < _recordedActions ? null : converter.Serialize(input);

    private void Raise(EventRaised raised)
    {
        if (_waiters.TryGetValue(raised.Name, out var waiters))
        {
            while (waiters.First is { } first)
            {
                waiters.RemoveFirst();
                if (first.Value.IsOpen)
                {
                    first.Value.Complete(raised.Input?.Json);
                    return;
                }
            }
        }

        if (!_buffered.TryGetValue(raised.Name, out var buffered))
        {
            _buffered[raised.Name] = buffered = new Queue<Payload?>();
        }

        buffered.Enqueue(raised.Input);
    }

    private void Fire(TimerFired fired)
    {
        if (_timers.Remove(fired.Id, out var open))
        {
            open.Source.TrySetResult();
        }
        else if (fired.Id >= _nextId)
        {
            throw NotScheduled(fired);
        }
    }

    private IPendingTask Answered(int id, HistoryEvent answer) =>
        _tasks.Remove(id, out var awaited) ? awaited : throw NotScheduled(answer);

    private NonDeterminismException NotScheduled(HistoryEvent answer) =>
        new(state.Name, state.InstanceId, answer.ToString(), $"has not asked for #{(answer as TimerFired)?.Id ?? ((answer as TaskCompleted)?.Id ?? ((TaskFailed)answer).Id)}");

    private Task<TResult> ScheduleAsync<TResult>(string name, ActionEvent action)
    {
        ThrowIfElsewhere();
        var pending = new PendingTask<TResult>(name, action.Id, converter);
        _actions.Add(action);
        _tasks.Add(action.Id, pending);
        return pending.Task;
    }

    private async Task<T> WithRetriesAsync<T>(TaskRetryOptions retry, Func<Task<T>> attempt)
    {
        var first = CurrentUtcDateTime;
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException e)
            {
                var again = retry.Policy is { } policy
                    ? await MayRetryAsync(policy, number, first, e.FailureDetails)
                    : await retry.Handler!(new RetryContext( // Either a policy or a handler is set.
                        this, number, e.FailureDetails, CurrentUtcDateTime - first, CancellationToken.None));
                if (!again)
                {
                    throw;
                }
            }
        }
    }

    private async Task<bool> MayRetryAsync(RetryPolicy policy, int number, DateTime first, TaskFailureDetails failure)
    {
        if (number >= policy.MaxNumberOfAttempts || policy.Handles?.Invoke(failure) == false)
        {
            return false;
        }

        var wanted = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, number - 1);
        var pause = TimeSpan.FromMilliseconds(Math.Min(wanted, policy.MaxRetryInterval.TotalMilliseconds));
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && CurrentUtcDateTime + pause - first >= policy.RetryTimeout)
        {
            return false;
        }

        await CreateTimer(pause, CancellationToken.None);
        return true;
    }

    private void ThrowIfElsewhere()
    {
        if (!scheduler.IsOnThread)
        {
            throw new InvalidOperationException(
                $"Orchestrator '{state.Name}' used its context on another thread: an orchestrator awaits only what its context gave out.");
        }
    }

    private sealed class EventWaiter(Action<string?> complete, Func<bool> isOpen)
    {
        public bool IsOpen => isOpen();

        public void Complete(string? json) => complete(json);
    }
}
