using System.Collections.Concurrent;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Tests.Transfers;

namespace DrFunctions.Backup.Tests.Copies;

/// <summary>A repository whose storage fetches objects itself, refuses to, or makes mistakes.</summary>
internal sealed class FetchingRepository(IRepository inner) : IRepository, IServerSideCopy
{
    public ConcurrentBag<string> Fetched { get; } = [];

    /// <summary>Why it fetches nothing; null while it does.</summary>
    public string? Refuses { get; init; }

    /// <summary>What it makes of the bytes that it fetches.</summary>
    public Func<byte[], byte[]> Garble { get; init; } = content => content;

    /// <summary>Whose answers are asked about each fetch that takes effect: a user who dies.</summary>
    public FaultyRepository? Faults { get; init; }

    public string Description => inner.Description;

    public async Task<ServerSideCopy> CopyFromAsync(IRepository from, string key, bool replace, CancellationToken cancellationToken)
    {
        if (Refuses is not null)
        {
            return new ServerSideCopy(ServerSideOutcome.Refused, Refuses);
        }

        var content = Garble(await Transfers.Backups.ReadAsync(from, key));
        var place = Faults ?? inner;
        Fetched.Add(key);
        if (replace)
        {
            await place.ReplaceAsync(key, content, cancellationToken);
            return new ServerSideCopy(ServerSideOutcome.Copied);
        }

        return new ServerSideCopy(await place.TryCreateAsync(key, content, cancellationToken) ? ServerSideOutcome.Copied : ServerSideOutcome.Exists);
    }

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Place.TryCreateAsync(key, content, cancellationToken);

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Place.ReplaceAsync(key, content, cancellationToken);

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => Place.OpenReadAsync(key, cancellationToken);

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) => Place.ReadAsync(key, offset, target, cancellationToken);

    public IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, CancellationToken cancellationToken) => Place.ListAsync(prefix, cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => Place.DeleteAsync(key, cancellationToken);

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => Place.DeleteAsync(key, version, cancellationToken);

    private IRepository Place => Faults ?? inner;
}
