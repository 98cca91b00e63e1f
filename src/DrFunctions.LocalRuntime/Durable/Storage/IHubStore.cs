namespace DrFunctions.LocalRuntime.Durable.Storage;

/// <summary>
/// The documents of a task hub. Every write is one atomic, durable step; a write whose answer is lost may have happened.
/// Thread-safe. Every member throws <see cref="HubStoreException"/> when the store does not answer.
/// </summary>
internal interface IHubStore
{
    /// <summary>Makes the hub's container if there is none.</summary>
    Task EnsureCreatedAsync(CancellationToken ct);

    /// <summary>Reads a document; null if there is none.</summary>
    Task<StoredDocument?> ReadAsync(string name, CancellationToken ct);

    /// <summary>Writes a document that must not exist; returns its ETag, or null if it exists.</summary>
    Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct);

    /// <summary>Replaces the document that has this ETag; returns the new one, or null if it has another or is gone.</summary>
    Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct);

    /// <summary>Deletes a document, if it still has this ETag (null: whatever it has); false if there was nothing to delete.</summary>
    Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct);

    /// <summary>One page of the documents whose names start with a prefix, in ordinal order of their names.</summary>
    Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct);
}

/// <summary>What is written: a body, and labels that a listing shows (ASCII keys and values).</summary>
internal sealed record DocumentContent(ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string>? Labels = null);

/// <summary>What is read.</summary>
internal sealed record StoredDocument(ReadOnlyMemory<byte> Body, string ETag, IReadOnlyDictionary<string, string> Labels);

/// <summary>What a listing shows of a document.</summary>
internal sealed record ListedDocument(string Name, IReadOnlyDictionary<string, string> Labels);

/// <summary>One page of a listing; a null continuation means it is the last.</summary>
internal sealed record DocumentPage(IReadOnlyList<ListedDocument> Documents, string? Continuation);
