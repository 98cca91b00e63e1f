using System.Globalization;
using System.Runtime.CompilerServices;

namespace DrFunctions.Recovery.Documents;

/// <summary>Documents in memory, for tests and rehearsals. Thread-safe.</summary>
public sealed class MemoryDocumentStore : IDocumentStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Document> _documents = new(StringComparer.Ordinal);
    private long _writes;

    /// <inheritdoc/>
    public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        DocumentKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(_documents.GetValueOrDefault(key));
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        DocumentKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(_documents.TryAdd(key, Next(content)));
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        DocumentKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_documents.TryGetValue(key, out var current) || current.ETag != etag)
            {
                return Task.FromResult(false);
            }

            _documents[key] = Next(content);
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken)
    {
        DocumentKey.Validate(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_documents.TryGetValue(key, out var current))
            {
                return Task.FromResult(true);
            }

            return Task.FromResult((etag is null || current.ETag == etag) && _documents.Remove(key));
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
        ListVersionsAsync(prefix, cancellationToken).Select(document => document.Key);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DocumentVersion> ListVersionsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DocumentVersion[] documents;
        lock (_gate)
        {
            documents = [.. _documents
                .Where(document => document.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(document => new DocumentVersion(document.Key, document.Value.ETag))];
        }

        foreach (var document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return document;
        }

        await Task.CompletedTask;
    }

    /// <summary>A copy, so that the caller may reuse its buffer, under an ETag never used before.</summary>
    private Document Next(ReadOnlyMemory<byte> content) =>
        new(content.ToArray(), (++_writes).ToString(CultureInfo.InvariantCulture));
}
