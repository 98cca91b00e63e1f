using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Sessions;
using DrFunctions.LocalRuntime.Durable.Tracing;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>
/// One instance in memory while it has something to do: takes up what arrives, runs a turn, writes the state, and only then does
/// what the turn asked for. One write a turn. One caller at a time.
/// </summary>
internal sealed class HeldInstance
{
    private readonly HubSession _session;
    private readonly string _instanceId;
    private readonly EngineParts _parts;
    private readonly TakenMessages _taken;
    private readonly FollowUps _followUps;
    private InstanceState? _state;
    private string _etag = "";
    private bool _isAsRead;
    private InstanceState? _over;

    public HeldInstance(HubSession session, string instanceId)
    {
        _session = session;
        _instanceId = instanceId;
        _parts = session.Parts;
        _taken = new TakenMessages(session);
        _followUps = new FollowUps(session, _taken, instanceId);
    }

    /// <summary>Whether it is in memory.</summary>
    public bool IsHeld => _state is not null;

    /// <summary>The next time at which something is due without anybody's doing; null if nothing is.</summary>
    public DateTimeOffset? NextDue => _state?.NextDue();

    /// <summary>Forgets what is in memory; the next arrival reads it anew.</summary>
    public void Forget() => _state = null;

    /// <summary>Handles what has arrived, together.</summary>
    public async Task HandleAsync(List<Arrival> batch)
    {
        var changed = _state is null && await LoadAsync(batch);
        if (_state is not { } state)
        {
            await DismissAsync(batch);
            return;
        }

        var settled = SettledWork.Before(state);
        var done = new List<string>();
        foreach (var arrival in batch)
        {
            changed |= Take(state, arrival, done);
        }

        var now = _parts.Time.GetUtcNow();
        changed |= state.TakeDueTimers(now);
        if (state.IsReady(now))
        {
            RunTurn(state, now);
            changed = true;
        }

        if (changed)
        {
            await CommitAsync(state, now);
            settled.Report(_parts.Metrics, now);
        }

        await FollowUpAsync(state);
        if (state.IsReady(now))
        {
            _session.Post(_instanceId, new Look()); // It has started over: what came meanwhile, a termination say, is taken up with the next turn.
        }

        foreach (var document in done)
        {
            await _session.Inbox.DeleteAsync(document);
        }

        if (!state.HasWork)
        {
            _state = null; // The id may be in use again: whatever comes next reads it anew.
        }
    }

    /// <summary>
    /// Reads the instance, or takes it as it was created here; says whether it must be written, to fence off the host before.
    /// </summary>
    private async Task<bool> LoadAsync(List<Arrival> batch)
    {
        var created = batch.OfType<Created>().LastOrDefault()?.Instance;
        var found = created ?? await _parts.Instances.LoadAsync(_instanceId, InstanceParts.Everything, _session.Ended);
        if (found is null || !found.State.HasWork)
        {
            _over = found?.State;
            return false;
        }

        _state = found.State;
        _etag = found.ETag;
        _isAsRead = created is null;
        _taken.Loaded(_state);
        return _state.Fence != _session.Fence;
    }

    /// <summary>Answers for an instance that does not exist or has ended.</summary>
    private async Task DismissAsync(List<Arrival> batch)
    {
        foreach (var message in batch.OfType<Message>())
        {
            if (message.Content.Kind != InboxKind.Start)
            {
                EngineLog.Dismissed(_parts.Logger, message.Content.Kind, _instanceId);
            }
            else if (_over?.FirstExecutionId != message.Content.ExecutionId)
            {
                await _session.Inbox.AwaitStartAsync(message.Document);
                continue;
            }

            await _session.Inbox.DeleteAsync(message.Document);
        }

        if (_over is { IsFinished: true, Parent: { } parent })
        {
            // What follows the last write may have gone wrong before its parent was told.
            _session.Post(parent.InstanceId, ChildStarts.End(_over, parent));
        }

        _over = null;
    }

    private bool Take(InstanceState state, Arrival arrival, List<string> done)
    {
        if (arrival is Message come)
        {
            _taken.HasCome(come.Document);
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
        var (history, arrived, begun) = (state.History.Events, state.Arrived, _parts.Time.GetTimestamp());
        var outcome = _parts.Turn.Run(state, arrived, turnTime, _session.Ended);
        _session.Ended.ThrowIfCancellationRequested();
        state.Record(turnTime, outcome);
        _parts.Metrics.Turn(state.Name, history, arrived, turnTime, begun);
        if (outcome.Failure is { } failure)
        {
            EngineLog.OrchestratorFailed(_parts.Logger, state.Name, _instanceId, failure.ErrorType, failure.ErrorMessage);
        }
    }

    private async Task CommitAsync(InstanceState state, DateTimeOffset now)
    {
        state.Commit = await _session.NextCommitAsync();
        state.Fence = _session.Fence;
        state.UpdatedAt = now;
        _etag = await _parts.Instances.SaveAsync(state, _etag, _session.Ended)
            ?? throw (_isAsRead ? new FencedException(_instanceId) : new StaleInstanceException());
        _isAsRead = true;
        _parts.Signals.Changed(_instanceId, state.Status);
    }

    private async Task FollowUpAsync(InstanceState state)
    {
        var hasSent = await _followUps.RunAsync(state);
        if (hasSent && state.IsFinished)
        {
            // No later turn writes that nothing is left to send. If the id was used again meanwhile, that start has kept the rest.
            state.Commit = await _session.NextCommitAsync();
            _etag = await _parts.Instances.SaveAsync(state, _etag, _session.Ended) ?? "";
        }
    }
}
