using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>An instance as it was read, and the ETag a change must name.</summary>
internal sealed record StoredInstance(InstanceState State, string ETag);

/// <summary>What a listing shows of an instance.</summary>
internal sealed record ListedInstance(
    string InstanceId, string Name, OrchestrationRuntimeStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool HasWork);

/// <summary>
/// Instances in a hub's store. Large payloads are written before the state that names them. How long a silent store is waited for
/// is the <paramref name="call"/>'s matter.
/// </summary>
internal sealed class InstanceRepository(StoreCall call)
{
    /// <summary>Reads an instance; null if there is none.</summary>
    public async Task<StoredInstance?> LoadAsync(string instanceId, bool withPayloads, CancellationToken ct)
    {
        var found = await call.ReadAsync(HubNames.Instance(instanceId), ct);
        if (found is null)
        {
            return null;
        }

        var state = InstanceState.Parse(found.Body);
        foreach (var payload in state.Payloads().Where(p => withPayloads && p.Json is null && p.Document is not null))
        {
            var document = await call.ReadAsync(payload.Document!, ct); // Not null: filtered above.
            if (document is null)
            {
                // Replaced or purged between the two reads, unless the state still stands as it was read.
                var again = await call.ReadAsync(HubNames.Instance(instanceId), ct);
                return again?.ETag == found.ETag
                    ? throw new HubStoreException($"Instance '{instanceId}' needs '{payload.Document}', which is not in the hub.")
                    : await LoadAsync(instanceId, withPayloads, ct);
            }

            payload.Json = Encoding.UTF8.GetString(document.Body.Span);
        }

        return new StoredInstance(state, found.ETag);
    }

    /// <summary>Writes an instance that does not exist, or replaces the one of this ETag; null if the store has another.</summary>
    public async Task<string?> SaveAsync(InstanceState state, string? etag, CancellationToken ct)
    {
        foreach (var payload in state.Payloads().Where(p => p.NeedsDocument))
        {
            var text = Encoding.UTF8.GetBytes(payload.Json!); // Not null: NeedsDocument.
            var name = HubNames.PayloadsOf(state.InstanceId, state.ExecutionId) + Convert.ToHexStringLower(SHA256.HashData(text));
            await call.CreateAsync(name, new DocumentContent(text), ct);
            payload.Document = name;
        }

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

    /// <summary>Removes every document under a prefix.</summary>
    public async Task DeleteAllAsync(string prefix, CancellationToken ct)
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
        DateTimeOffset.Parse(document.Labels["updated"], CultureInfo.InvariantCulture),
        document.Labels["work"] == "1");
}
