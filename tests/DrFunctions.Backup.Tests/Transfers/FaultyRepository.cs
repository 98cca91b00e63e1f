using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Transfers;

/// <summary>When a process dies at a write: before it takes effect, or after, without an answer.</summary>
public enum Death
{
    Before,
    After,
}

/// <summary>A repository whose user dies at its nth write: that one and every later call fails.</summary>
internal sealed class FaultyRepository(IRepository inner, int dieAtWrite = int.MaxValue, Death death = Death.Before) : IRepository
{
    private int writes;
    private volatile bool dead;

    public string Description => inner.Description;

    public int Writes => writes;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.TryCreateAsync(key, content, cancellationToken));

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => WriteAsync(async () =>
    {
        await inner.ReplaceAsync(key, content, cancellationToken);
        return true;
    });

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.OpenReadAsync(key, cancellationToken);
    }

    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => WriteAsync(() => inner.DeleteAsync(key, cancellationToken));

    private async Task<bool> WriteAsync(Func<Task<bool>> write)
    {
        ThrowIfDead();
        var mine = Interlocked.Increment(ref writes);
        if (mine < dieAtWrite)
        {
            return await write();
        }

        dead = true;
        if (death == Death.After && mine == dieAtWrite)
        {
            await write();
        }

        throw Died();
    }

    private void ThrowIfDead()
    {
        if (dead)
        {
            throw Died();
        }
    }

    private static BackupException Died() => new(BackupErrors.StorageUnavailable, "died", isTransient: true, "");
}
