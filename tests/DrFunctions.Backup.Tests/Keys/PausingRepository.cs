using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Backup.Tests.Keys;

/// <summary>A repository whose users take turns at every call, in an order that somebody decides; it counts the slots after each.</summary>
internal sealed class PausingRepository(IRepository inner, Interleaving turns) : IRepository
{
    /// <summary>The fewest slots that were there after any call.</summary>
    public int FewestSlots { get; private set; } = int.MaxValue;

    public string Description => inner.Description;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync(() => inner.TryCreateAsync(key, content, cancellationToken));

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await inner.ReplaceAsync(key, content, cancellationToken);
        return true;
    });

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => CallAsync(() => inner.OpenReadAsync(key, cancellationToken));

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadAsync(key, offset, target, cancellationToken));

    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await turns.PauseAsync(prefix, Moment.Before);
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => CallAsync(() => inner.DeleteAsync(key, cancellationToken));

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => CallAsync(() => inner.DeleteAsync(key, version, cancellationToken));

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        await turns.PauseAsync("", Moment.Before);
        var answer = await call();
        FewestSlots = Math.Min(FewestSlots, (await Transfers.Backups.ObjectsAsync(inner, "keys/")).Count);
        return answer;
    }
}
