using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Prunes;

/// <summary>A repository that removes and replaces nothing below a prefix, as under an immutability policy.</summary>
internal sealed class RefusingRepository(IRepository inner, string prefix) : IRepository
{
    public string Description => inner.Description;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryCreateAsync(key, content, cancellationToken);

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ThrowIfRefused(key);
        return inner.ReplaceAsync(key, content, cancellationToken);
    }

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => inner.ReadAsync(key, offset, target, cancellationToken);

    public IAsyncEnumerable<RepositoryObject> ListAsync(string keys, CancellationToken cancellationToken) => inner.ListAsync(keys, cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ThrowIfRefused(key);
        return inner.DeleteAsync(key, cancellationToken);
    }

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken)
    {
        ThrowIfRefused(key);
        return inner.DeleteAsync(key, version, cancellationToken);
    }

    private void ThrowIfRefused(string key)
    {
        if (key.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw new BackupException(BackupErrors.StorageRefused, "immutable", isTransient: false, "");
        }
    }
}
