namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>A guarded store with a fixed patience. No attempt to write begins before it is admitted.</summary>
internal sealed class StoreCall(StoreGuard guard, TimeSpan patience, Func<CancellationToken, Task>? admit = null)
{
    public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) =>
        guard.WithinAsync(patience, (s, c) => s.ReadAsync(name, c), ct);

    public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct) =>
        guard.WithinAsync(patience, (s, c) => s.CreateAsync(name, content, c), ct, admit);

    public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct) =>
        guard.WithinAsync(patience, (s, c) => s.ReplaceAsync(name, content, etag, c), ct, admit);

    public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) =>
        guard.WithinAsync(patience, (s, c) => s.DeleteAsync(name, etag, c), ct, admit);

    public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
        guard.WithinAsync(patience, (s, c) => s.ListAsync(prefix, continuation, pageSize, c), ct);
}
