using System.Text;
using System.Text.Json;
using DrFunctions.LocalRuntime.Durable.Leases;
using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>What there was right after a write: the hub's documents, the time, the deeds done, and the marks of the turns written.</summary>
internal sealed record Cut(DateTimeOffset At, int Deeds, IReadOnlyList<Mark> Marks, IReadOnlyList<CutDocument> Documents)
{
    /// <summary>A store with these documents, whose lease is free.</summary>
    public async Task<MemoryHubStore> RestoreAsync()
    {
        var store = new MemoryHubStore();
        foreach (var document in Documents)
        {
            var body = document.Name == HubNames.Lease
                ? (LeaseRecord.Parse(Encoding.UTF8.GetBytes(document.Body)) with { Owner = "" }).ToBytes()
                : Encoding.UTF8.GetBytes(document.Body);
            await store.CreateAsync(document.Name, new DocumentContent(body, document.Labels), default);
        }

        return store;
    }

    public override string ToString() => $"{Deeds} deeds, {string.Join(", ", Documents.Select(document => document.Name))}";
}

/// <summary>A document as it lay in the store.</summary>
internal sealed record CutDocument(string Name, IReadOnlyDictionary<string, string> Labels, string Body);

/// <summary>What an orchestrator saw where it made a mark.</summary>
internal sealed record Mark(string InstanceId, string Label, Guid Guid, DateTime Time);

/// <summary>How an orchestration ended, and what it left.</summary>
internal sealed record Ending(
    string Status, string? Output, string? CustomStatus, string? Error, string Tags, IReadOnlyList<string> Lines, IReadOnlyList<string> Documents)
{
    public string ToJson() => JsonSerializer.Serialize(this);
}
