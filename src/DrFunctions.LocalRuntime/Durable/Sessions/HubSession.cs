using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Leases;

namespace DrFunctions.LocalRuntime.Durable.Sessions;

/// <summary>
/// The time between taking the hub and losing it: a worker for each instance that has something to do, the inbox, and the
/// activities. Thread-safe. Whatever it holds in memory is gone with it; the store has all that counts.
/// </summary>
internal sealed class HubSession : IDisposable
{
    private readonly ConcurrentDictionary<string, InstanceWorker> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stopping = new();
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
        Activities = new ActivityRunner(this, _stopping.Token);
        Inbox = new Inbox(this);
        Turns = new WorkQueue<InstanceWorker>(parts.Options.MaxConcurrentOrchestrators, worker => worker.RunAsync(), Track);
    }

    public EngineParts Parts { get; }

    /// <summary>The fencing number.</summary>
    public long Fence { get; }

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether the hub was lost, or the session broke.</summary>
    public bool IsLost { get; private set; }

    public ActivityRunner Activities { get; }

    public Inbox Inbox { get; }

    /// <summary>The workers that have something to handle.</summary>
    public WorkQueue<InstanceWorker> Turns { get; }

    /// <summary>Instances held in memory.</summary>
    public int ActiveInstances => _workers.Count;

    /// <summary>Takes up every instance that has something to do, then looks into the inbox until the end.</summary>
    public void Start() => Track(Task.Run(RunAsync));

    /// <summary>Hands something to an instance.</summary>
    public void Post(string instanceId, Arrival arrival)
    {
        while (!_ended.IsCancellationRequested
            && !_workers.GetOrAdd(instanceId, static (id, session) => new InstanceWorker(session, id), this).Post(arrival))
        {
            // The worker has just retired; the next one is new.
        }
    }

    /// <summary>Looks into the inbox now.</summary>
    public void LookIntoInbox() => _wake.Set();

    /// <summary>Forgets a worker that has nothing more to do.</summary>
    public void Retire(string instanceId, InstanceWorker worker) =>
        _workers.TryRemove(new KeyValuePair<string, InstanceWorker>(instanceId, worker));

    /// <summary>Waits until no other host can have taken the hub.</summary>
    public Task TrustedAsync() => _lease.TrustedAsync(Ended);

    /// <summary>A name for a write; waits until the lease is trusted.</summary>
    public async Task<string> NextCommitAsync()
    {
        await TrustedAsync();
        return $"{Parts.Owner}-{Fence}-{Interlocked.Increment(ref _commits)}";
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

    private async Task RunAsync()
    {
        try
        {
            await TakeOverAsync();
            while (!_stopping.IsCancellationRequested)
            {
                await Inbox.ReadAsync();
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
            var (working, next) = await Parts.Instances.ListWorkAsync(continuation, Ended);
            foreach (var instanceId in working)
            {
                Post(instanceId, new Look());
            }

            continuation = next;
        }
        while (continuation is not null);
    }
}
