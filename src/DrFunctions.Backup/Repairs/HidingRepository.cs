using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Repairs;

/// <summary>A repository of which some objects are not listed: as it will be once they are gone.</summary>
internal sealed class HidingRepository(IRepository inner, IReadOnlySet<string> hidden) : IRepository
{
    public string Description => inner.Description;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryCreateAsync(key, content, cancellationToken);

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.ReplaceAsync(key, content, cancellationToken);

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => inner.OpenReadAsync(key, cancellationToken);

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => inner.ReadAsync(key, offset, target, cancellationToken);

    public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken).Where(item => !hidden.Contains(item.Key));

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => inner.DeleteAsync(key, version, cancellationToken);
}
