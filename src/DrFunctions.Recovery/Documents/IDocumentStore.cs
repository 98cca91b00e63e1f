namespace DrFunctions.Recovery.Documents;

/// <summary>
/// Small JSON documents under slash-separated keys, each changed by compare-and-swap only. Every implementation passes the same
/// conformance suite. Thread-safe.
/// </summary>
/// <remarks>
/// Keys follow <see cref="DocumentKey.Validate"/>; another one is an <see cref="ArgumentException"/>.
/// Every method throws <see cref="DocumentStoreException"/> when the store does not answer or refuses; whether a write took
/// effect is then unknown, and the caller reads before it repeats.
/// </remarks>
public interface IDocumentStore
{
    /// <summary>Reads a document; null when there is none.</summary>
    Task<Document?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes a document that must not exist yet; false, and nothing changed, when it does.</summary>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Replaces a document that must still have <paramref name="etag"/>; false, and nothing changed, when it has not.</summary>
    Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a document that must still have <paramref name="etag"/>, or any when that is null. True when it is gone, also when it
    /// was gone before; false, and nothing changed, when it has another ETag.
    /// </summary>
    Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken);

    /// <summary>Keys that begin with <paramref name="prefix"/>, in ordinal order.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// The same with each document's ETag, which is the one that a read would give: what has not changed since it was read need not be
    /// read again. Every document that was written before the call and not deleted is among them.
    /// </summary>
    IAsyncEnumerable<DocumentVersion> ListVersionsAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>What a listing shows of a document.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ETag">Opaque; changes with every write.</param>
public readonly record struct DocumentVersion(string Key, string ETag);

/// <summary>A document as it was read.</summary>
/// <param name="Content">UTF-8 JSON.</param>
/// <param name="ETag">Opaque; changes with every write.</param>
public sealed record Document(ReadOnlyMemory<byte> Content, string ETag);
