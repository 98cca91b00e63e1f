using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Leases;
using DrFunctions.LocalRuntime.Durable.Replay;
using DrFunctions.LocalRuntime.Durable.Sessions;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable;

/// <summary>
/// Runs the orchestrations of one task hub while it holds the hub's lease, and waits for the lease while another host does.
/// Nothing here ever stops the process: a silent store is waited for, a lost lease is waited for again.
/// </summary>
internal sealed class DurableEngine : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestWaitForLease = TimeSpan.FromSeconds(1);

    private readonly DurableOptions _options;
    private readonly TimeProvider _time;
    private readonly StoreGuard _guard;
    private readonly HubLease _lease;
    private readonly EngineParts _parts;
    private readonly ILogger _logger;
    private readonly WakeSignal _wake;
    private readonly HubMetrics _metrics;
    private readonly CancellationTokenSource _stop = new();
    private volatile HubSession? _session;
    private readonly Lock _gate = new();
    private Task _loop = Task.CompletedTask;
    private Task? _stopped;
    private bool _saidWaiting;

    public DurableEngine(
        DurableOptions options,
        IDurableFunctions functions,
        IHubStore store,
        TimeProvider time,
        ILoggerFactory loggerFactory)
    {
        _options = options;
        _time = time;
        _logger = loggerFactory.CreateLogger<DurableEngine>();
        _metrics = new HubMetrics(options.HubName, time);
        _guard = new StoreGuard(new MeasuredHubStore(store, options.HubName, time), time, _logger);
        _wake = new WakeSignal(time);
        var owner = options.NewId();
        _lease = new HubLease(_guard, time, owner, options.LeaseTime);
        var call = new StoreCall(_guard, Timeout.InfiniteTimeSpan, _lease.TrustedAsync); // A write that is tried again may be late.
        _parts = new EngineParts(
            options,
            functions,
            call,
            new InstanceRepository(call),
            new OrchestratorTurn(functions, options.DataConverter, loggerFactory),
            new InstanceSignals(),
            time,
            _logger,
            owner,
            _metrics);
    }

    /// <summary>Tells when an instance changes here.</summary>
    public InstanceSignals Signals => _parts.Signals;

    /// <summary>The store, retried as the engine does.</summary>
    public StoreGuard Store => _guard;

    /// <summary>Where the hub's client logs too.</summary>
    public ILogger Logger => _logger;

    /// <summary>Whether this host holds the hub.</summary>
    public bool HoldsHub => Holding is not null;

    /// <summary>The fencing number while this host holds the hub, or 0.</summary>
    public long Fence => Holding?.Fence ?? 0;

    /// <summary>How many instances are in memory.</summary>
    public int ActiveInstances => _session?.ActiveInstances ?? 0;

    private HubSession? Holding => _lease.IsTrusted && _session is { IsLost: false } session ? session : null;

    /// <summary>Begins to wait for the hub; returns at once.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Lets running activities end for a while, records what has ended, and gives the hub back. Once: all callers wait for that.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _stopped ??= _stop.IsCancellationRequested ? Task.CompletedTask : StopOnceAsync(cancellationToken);
        }
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        if (_session is { } session)
        {
            await session.DrainAsync(cancellationToken);
        }

        await _stop.CancelAsync();
        await _loop;
        EndSession();
        await ReleaseAsync(cancellationToken);
    }

    /// <summary>Takes up an instance, which this process has just created or only looks at; false if this host does not hold the hub.</summary>
    public bool TryTakeUp(string instanceId, StoredInstance? created = null)
    {
        if (Holding is not { } session)
        {
            return false;
        }

        session.Post(instanceId, created is null ? new Look() : new Created(created));
        return true;
    }

    /// <summary>Writes a message for an instance; if this host holds the hub, the instance has it at once.</summary>
    public Task SendAsync(string document, InboxMessage message, StoreCall store, CancellationToken ct) => Holding is { } session
        ? session.Inbox.SendAsync(document, message, store, ct)
        : store.CreateAsync(document, new DocumentContent(message.ToBytes()), ct);

    public void Dispose()
    {
        _stop.Cancel();
        EndSession();
    }

    private async Task RunAsync()
    {
        var isCreated = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!isCreated)
                {
                    await _guard.OnceAsync(CreateAsync, _stop.Token);
                    isCreated = true;
                }

                await KeepLeaseAsync();
            }
            catch (HubStoreException)
            {
                // The guard has said so. Who holds the lease has not changed; writes wait until it is trusted again.
                isCreated = false;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The border: an unreadable lease record, say, is logged and looked at again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                EngineLog.Broken(_logger, e, _options.HubName);
            }

            await PauseAsync();
        }
    }

    private static async Task<bool> CreateAsync(IHubStore store, CancellationToken ct)
    {
        await store.EnsureCreatedAsync(ct);
        return true;
    }

    private async Task KeepLeaseAsync()
    {
        if (_session is { IsLost: true })
        {
            EndSession(wasLost: true);
            _lease.Lose();
        }

        using var timeout = new CancellationTokenSource(_options.RenewInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
        bool held;
        try
        {
            held = await _lease.RenewOrTakeAsync(either.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return; // Too slow to count; the next attempt finds out what has happened.
        }

        if (held && _session is null)
        {
            EngineLog.Taken(_logger, _options.HubName, _lease.Fence);
            _saidWaiting = false;
            var session = new HubSession(_parts, _lease, _wake.Set);
            _session = session;
            _metrics.Taken();
            session.Start();
        }
        else if (!held && _session is not null)
        {
            EngineLog.Lost(_logger, _options.HubName, "another host has taken the lease.");
            EndSession(wasLost: true);
        }
        else if (!held && !_saidWaiting)
        {
            EngineLog.Waiting(_logger, _options.HubName);
            _saidWaiting = true;
        }
    }

    private async Task PauseAsync()
    {
        var pause = _lease.IsHeld ? _options.RenewInterval
            : _lease.UntilTaking < LongestWaitForLease && _lease.UntilTaking > TimeSpan.Zero ? _lease.UntilTaking
            : LongestWaitForLease;
        try
        {
            await _wake.WaitAsync(pause, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop sees it.
        }
    }

    private void EndSession(bool wasLost = false)
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            session.End();
            _metrics.GivenUp(wasLost);
        }
    }

    private async Task ReleaseAsync(CancellationToken ct)
    {
        if (!_lease.IsHeld)
        {
            return;
        }

        try
        {
            await _lease.ReleaseAsync(ct);
            EngineLog.Released(_logger, _options.HubName);
        }
        catch (Exception e) when (e is HubStoreException or OperationCanceledException)
        {
            EngineLog.NotReleased(_logger, _options.HubName, e.Message);
        }
    }
}
