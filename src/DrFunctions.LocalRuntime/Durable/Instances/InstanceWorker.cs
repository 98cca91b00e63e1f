using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>
/// Drives one instance: takes up what arrives, runs a turn, writes the state, and only then does what the turn asked for. One
/// write a turn. What was asked for and perhaps not done is done again after a take-over, which is harmless: activities are
/// at-least-once, sub-orchestrations and sent events are known by their ids.
/// </summary>
internal sealed class InstanceWorker(HubSession session, string instanceId) : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<Arrival> _mailbox = new();
    private readonly HashSet<int> _asked = [];
    private readonly HashSet<string> _takenBefore = new(StringComparer.Ordinal);
    private readonly EngineParts _parts = session.Parts;
    private InstanceState? _state;
    private string _etag = "";
    private string _askedBy = "";
    private ITimer? _timer;
    private bool _isBusy;
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

            _mailbox.Enqueue(arrival);
            if (!_isBusy && !_isBroken)
            {
                _isBusy = true;
                session.Track(Task.Run(RunAsync));
            }

            return true;
        }
    }

    public void Dispose() => _timer?.Dispose();

    private async Task RunAsync()
    {
        List<Arrival>? inHand = null;
        try
        {
            await session.TurnSlots.WaitAsync(session.Ended);
            try
            {
                while ((inHand = TakeBatch()) is not null)
                {
                    await HandleAsync(inHand);
                    _pause = FirstPause;
                }
            }
            finally
            {
                session.TurnSlots.Release();
            }
        }
        catch (OperationCanceledException) when (session.Ended.IsCancellationRequested)
        {
            // The session is over; what was not written is found again by the next.
        }
        catch (FencedException e)
        {
            session.Lose(e);
        }
#pragma warning disable CA1031 // The border: one broken instance must not stop the others; it is looked at again after a pause.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Break(e, inHand ?? []);
        }
    }

    /// <summary>Forgets what is in memory, keeps what has arrived, and looks again after a pause.</summary>
    private void Break(Exception e, List<Arrival> inHand)
    {
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        EngineLog.InstanceBroken(_parts.Logger, e, instanceId, pause.TotalSeconds);
        lock (_gate)
        {
            List<Arrival> waiting = [.. inHand, .. _mailbox];
            _mailbox.Clear();
            waiting.ForEach(_mailbox.Enqueue);
            _state = null;
            _isBroken = true;
            _isBusy = false;
        }

        SetTimer(pause);
    }

    private List<Arrival>? TakeBatch()
    {
        lock (_gate)
        {
            if (_mailbox.Count > 0)
            {
                var batch = _mailbox.ToList();
                _mailbox.Clear();
                return batch;
            }

            _isBusy = false;
            if (_state is null)
            {
                _isRetired = true;
                _timer?.Dispose();
                session.Retire(instanceId, this);
            }

            return null;
        }
    }

    private async Task HandleAsync(List<Arrival> batch)
    {
        var changed = _state is null && await LoadAsync();
        if (_state is not { } state)
        {
            await DismissAsync(batch);
            return;
        }

        var done = new List<string>();
        foreach (var arrival in batch)
        {
            changed |= Take(state, arrival, done);
        }

        var now = _parts.Time.GetUtcNow();
        changed |= state.TakeDueTimers(now);
        var documentsBefore = state.Payloads().Any(p => p.Document is not null) ? state.ExecutionId : null;
        if (state.IsReady(now))
        {
            RunTurn(state, now);
            changed = true;
        }

        if (changed)
        {
            await CommitAsync(state, now);
        }

        await FollowUpAsync(state, documentsBefore);
        if (state.IsReady(now))
        {
            Post(new Look()); // It has started over: what came meanwhile, a termination say, is taken up with the next turn.
        }

        foreach (var document in done)
        {
            await session.DeleteMessageAsync(document);
        }

        ArmTimer(state);
        if (!state.HasWork)
        {
            _state = null; // The id may be in use again: whatever comes next reads it anew.
        }
    }

    /// <summary>Reads the instance; says whether it must be written, to fence off the host before.</summary>
    private async Task<bool> LoadAsync()
    {
        var found = await _parts.Instances.LoadAsync(instanceId, withPayloads: true, session.Ended);
        if (found is null || !found.State.HasWork)
        {
            return false;
        }

        _state = found.State;
        _etag = found.ETag;
        _takenBefore.UnionWith(_state.Taken);
        return _state.Fence != session.Fence;
    }

    /// <summary>Answers for an instance that does not exist or has ended.</summary>
    private async Task DismissAsync(List<Arrival> batch)
    {
        foreach (var message in batch.OfType<Message>())
        {
            if (message.Content.Kind == InboxKind.Start)
            {
                await session.AwaitStartAsync(message.Document);
            }
            else
            {
                EngineLog.Dismissed(_parts.Logger, message.Content.Kind, instanceId);
                await session.DeleteMessageAsync(message.Document);
            }
        }
    }

    private bool Take(InstanceState state, Arrival arrival, List<string> done)
    {
        if (arrival is Message come)
        {
            _takenBefore.Remove(come.Document);
        }

        switch (arrival)
        {
            case Answer answer:
                return state.Take(answer);
            case Message message when state.Take(message):
                return true;
            case Message message:
                done.Add(message.Document);
                return false;
            default:
                return false;
        }
    }

    private void RunTurn(InstanceState state, DateTimeOffset now)
    {
        var turnTime = state.TurnTime(now);
        var outcome = _parts.Turn.Run(state, state.Arrived, turnTime, session.Ended);
        session.Ended.ThrowIfCancellationRequested();
        state.Record(turnTime, outcome);
        if (outcome.Failure is { } failure)
        {
            EngineLog.OrchestratorFailed(_parts.Logger, state.Name, instanceId, failure.ErrorType, failure.ErrorMessage);
        }
    }

    private async Task CommitAsync(InstanceState state, DateTimeOffset now)
    {
        state.Commit = await session.NextCommitAsync();
        state.Fence = session.Fence;
        state.UpdatedAt = now;
        _etag = await _parts.Instances.SaveAsync(state, _etag, session.Ended) ?? throw new FencedException(instanceId);
        _parts.Signals.Changed(instanceId);
    }

    /// <summary>Does what the state says is to be done, and has perhaps not been.</summary>
    private async Task FollowUpAsync(InstanceState state, string? documentsBefore)
    {
        if (_askedBy != state.ExecutionId)
        {
            _askedBy = state.ExecutionId;
            _asked.Clear();
        }

        if (state.Status != OrchestrationRuntimeStatus.Terminated)
        {
            foreach (var action in state.Outstanding().Where(action => !_asked.Contains(action.Id)).ToList())
            {
                await DoAsync(state, action);
                _asked.Add(action.Id);
            }
        }

        foreach (var document in state.Taken.ToList())
        {
            if (_takenBefore.Contains(document) && !session.TryClaim(document))
            {
                continue;
            }

            _takenBefore.Remove(document);
            await session.DeleteMessageAsync(document);
            state.Taken.Remove(document);
        }

        await SendAsync(state);
        if (documentsBefore is not null && documentsBefore != state.ExecutionId)
        {
            await _parts.Instances.DeleteAllAsync(HubNames.PayloadsOf(instanceId, documentsBefore), session.Ended);
        }

        if (state is { IsFinished: true, Parent: { } parent })
        {
            session.Post(parent.InstanceId, ChildEnd(state, parent));
        }
    }

    private async Task DoAsync(InstanceState state, ActionEvent action)
    {
        switch (action)
        {
            case TaskScheduled task:
                session.RunActivity(state, task);
                break;
            case SubOrchestrationScheduled child:
                await StartChildAsync(state, child);
                break;
        }
    }

    private async Task SendAsync(InstanceState state)
    {
        if (state.Outbox.Count == 0)
        {
            return;
        }

        foreach (var outgoing in state.Outbox.ToList())
        {
            var message = outgoing.Message with
            {
                Output = Payload.Afresh(outgoing.Message.Output),
                Event = outgoing.Message.Event is { } sent ? sent with { Input = Payload.Afresh(sent.Input) } : null,
            };
            await _parts.Store.CreateAsync(outgoing.Name, new DocumentContent(message.ToBytes()), session.Ended);
            state.Outbox.Remove(outgoing);
        }

        session.LookIntoInbox();
        if (state.IsFinished)
        {
            // No later turn writes that nothing is left to send. If the id was used again meanwhile, that start has kept the rest.
            state.Commit = await session.NextCommitAsync();
            _etag = await _parts.Instances.SaveAsync(state, _etag, session.Ended) ?? "";
        }
    }

    private async Task StartChildAsync(InstanceState parent, SubOrchestrationScheduled child)
    {
        var me = new ParentTask(parent.InstanceId, parent.ExecutionId, parent.Name, child.Id);
        var problem = ChildProblem(child);
        while (problem is null)
        {
            var found = await _parts.Instances.LoadAsync(child.InstanceId, withPayloads: true, session.Ended);
            if (found?.State.Parent == me)
            {
                if (found.State.IsFinished)
                {
                    session.Post(instanceId, ChildEnd(found.State, me));
                }

                session.Post(child.InstanceId, new Look());
                return;
            }

            if (found is { State.IsFinished: false })
            {
                problem = $"Instance id '{child.InstanceId}' is in use: {found.State.Name} is {found.State.Status}.";
                break;
            }

            var now = _parts.Time.GetUtcNow();
            var input = Payload.Afresh(child.Input);
            var state = InstanceState.New(child.Name, child.InstanceId, _parts.Options.NewId(), input, now, found?.State, parent: me);
            state.TraceParent = parent.TraceParent;
            state.Fence = session.Fence;
            state.Commit = await session.NextCommitAsync();
            if (await _parts.Instances.SaveAsync(state, found?.ETag, session.Ended) is not null)
            {
                session.Post(child.InstanceId, new Look());
                return;
            }
        }

        var failure = TaskFailureDetails.FromException(new InvalidOperationException(problem));
        session.Post(instanceId, new Answer(parent.ExecutionId, new TaskFailed(child.Id, failure)));
    }

    private string? ChildProblem(SubOrchestrationScheduled child)
    {
        if (!_parts.Functions.HasOrchestrator(child.Name))
        {
            return $"The app has no orchestrator named '{child.Name}'.";
        }

        try
        {
            HubNames.ThrowIfNotAnInstanceId(child.InstanceId, nameof(child));
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static Answer ChildEnd(InstanceState child, ParentTask parent) => new(parent.ExecutionId, child.Status switch
    {
        OrchestrationRuntimeStatus.Completed => new TaskCompleted(parent.TaskId, Payload.Afresh(child.Output)),
        OrchestrationRuntimeStatus.Failed => new TaskFailed(parent.TaskId, child.Failure!), // A failed one says how.
        _ => new TaskFailed(parent.TaskId, TaskFailureDetails.FromException(
            new OperationCanceledException($"Orchestration '{child.InstanceId}' was terminated."))),
    });

    private void ArmTimer(InstanceState state)
    {
        var due = state.NextDue() - _parts.Time.GetUtcNow();
        var pause = due is not { } wait ? Timeout.InfiniteTimeSpan
            : wait <= TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1)
            : wait < LongestTimer ? wait : LongestTimer;
        SetTimer(pause);
    }

    private void SetTimer(TimeSpan pause)
    {
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
