using System.Diagnostics;
using DrFunctions.LocalRuntime.Durable.Sessions;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>
/// Gives one instance what arrives for it, in order and in one place at a time: a mailbox, a place in the queue of those that have
/// something to handle, and a timer. What it cannot handle is kept and tried again after a pause. Thread-safe.
/// </summary>
internal sealed class InstanceWorker(HubSession session, string instanceId) : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HeldInstance _instance = new(session, instanceId);
    private readonly EngineParts _parts = session.Parts;
    private List<Arrival> _mailbox = [];
    private ITimer? _timer;
    private IDisposable? _waiting;
    private bool _isQueued;
    private bool _isRetired;
    private bool _isBroken;
    private TimeSpan _pause = FirstPause;

    /// <summary>Hands something over; false if the worker has retired.</summary>
    public bool Post(Arrival arrival)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            _mailbox.Add(arrival);
            if (_isQueued || _isBroken)
            {
                return true;
            }

            _isQueued = true;
        }

        Enqueue();
        return true;
    }

    /// <summary>Handles what is in the mailbox, once: another instance's turn comes before this one's next.</summary>
    public async Task RunAsync()
    {
        _waiting?.Dispose();
        Activity.Current = null; // Whoever handed something over did not ask for the work that follows.
        using var running = _parts.Metrics.OrchestratorRuns();
        if (session.Ended.IsCancellationRequested)
        {
            return;
        }

        var batch = TakeMailbox();
        try
        {
            await _instance.HandleAsync(batch);
            SetTimer(UntilDue());
            _pause = FirstPause;
        }
        catch (OperationCanceledException) when (session.Ended.IsCancellationRequested)
        {
            return; // The session is over; what was not written is found again by the next.
        }
        catch (StaleInstanceException)
        {
            Return([.. batch.Where(arrival => arrival is not Created), new Look()]);
        }
        catch (FencedException e)
        {
            session.Lose(e);
            return;
        }
#pragma warning disable CA1031 // The border: one broken instance must not stop the others; it is looked at again after a pause.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Break(e, batch);
            return;
        }

        GoOn();
    }

    public void Dispose() => _timer?.Dispose();

    private List<Arrival> TakeMailbox()
    {
        lock (_gate)
        {
            var batch = _mailbox;
            _mailbox = [];
            return batch;
        }
    }

    /// <summary>Queues again if more has come; retires if there is nothing left to do.</summary>
    private void GoOn()
    {
        lock (_gate)
        {
            if (_mailbox.Count == 0)
            {
                _isQueued = false;
                if (!_instance.IsHeld)
                {
                    _isRetired = true;
                    _timer?.Dispose();
                    session.Retire(instanceId, this);
                }

                return;
            }
        }

        Enqueue();
    }

    private void Enqueue()
    {
        _waiting = _parts.Metrics.OrchestratorWaits();
        session.Turns.Enqueue(this);
    }

    /// <summary>Forgets what is in memory, keeps what has arrived, and looks again after a pause.</summary>
    private void Break(Exception e, List<Arrival> batch)
    {
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        EngineLog.InstanceBroken(_parts.Logger, e, instanceId, pause.TotalSeconds);
        Return(batch);
        lock (_gate)
        {
            _isBroken = true;
            _isQueued = false;
        }

        SetTimer(pause);
    }

    /// <summary>Forgets what is in memory; what has arrived is handled again, before what has come since.</summary>
    private void Return(List<Arrival> batch)
    {
        _instance.Forget();
        lock (_gate)
        {
            _mailbox = [.. batch, .. _mailbox];
        }
    }

    private TimeSpan UntilDue()
    {
        var due = _instance.NextDue - _parts.Time.GetUtcNow();
        return due is not { } wait ? Timeout.InfiniteTimeSpan
            : wait <= TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1)
            : wait < LongestTimer ? wait : LongestTimer;
    }

    private void SetTimer(TimeSpan pause)
    {
        if (_timer is null && pause == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        _timer ??= _parts.Time.CreateTimer(_ => LookAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(pause, Timeout.InfiniteTimeSpan);
    }

    private void LookAgain()
    {
        lock (_gate)
        {
            _isBroken = false;
        }

        Post(new Look());
    }
}
