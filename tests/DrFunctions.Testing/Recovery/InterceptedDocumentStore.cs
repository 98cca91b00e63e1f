using System.Runtime.CompilerServices;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Testing.Recovery;

/// <summary>Documents in memory, every call of which can be made to fail before or after its effect.</summary>
public sealed class InterceptedDocumentStore(Interception interception) : IDocumentStore
{
    private readonly MemoryDocumentStore _inner = new();

    public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken) =>
        CallAsync($"Read {key}", () => _inner.ReadAsync(key, cancellationToken));

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync($"TryCreate {key}", () => _inner.TryCreateAsync(key, content, cancellationToken));

    public Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        CallAsync($"TryReplace {key}", () => _inner.TryReplaceAsync(key, content, etag, cancellationToken));

    public Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken) =>
        CallAsync($"TryDelete {key}", () => _inner.TryDeleteAsync(key, etag, cancellationToken));

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await CallAsync($"List {prefix}", async () => await _inner.ListAsync(prefix, cancellationToken).ToListAsync(cancellationToken));
        foreach (var key in keys)
        {
            yield return key;
        }
    }

    public async IAsyncEnumerable<DocumentVersion> ListVersionsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var documents = await CallAsync($"List {prefix}", async () => await _inner.ListVersionsAsync(prefix, cancellationToken).ToListAsync(cancellationToken));
        foreach (var document in documents)
        {
            yield return document;
        }
    }

    private async Task<T> CallAsync<T>(string call, Func<Task<T>> effect) => await await interception.CallAsync(call, effect);
}
