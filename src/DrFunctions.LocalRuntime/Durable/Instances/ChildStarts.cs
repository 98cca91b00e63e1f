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

        while (true)
        {
            var found = await _parts.Instances.LoadAsync(child.InstanceId, InstanceParts.Values, session.Ended);
            if (found?.State.Parent == me)
            {
                if (found.State.IsFinished)
                {
                    session.Post(parent.InstanceId, End(found.State, me));
                }

                session.Post(child.InstanceId, new Look());
                return;
            }

            if (found is { State.IsFinished: false })
            {
                Fail(me, $"Instance id '{child.InstanceId}' is in use: {found.State.Name} is {found.State.Status}.");
                return;
            }

            if (await CreateAsync(parent, child, me, found))
            {
                session.Post(child.InstanceId, new Look());
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

    private async Task<bool> CreateAsync(
        InstanceState parent, SubOrchestrationScheduled child, ParentTask me, StoredInstance? inPlaceOf)
    {
        var now = _parts.Time.GetUtcNow();
        var input = Payload.Afresh(child.Input);
        var state = InstanceState.New(child.Name, child.InstanceId, _parts.Options.NewId(), input, now, inPlaceOf?.State, parent: me);
        (state.TraceParent, state.TraceState) = (TraceHeaders.Format(parent.Task(child.Id)), parent.TraceState);
        state.Fence = session.Fence;
        state.Commit = await session.NextCommitAsync();
        return await _parts.Instances.SaveAsync(state, inPlaceOf?.ETag, session.Ended) is not null;
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
