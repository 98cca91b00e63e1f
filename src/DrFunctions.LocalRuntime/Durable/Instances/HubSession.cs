using System.Collections.Concurrent;
using System.Text.Json;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Leases;
using DrFunctions.LocalRuntime.Durable.Replay;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>What a session works with; the same for every session of an engine.</summary>
internal sealed record EngineParts(
    DurableOptions Options,
    IDurableFunctions Functions,
    StoreCall Store,
    InstanceRepository Instances,
    OrchestratorTurn Turn,
    InstanceSignals Signals,
    TimeProvider Time,
    ILogger Logger,
    string Owner);

/// <summary>
/// The time between taking the hub and losing it: a worker for each instance that has something to do, the look into the inbox,
/// and the activities. Thread-safe. Whatever it holds in memory is gone with it; the store has all that counts.
/// </summary>
internal sealed class HubSession : IDisposable
{
    private static readonly TimeSpan LongestAwaitedStart = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, InstanceWorker> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _inHand = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _awaitedStarts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _activitySlots;
    private readonly HubLease _lease;
    private readonly WakeSignal _wake;
    private readonly Action _onLost;
    private int _commits;

    public HubSession(EngineParts parts, HubLease lease, Action onLost)
    {
        Parts = parts;
        Fence = lease.Fence;
        Ended = _ended.Token;
        _lease = lease;
        _onLost = onLost;
        _wake = new WakeSignal(parts.Time);
        _activitySlots = new SemaphoreSlim(parts.Options.MaxConcurrentActivities);
        TurnSlots = new SemaphoreSlim(parts.Options.MaxConcurrentOrchestrators);
    }

    public EngineParts Parts { get; }

    /// <summary>The fencing number.</summary>
    public long Fence { get; }

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether the hub was lost, or the session broke.</summary>
    public bool IsLost { get; private set; }

    /// <summary>How many orchestrators may still run at once.</summary>
    public SemaphoreSlim TurnSlots { get; }

    /// <summary>Instances held in memory.</summary>
    public int ActiveInstances => _workers.Count;

    /// <summary>Takes up every instance that has something to do, then looks into the inbox until the end.</summary>
    public void Start() => Track(Task.Run(RunAsync));

    /// <summary>Hands something to an instance.</summary>
    public void Post(string instanceId, Arrival arrival)
    {
        while (!_ended.IsCancellationRequested
            && !_workers.GetOrAdd(instanceId, id => new InstanceWorker(this, id)).Post(arrival))
        {
            // The worker has just retired; the next one is new.
        }
    }

    /// <summary>Looks into the inbox now.</summary>
    public void LookIntoInbox() => _wake.Set();

    /// <summary>Forgets a worker that has nothing more to do.</summary>
    public void Retire(string instanceId, InstanceWorker worker) =>
        _workers.TryRemove(new KeyValuePair<string, InstanceWorker>(instanceId, worker));

    /// <summary>
    /// Claims a message that the host before has taken up; false if it is being read here: then it comes, though nobody needs it,
    /// and must be known until then.
    /// </summary>
    public bool TryClaim(string document) => _inHand.TryAdd(document, 0);

    /// <summary>Deletes a message that is taken up or void; waits until the lease is trusted.</summary>
    public async Task DeleteMessageAsync(string document)
    {
        await TrustedAsync();
        await Parts.Store.DeleteAsync(document, null, Ended);
        _awaitedStarts.TryRemove(document, out _);
        _inHand.TryRemove(document, out _);
    }

    /// <summary>Keeps the notice of a start whose instance is not there (yet), for a minute.</summary>
    public async Task AwaitStartAsync(string document)
    {
        var since = _awaitedStarts.GetOrAdd(document, _ => Parts.Time.GetTimestamp());
        if (Parts.Time.GetElapsedTime(since) < LongestAwaitedStart)
        {
            _inHand.TryRemove(document, out _);
        }
        else
        {
            await DeleteMessageAsync(document);
        }
    }

    /// <summary>A name for a write; waits until the lease is trusted.</summary>
    public async Task<string> NextCommitAsync()
    {
        await TrustedAsync();
        return $"{Parts.Owner}-{Fence}-{Interlocked.Increment(ref _commits)}";
    }

    /// <summary>Starts an activity; its answer goes to the worker's instance.</summary>
    public void RunActivity(InstanceState state, TaskScheduled task)
    {
        if (!_stopping.IsCancellationRequested)
        {
            var (instanceId, executionId, trace) = (state.InstanceId, state.ExecutionId, state.TraceParent);
            Track(Task.Run(() => RunActivityAsync(instanceId, executionId, task, trace)));
        }
    }

