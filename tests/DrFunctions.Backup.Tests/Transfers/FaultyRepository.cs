using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Transfers;

/// <summary>When a process dies at a write: before it takes effect, or after, without an answer.</summary>
public enum Death
{
    Before,
    After,
}

/// <summary>A repository whose user dies at its nth write, the first one below a prefix, or its first removal: that one and every later call fails.</summary>
internal sealed class FaultyRepository(
    IRepository inner, int dieAtWrite = int.MaxValue, Death death = Death.Before, string? dieAtPrefix = null, bool dieRemoving = false) : IRepository
{
    private int writes;
    private volatile bool dead;

    public string Description => inner.Description;

    public int Writes => writes;

    /// <summary>The key of the write that it died at; null while it lives.</summary>
    public string? DiedAt { get; private set; }

    /// <summary>Whether that write was a removal.</summary>
    public bool DiedRemoving { get; private set; }

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(key, () => inner.TryCreateAsync(key, content, cancellationToken));

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => WriteAsync(key, async () =>
    {
        await inner.ReplaceAsync(key, content, cancellationToken);
        return true;
    });

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.OpenReadAsync(key, cancellationToken);
    }

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.ReadAsync(key, offset, target, cancellationToken);
    }

    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => WriteAsync(key, () => inner.DeleteAsync(key, cancellationToken), removes: true);

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => WriteAsync(key, () => inner.DeleteAsync(key, version, cancellationToken), removes: true);

    private async Task<bool> WriteAsync(string key, Func<Task<bool>> write, bool removes = false)
    {
        ThrowIfDead();
        var mine = Interlocked.Increment(ref writes);
        var dies = mine >= dieAtWrite || (removes && dieRemoving) || (dieAtPrefix is not null && key.StartsWith(dieAtPrefix, StringComparison.Ordinal));
        if (!dies)
        {
            return await write();
        }

        var first = !dead;
        dead = true;
        if (first)
        {
            (DiedAt, DiedRemoving) = (key, removes);
        }

        if (death == Death.After && first)
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
