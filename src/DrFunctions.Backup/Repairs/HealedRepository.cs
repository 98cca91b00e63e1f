using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Repairs;

/// <summary>A repository as it would be with some objects of its copy: for reading only.</summary>
internal sealed class HealedRepository(IRepository inner, IRepository? copy, IReadOnlySet<string> healed) : IRepository
{
    public string Description => inner.Description;

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => Of(key).OpenReadAsync(key, cancellationToken);

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => Of(key).ReadAsync(key, offset, target, cancellationToken);

    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            if (!healed.Contains(item.Key))
            {
                yield return item;
            }
        }

        await foreach (var item in (copy?.ListAsync(prefix, cancellationToken) ?? AsyncEnumerable.Empty<RepositoryObject>()).WithCancellation(cancellationToken))
        {
            if (healed.Contains(item.Key))
            {
                yield return item;
            }
        }
    }

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException("a dry run writes nothing");

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException("a dry run writes nothing");

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException("a dry run writes nothing");

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => throw new NotSupportedException("a dry run writes nothing");

    private IRepository Of(string key) => copy is not null && healed.Contains(key) ? copy : inner;
}