    /// <summary>Keeps a task until it ends, so that a stop can wait for it.</summary>
    public void Track(Task task)
    {
        _running.TryAdd(task, 0);
        task.ContinueWith(
            done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends the session because another host has the hub.</summary>
    public void Lose(Exception reason)
    {
        EngineLog.Lost(Parts.Logger, Parts.Options.HubName, reason.Message);
        IsLost = true;
        _ended.Cancel();
        _onLost();
    }

    /// <summary>Starts nothing new, tells running activities to stop and waits for their answers to be recorded.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(Parts.Options.StopGrace, Parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            while (!_running.IsEmpty)
            {
                await Task.WhenAll(_running.Keys).WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            EngineLog.StillRunning(Parts.Logger, _running.Count);
        }
    }

    /// <summary>Ends the session.</summary>
    public void End()
    {
        _ended.Cancel();
        _stopping.Cancel();
        foreach (var worker in _workers.Values)
        {
            worker.Dispose();
        }
    }

    public void Dispose()
    {
        End();
        _ended.Dispose();
        _stopping.Dispose();
    }

    private async Task TrustedAsync()
    {
        for (var renewal = _lease.NextRenewal; !_lease.IsTrusted; renewal = _lease.NextRenewal)
        {
            await renewal.WaitAsync(Ended);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await TakeOverAsync();
            while (!_stopping.IsCancellationRequested)
            {
                await ReadInboxAsync();
                await _wake.WaitAsync(Parts.Options.PollInterval, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            // The session is over.
        }
#pragma warning disable CA1031 // The border: whatever broke is logged, and the engine takes the hub anew.
        catch (Exception e)
#pragma warning restore CA1031
        {
            EngineLog.Broken(Parts.Logger, e, Parts.Options.HubName);
            Lose(e);
        }
    }

    private async Task TakeOverAsync()
    {
        string? continuation = null;
        do
        {
            var (instances, next) = await Parts.Instances.ListAsync("", continuation, 5000, Ended);
            foreach (var instance in instances.Where(instance => instance.HasWork))
            {
                Post(instance.InstanceId, new Look());
            }

            continuation = next;
        }
        while (continuation is not null);
    }

    private async Task ReadInboxAsync()
    {
        string? continuation = null;
        do
        {
            var page = await Parts.Store.ListAsync(HubNames.Inbox, continuation, 1000, Ended);
            foreach (var listed in page.Documents.Where(listed => _inHand.TryAdd(listed.Name, 0)))
            {
                await ReadMessageAsync(listed.Name);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private async Task ReadMessageAsync(string document)
    {
        var found = await Parts.Store.ReadAsync(document, Ended);
        if (found is null)
        {
            _inHand.TryRemove(document, out _);
            return;
        }

        try
        {
            var message = InboxMessage.Parse(found.Body);
            Post(message.InstanceId, new Message(document, message));
        }
        catch (JsonException e)
        {
            EngineLog.Unreadable(Parts.Logger, document, e.Message); // It stays where it is, for whoever looks.
        }
    }

    private async Task RunActivityAsync(string instanceId, string executionId, TaskScheduled task, string? trace)
    {
        HistoryEvent answer;
        try
        {
            await _activitySlots.WaitAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return; // Not started: the next host starts it.
        }

        try
        {
            if (!Parts.Functions.HasActivity(task.Name))
            {
                throw new InvalidOperationException($"The app has no activity named '{task.Name}'.");
            }

            var result = await Parts.Functions.RunActivityAsync(task.Name, instanceId, task.Input?.Json, trace, _stopping.Token);
            answer = new TaskCompleted(task.Id, Payload.Of(result));
        }
#pragma warning disable CA1031 // The border to the app: whatever an activity throws is its answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_stopping.IsCancellationRequested)
            {
                EngineLog.ActivityStopped(Parts.Logger, task.Name, instanceId);
                return; // It was told to stop, so this is no answer; it runs again.
            }

            EngineLog.ActivityFailed(Parts.Logger, e, task.Name, instanceId);
            answer = new TaskFailed(task.Id, TaskFailureDetails.FromException(e));
        }
        finally
        {
            _activitySlots.Release();
        }

        Post(instanceId, new Answer(executionId, answer));
    }
}
