using System.Globalization;
using System.Text;
using System.Text.Json;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>An instance as it was read, and the ETag a change must name.</summary>
internal sealed record StoredInstance(InstanceState State, string ETag);

/// <summary>What a listing shows of an instance.</summary>
internal sealed record ListedInstance(
    string InstanceId, string Name, OrchestrationRuntimeStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>
/// Instances in a hub's store. Large payloads and sealed history are written before the state that names them. How long a silent
/// store is waited for is the <paramref name="call"/>'s matter.
/// </summary>
internal sealed class InstanceRepository(StoreCall call)
{
    private const int AtOnce = 8;

    /// <summary>Reads an instance; null if there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged, a newer version has written it, or what it names is gone.</exception>
    public async Task<StoredInstance?> LoadAsync(string instanceId, InstanceParts parts, CancellationToken ct)
    {
        while (true)
        {
            var found = await call.ReadAsync(HubNames.Instance(instanceId), ct);
            if (found is null)
            {
                return null;
            }

            var state = Parsed(instanceId, () => InstanceState.Parse(found.Body));
            var missing = await FetchAsync(state, parts, ct);
            if (missing is null)
            {
                return new StoredInstance(state, found.ETag);
            }

            // Replaced or purged between the two reads, unless the state still stands as it was read.
            var again = await call.ReadAsync(HubNames.Instance(instanceId), ct);
            if (again?.ETag == found.ETag)
            {
                throw new InvalidDataException($"Instance '{instanceId}' needs '{missing}', which is not in the hub.");
            }
        }
    }

    /// <summary>Writes an instance that does not exist, or replaces the one of this ETag; null if the store has another.</summary>
    public async Task<string?> SaveAsync(InstanceState state, string? etag, CancellationToken ct)
    {
        await MoveOutAsync(state, ct);
        var document = HubNames.Instance(state.InstanceId);
        var content = new DocumentContent(state.ToBytes(), Labels(state));
        var written = etag is null
            ? await call.CreateAsync(document, content, ct)
            : await call.ReplaceAsync(document, content, etag, ct);
        if (written is null && await call.ReadAsync(document, ct) is { } there && there.Labels.GetValueOrDefault("commit") == state.Commit)
        {
            return there.ETag; // Our own write, whose answer was lost.
        }

        return written;
    }

    /// <summary>What stands where a new instance was refused; null if nothing does any more. The new one's documents go.</summary>
    public async Task<StoredInstance?> FindConflictAsync(InstanceState refused, CancellationToken ct)
    {
        var there = await LoadAsync(refused.InstanceId, InstanceParts.Values, ct);
        if (refused.HasDocuments && there?.State.FirstExecutionId != refused.ExecutionId)
        {
            await DeleteDocumentsAsync(refused, ct);
        }

        return there;
    }

    /// <summary>Removes the documents that an execution has beside its state.</summary>
    public Task DeleteDocumentsAsync(string instanceId, string executionId, CancellationToken ct) =>
        DeleteAllAsync(HubNames.DocumentsOf(instanceId, executionId), ct);

    /// <summary>Removes the documents of every execution of a start.</summary>
    public async Task DeleteDocumentsAsync(InstanceState state, CancellationToken ct)
    {
        await DeleteDocumentsAsync(state.InstanceId, state.FirstExecutionId, ct);
        if (state.Generation > 0)
        {
            await DeleteAllAsync(HubNames.LaterDocumentsOf(state.InstanceId, state.FirstExecutionId), ct);
        }
    }

    /// <summary>Removes an instance of this ETag; false if the store has another or none.</summary>
    public Task<bool> DeleteAsync(string instanceId, string etag, CancellationToken ct) =>
        call.DeleteAsync(HubNames.Instance(instanceId), etag, ct);

    /// <summary>One page of instances, by the start of their ids.</summary>
    public async Task<(IReadOnlyList<ListedInstance> Instances, string? Continuation)> ListAsync(
        string idPrefix, string? continuation, int pageSize, CancellationToken ct)
    {
        var page = await call.ListAsync(HubNames.Instance(idPrefix), continuation, pageSize, ct);
        return ([.. page.Documents.Where(d => d.Labels.ContainsKey("commit")).Select(Listed)], page.Continuation);
    }

    /// <summary>One page of the ids of the instances that a host has something to do for.</summary>
    public async Task<(IReadOnlyList<string> InstanceIds, string? Continuation)> ListWorkAsync(string? continuation, CancellationToken ct)
    {
        var page = await call.ListAsync(HubNames.Instances, continuation, 5000, ct);
        var working = page.Documents.Where(document => document.Labels.GetValueOrDefault("work") == "1");
        return ([.. working.Select(document => HubNames.InstanceIdOf(document.Name))], page.Continuation);
    }

    /// <summary>Removes every document under a prefix.</summary>
    private async Task DeleteAllAsync(string prefix, CancellationToken ct)
    {
        string? continuation = null;
        do
        {
            var page = await call.ListAsync(prefix, continuation, 1000, ct);
            foreach (var document in page.Documents)
            {
                await call.DeleteAsync(document.Name, null, ct);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>Writes what is too large for the state's document into documents of its own.</summary>
    private async Task MoveOutAsync(InstanceState state, CancellationToken ct)
    {
        foreach (var payload in state.UnwrittenPayloads().Where(p => p.NeedsDocument))
        {
            var text = Encoding.UTF8.GetBytes(payload.Json!); // Not null: NeedsDocument.
            var name = HubNames.Payload(state.InstanceId, state.ExecutionId, text);
            await call.CreateAsync(name, new DocumentContent(text), ct);
            payload.Document = name;
            state.HasDocuments = true;
        }

        if (state.History.IsTailLong)
        {
            var tail = state.History.Tail();
            var name = HubNames.SealedHistory(state.InstanceId, state.ExecutionId, tail.Span);
            await call.CreateAsync(name, new DocumentContent(tail), ct);
            state.Sealed.Add(name);
            state.History.TailIsSealed();
            state.HasDocuments = true;
        }
    }

    /// <summary>Reads what a state only names; the name of a document that is not there, or null.</summary>
    private async Task<string?> FetchAsync(InstanceState state, InstanceParts parts, CancellationToken ct)
    {
        if (parts is InstanceParts.History or InstanceParts.Everything && state.Sealed.Count > 0)
        {
            var documents = new ReadOnlyMemory<byte>[state.Sealed.Count];
            var missing = await ReadAllAsync(state.Sealed, (i, body) => documents[i] = body, ct);
            if (missing is not null)
            {
                return missing;
            }

            Parsed(state.InstanceId, () =>
            {
                state.History.Prepend(documents);
                return state;
            });
        }

        state.NoteWhatWasRead();
        var payloads = parts switch
        {
            InstanceParts.Values => state.OwnPayloads(),
            InstanceParts.Everything => state.AllPayloads(),
            _ => [],
        };
        var large = payloads.Where(p => p.Json is null && p.Document is not null).ToList();
        return await ReadAllAsync(
            [.. large.Select(p => p.Document!)], // Not null: filtered above.
            (i, body) => large[i].Json = Encoding.UTF8.GetString(body.Span),
            ct);
    }

    private static InstanceState Parsed(string instanceId, Func<InstanceState> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"Instance '{instanceId}' is damaged and left as it is: {e.Message}", e);
        }
    }

    private async Task<string?> ReadAllAsync(List<string> names, Action<int, ReadOnlyMemory<byte>> read, CancellationToken ct)
    {
        if (names.Count == 0)
        {
            return null;
        }

        string? missing = null;
        await Parallel.ForAsync(0, names.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, each) =>
        {
            if (await call.ReadAsync(names[i], each) is { } document)
            {
                read(i, document.Body);
            }
            else
            {
                missing = names[i];
            }
        });
        return missing;
    }

    private static Dictionary<string, string> Labels(InstanceState state) => new()
    {
        ["name"] = HubNames.Encode(state.Name),
        ["status"] = state.Status.ToString(),
        ["created"] = state.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["updated"] = state.UpdatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["work"] = state.HasWork ? "1" : "0",
        ["commit"] = state.Commit,
    };

    private static ListedInstance Listed(ListedDocument document) => new(
        HubNames.InstanceIdOf(document.Name),
        HubNames.Decode(document.Labels["name"]),
        Enum.Parse<OrchestrationRuntimeStatus>(document.Labels["status"]),
        DateTimeOffset.Parse(document.Labels["created"], CultureInfo.InvariantCulture),
        DateTimeOffset.Parse(document.Labels["updated"], CultureInfo.InvariantCulture));
}
