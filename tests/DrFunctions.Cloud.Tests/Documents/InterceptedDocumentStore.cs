using System.Runtime.CompilerServices;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>Calls <paramref name="around"/> before and after the effect of every call; what it throws is what the caller sees.</summary>
internal sealed class InterceptedDocumentStore(IDocumentStore inner, Func<Moment, Task> around) : IDocumentStore
{
    public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken) =>
        AroundAsync(() => inner.ReadAsync(key, cancellationToken));

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        AroundAsync(() => inner.TryCreateAsync(key, content, cancellationToken));

    public Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        AroundAsync(() => inner.TryReplaceAsync(key, content, etag, cancellationToken));

    public Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken) =>
        AroundAsync(() => inner.TryDeleteAsync(key, etag, cancellationToken));

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var key in await AroundAsync(() => inner.ListAsync(prefix, cancellationToken).ToListAsync(cancellationToken).AsTask()))
        {
            yield return key;
        }
    }

    public async IAsyncEnumerable<DocumentVersion> ListVersionsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var document in await AroundAsync(() => inner.ListVersionsAsync(prefix, cancellationToken).ToListAsync(cancellationToken).AsTask()))
        {
            yield return document;
        }
    }

    private async Task<T> AroundAsync<T>(Func<Task<T>> call)
    {
        await around(Moment.Before);
        var result = await call();
        await around(Moment.After);
        return result;
    }
}

internal enum Moment
{
    Before,
    After,
}

/// <summary>The process died here.</summary>
internal sealed class KilledException : Exception;

/// <summary>Dies at the moment of that number, and at every later one.</summary>
internal sealed class Killer(int moment)
{
    private int _seen;

    public Task OnCall(Moment _) => _seen++ >= moment ? throw new KilledException() : Task.CompletedTask;
}
