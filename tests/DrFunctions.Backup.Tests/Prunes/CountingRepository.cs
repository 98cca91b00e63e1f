using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Prunes;

/// <summary>A repository that counts its calls, and remembers by which one an object was created.</summary>
internal sealed class CountingRepository(IRepository inner, string watched) : IRepository
{
    private int calls;

    public int CallOfCreation { get; private set; }

    public string Description => inner.Description;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref calls);
        CallOfCreation = key == watched ? call : CallOfCreation;
        return inner.TryCreateAsync(key, content, cancellationToken);
    }

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Count(() => inner.ReplaceAsync(key, content, cancellationToken));

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => Count(() => inner.OpenReadAsync(key, cancellationToken));

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => Count(() => inner.ReadAsync(key, offset, target, cancellationToken));

    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref calls);
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => Count(() => inner.DeleteAsync(key, cancellationToken));

    private T Count<T>(Func<T> call)
    {
        Interlocked.Increment(ref calls);
        return call();
    }
}
