using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Control;

/// <summary>
/// The documents of an app that may stand by: it reads all of them, and writes none but what it notes for the day when it takes over,
/// the alerts that reach it.
/// </summary>
public sealed class ControlledDocuments(IDocumentStore documents, ControlAuthority authority) : IDocumentStore
{
    private static readonly string[] s_everybodys = ["signals/", "arrivals/", "attached/", "unreadable/"];

    /// <inheritdoc/>
    public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken) => documents.ReadAsync(key, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="RecoveryException">The other app is in control (<c>ControlElsewhere</c>).</exception>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await RequireAsync(key, cancellationToken);
        return await documents.TryCreateAsync(key, content, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="RecoveryException">The other app is in control (<c>ControlElsewhere</c>).</exception>
    public async Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        await RequireAsync(key, cancellationToken);
        return await documents.TryReplaceAsync(key, content, etag, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="RecoveryException">The other app is in control (<c>ControlElsewhere</c>).</exception>
    public async Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken)
    {
        await RequireAsync(key, cancellationToken);
        return await documents.TryDeleteAsync(key, etag, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => documents.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DocumentVersion> ListVersionsAsync(string prefix, CancellationToken cancellationToken) =>
        documents.ListVersionsAsync(prefix, cancellationToken);

    private Task RequireAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return s_everybodys.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))
            ? Task.CompletedTask
            : authority.RequireAsync(cancellationToken);
    }
}
