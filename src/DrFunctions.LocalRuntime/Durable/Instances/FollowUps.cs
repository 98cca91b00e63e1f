using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Sessions;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>
/// Does what an instance's written state says is to be done: starts activities and children, sends events, deletes what is taken
/// up. What was perhaps done already is done again after a take-over, which is harmless: activities are at-least-once, the rest is
/// known by its ids. One caller at a time.
/// </summary>
internal sealed class FollowUps(HubSession session, TakenMessages taken, string instanceId)
{
    private readonly EngineParts _parts = session.Parts;
    private readonly ChildStarts _children = new(session);
    private readonly HashSet<int> _asked = [];
    private string _askedBy = "";

    /// <summary>Does what is to be done; says whether an event or a termination was sent.</summary>
    /// <param name="state">The state as it was written.</param>
    public async Task<bool> RunAsync(InstanceState state)
    {
        await AskAsync(state);
        await taken.DeleteAsync(state);
        var hasSent = await SendAsync(state);
        foreach (var execution in state.Over.ToList())
        {
            await _parts.Instances.DeleteDocumentsAsync(instanceId, execution, session.Ended);
            state.Over.Remove(execution);
        }

        if (state is { IsFinished: true, Parent: { } parent })
        {
            session.Post(parent.InstanceId, ChildStarts.End(state, parent));
        }

        return hasSent;
    }

    private async Task AskAsync(InstanceState state)
    {
        if (_askedBy != state.ExecutionId)
        {
            _askedBy = state.ExecutionId;
            _asked.Clear();
        }

        if (state.Status == OrchestrationRuntimeStatus.Terminated)
        {
            return;
        }

        foreach (var action in state.History.TakeNew().Where(action => !_asked.Contains(action.Id)))
        {
            switch (action)
            {
                case TaskScheduled task:
                    session.Activities.Start(state, task);
                    break;
                case SubOrchestrationScheduled child:
                    await _children.StartAsync(state, child);
                    break;
            }

            _asked.Add(action.Id);
        }
    }

    private async Task<bool> SendAsync(InstanceState state)
    {
        var hasSent = state.Outbox.Count > 0;
        while (state.Outbox.Count > 0)
        {
            var (name, content) = state.Outbox[0];
            var message = content with
            {
                Output = Payload.Afresh(content.Output),
                Event = content.Event is { } sent ? sent with { Input = Payload.Afresh(sent.Input) } : null,
            };
            await session.Inbox.SendAsync(name, message, _parts.Store, session.Ended);
            state.Outbox.RemoveAt(0);
        }

        return hasSent;
    }
}
