using System.Text;
using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>A store that tells of every write but those of the lease: right after it, and before any other write of the same gate.</summary>
internal sealed class JournalStore(MemoryHubStore store, Lock gate, Action<string> onWrite) : IHubStore
{
    public Task EnsureCreatedAsync(CancellationToken ct) => store.EnsureCreatedAsync(ct);

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) => store.ReadAsync(name, ct);

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
        store.ListAsync(prefix, continuation, pageSize, ct);

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
        Write(name, () => store.CreateAsync(name, content, ct));

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) =>
        Write(name, () => store.ReplaceAsync(name, content, etag, ct));

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) => Write(name, () => store.DeleteAsync(name, etag, ct));

    /// <summary>Every document there is.</summary>
    public static List<CutDocument> All(MemoryHubStore store)
    {
        // The store in memory has always answered when it returns.
        var names = store.ListAsync("", null, int.MaxValue - 1, default).Result.Documents.Select(document => document.Name);
        return [.. names.Select(name => (Name: name, Document: store.ReadAsync(name, default).Result))
            .Where(found => found.Document is not null)
            .Select(found => new CutDocument(found.Name, found.Document!.Labels, Encoding.UTF8.GetString(found.Document.Body.Span)))];
    }

    private Task<T> Write<T>(string name, Func<Task<T>> write)
    {
        lock (gate)
        {
            var written = write();
            if (name != HubNames.Lease)
            {
                onWrite(name);
            }

            return written;
        }
    }
}
