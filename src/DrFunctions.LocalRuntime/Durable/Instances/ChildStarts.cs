using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Sessions;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Durable.Tracing;
using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>Starts sub-orchestrations, and tells their parents how they have ended.</summary>
internal sealed class ChildStarts(HubSession session)
{
    private readonly EngineParts _parts = session.Parts;

    /// <summary>Starts a child; one that is there already is looked at, one that cannot start fails the task.</summary>
    public async Task StartAsync(InstanceState parent, SubOrchestrationScheduled child)
    {
        var me = new ParentTask(parent.InstanceId, parent.ExecutionId, parent.Name, child.Id);
        if (Problem(child) is { } problem)
        {
            Fail(me, problem);
            return;
        }

        StoredInstance? there = null; // Most are new: the first attempt looks for nothing.
        while (true)
        {
            var state = await NewAsync(parent, child, me, there);
            if (await TryCreateAsync(state, there))
            {
                return;
            }

            there = await _parts.Instances.FindConflictAsync(state, session.Ended);
            if (there?.State.Parent == me)
            {
                if (there.State.IsFinished)
                {
                    session.Post(parent.InstanceId, End(there.State, me));
                }

                session.Post(child.InstanceId, new Look());
                return;
            }

            if (there is { State.IsFinished: false })
            {
                Fail(me, $"Instance id '{child.InstanceId}' is in use: {there.State.Name} is {there.State.Status}.");
                return;
            }
        }
    }

    /// <summary>How a child has ended, as its parent's task sees it.</summary>
    public static Answer End(InstanceState child, ParentTask parent) => new(parent.ExecutionId, child.Status switch
    {
        OrchestrationRuntimeStatus.Completed => new TaskCompleted(parent.TaskId, Payload.Afresh(child.Output)),
        OrchestrationRuntimeStatus.Failed => new TaskFailed(parent.TaskId, child.Failure!), // A failed one says how.
        _ => new TaskFailed(parent.TaskId, TaskFailureDetails.FromException(
            new OperationCanceledException($"Orchestration '{child.InstanceId}' was terminated."))),
    });

    private async Task<InstanceState> NewAsync(
        InstanceState parent, SubOrchestrationScheduled child, ParentTask me, StoredInstance? inPlaceOf)
    {
        var now = _parts.Time.GetUtcNow();
        var input = Payload.Afresh(child.Input);
        var state = InstanceState.New(child.Name, child.InstanceId, _parts.Options.NewId(), input, now, inPlaceOf?.State, parent: me);
        (state.TraceParent, state.TraceState) = (TraceHeaders.Format(parent.Task(child.Id)), parent.TraceState);
        state.Fence = session.Fence;
        state.Commit = await session.NextCommitAsync();
        return state;
    }

    private async Task<bool> TryCreateAsync(InstanceState state, StoredInstance? inPlaceOf)
    {
        if (await _parts.Instances.SaveAsync(state, inPlaceOf?.ETag, session.Ended) is not { } etag)
        {
            return false;
        }

        session.Post(state.InstanceId, new Created(new StoredInstance(state, etag)));
        return true;
    }

    private void Fail(ParentTask parent, string problem)
    {
        var failure = TaskFailureDetails.FromException(new InvalidOperationException(problem));
        session.Post(parent.InstanceId, new Answer(parent.ExecutionId, new TaskFailed(parent.TaskId, failure)));
    }

    private string? Problem(SubOrchestrationScheduled child)
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
}
