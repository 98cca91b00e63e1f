namespace DrFunctions.Recovery.Documents;

/// <summary>Typed reading and compare-and-swap on top of <see cref="IDocumentStore"/>.</summary>
public static class TypedDocuments
{
    /// <summary>Reads a document; null when there is none.</summary>
    public static async Task<Stored<T>?> ReadAsync<T>(this IDocumentStore store, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var document = await store.ReadAsync(key, cancellationToken);
        return document is null ? null : new Stored<T>(DocumentJson.Read<T>(key, document), document.ETag);
    }

    /// <summary>Writes a document that must not exist yet; false when it does.</summary>
    public static Task<bool> TryCreateAsync<T>(this IDocumentStore store, string key, T value, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.TryCreateAsync(key, DocumentJson.Write(value), cancellationToken);
    }

    /// <summary>Writes a document over what was read, or creates it when <paramref name="seen"/> is null; false when it changed.</summary>
    public static Task<bool> TryWriteAsync<T>(
        this IDocumentStore store, string key, T value, Stored<T>? seen, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        var content = DocumentJson.Write(value);
        return seen is null
            ? store.TryCreateAsync(key, content, cancellationToken)
            : store.TryReplaceAsync(key, content, seen.ETag, cancellationToken);
    }
}

/// <summary>A typed document as it was read.</summary>
/// <param name="Value">Its content.</param>
/// <param name="ETag">Opaque; changes with every write.</param>
public sealed record Stored<T>(T Value, string ETag);
