using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>Removes instances that have ended, with all that belongs to them: messages, large values, sealed history.</summary>
internal sealed class InstancePurge(InstanceRepository instances, StoreCall store, ILogger logger)
{
    private const int AtOnce = 16;

    /// <summary>Removes one, and its children if <paramref name="recursive"/>; says how many instances went.</summary>
    public async Task<int> OneAsync(string instanceId, bool recursive, CancellationToken ct) =>
        await RemoveAsync(instanceId, recursive, parent: null, await MessagesAsync(HubNames.InboxOf(instanceId), ct), ct);

    /// <summary>Removes several at once; says how many instances went. What cannot be read is logged and stays.</summary>
    public async Task<int> AllAsync(IReadOnlyCollection<string> instanceIds, bool recursive, CancellationToken ct)
    {
        var messages = await MessagesAsync(HubNames.Inbox, ct); // Nearly always none: cheaper than a look for each instance.
        var count = 0;
        await Parallel.ForEachAsync(
            instanceIds,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (id, each) => Interlocked.Add(ref count, await RemoveReadableAsync(id, recursive, messages, each)));
        return count;
    }

    private async Task<int> RemoveReadableAsync(string instanceId, bool recursive, ILookup<string, string> messages, CancellationToken ct)
    {
        try
        {
            return await RemoveAsync(instanceId, recursive, parent: null, messages, ct);
        }
        catch (InvalidDataException e)
        {
            EngineLog.NotPurged(logger, instanceId, e.Message);
            return 0;
        }
    }

    private async Task<int> RemoveAsync(
        string instanceId, bool recursive, ParentTask? parent, ILookup<string, string> messages, CancellationToken ct)
    {
        var found = await instances.LoadAsync(instanceId, recursive ? InstanceParts.History : InstanceParts.State, ct);
        if (found is null || found.State.HasWork || (parent is not null && found.State.Parent != parent))
        {
            return 0;
        }

        var state = found.State;
        var purged = 0;
        foreach (var child in recursive ? state.History.Events.OfType<SubOrchestrationScheduled>() : [])
        {
            // What bears the child's id now may be somebody else's.
            var me = new ParentTask(state.InstanceId, state.ExecutionId, state.Name, child.Id);
            purged += await RemoveAsync(child.InstanceId, recursive, me, messages, ct);
        }

        // The notice of another start stays: that start may stand here in a moment, and nobody else tells the holder of it.
        var ownStart = HubNames.StartNotice(instanceId, state.FirstExecutionId);
        var inbox = HubNames.InboxOf(instanceId);
        foreach (var message in messages[inbox].Where(name => name == ownStart || !HubNames.IsStartNotice(name)))
        {
            await store.DeleteAsync(message, null, ct);
        }

        await instances.DeleteDocumentsAsync(state, ct);
        foreach (var execution in state.Over)
        {
            await instances.DeleteDocumentsAsync(instanceId, execution, ct);
        }

        return await instances.DeleteAsync(instanceId, found.ETag, ct) ? purged + 1 : purged;
    }

    /// <summary>The messages under a prefix, by the inbox they are in.</summary>
    private async Task<ILookup<string, string>> MessagesAsync(string prefix, CancellationToken ct)
    {
        var names = new List<string>();
        string? continuation = null;
        do
        {
            var page = await store.ListAsync(prefix, continuation, 5000, ct);
            names.AddRange(page.Documents.Select(document => document.Name));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        return names.ToLookup(name => name[..(name.LastIndexOf('/') + 1)], StringComparer.Ordinal);
    }
}
