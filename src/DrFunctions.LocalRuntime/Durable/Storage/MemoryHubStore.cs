using System.Globalization;

namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>A hub's documents in memory: for tests, and for hosts that need not survive. Thread-safe.</summary>
internal sealed class MemoryHubStore : IHubStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredDocument> _documents = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private long _version;

    public Task EnsureCreatedAsync(CancellationToken ct) => Task.CompletedTask;

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(_documents.GetValueOrDefault(name));
        }
    }

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(_documents.ContainsKey(name) ? null : Write(name, content));
        }
    }

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(_documents.TryGetValue(name, out var found) && found.ETag == etag ? Write(name, content) : null);
        }
    }

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(_documents.TryGetValue(name, out var found)
                && (etag is null || found.ETag == etag)
                && _documents.Remove(name)
                && _names.Remove(name));
        }
    }

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var from = continuation is null || string.CompareOrdinal(continuation, prefix) < 0 ? prefix : continuation;
            var page = _names.GetViewBetween(from, prefix + char.MaxValue)
                .Where(name => name != continuation && name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => new ListedDocument(name, _documents[name].Labels))
                .Take(pageSize + 1)
                .ToList();
            return Task.FromResult(
                page.Count <= pageSize ? new DocumentPage(page, null) : new DocumentPage(page[..pageSize], page[pageSize - 1].Name));
        }
    }

    private string Write(string name, DocumentContent content)
    {
        var etag = (++_version).ToString(CultureInfo.InvariantCulture);
        _names.Add(name);
        _documents[name] = new StoredDocument(
            content.Body.ToArray(), etag, content.Labels is null ? [] : new Dictionary<string, string>(content.Labels));
        return etag;
    }
}
