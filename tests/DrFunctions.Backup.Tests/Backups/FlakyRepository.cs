using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Backups;

/// <summary>
/// A repository as it is on a bad day, by a seed: calls fail before or after their effect, reads end early, lists leave out what was just written. Switched off, it is as on
/// any other day.
/// </summary>
internal sealed class FlakyRepository(IRepository inner, int seed, double share) : IRepository
{
    private const int LateObjects = 3;
    private readonly Random random = new(seed);
    private readonly Queue<string> latest = [];
    private readonly Lock sync = new();
    private int failures;

    private enum Fault
    {
        None,
        Before,
        After,
    }

    public bool IsOn { get; set; } = true;

    public int Failures => failures;

    public string Description => inner.Description;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync(key, () => inner.TryCreateAsync(key, content, cancellationToken));

    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => CallAsync(key, async () =>
    {
        await inner.ReplaceAsync(key, content, cancellationToken);
        return true;
    });

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => CallAsync(key, () => inner.DeleteAsync(key, cancellationToken));

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => CallAsync(key, () => inner.DeleteAsync(key, version, cancellationToken));

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => CallAsync(null, () => inner.OpenReadAsync(key, cancellationToken));

    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken) =>
        CallAsync(null, () => inner.ReadAsync(key, offset, target, cancellationToken));

    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CallAsync(null, () => Task.FromResult(true));
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            if (!IsLate(item.Key))
            {
                yield return item;
            }
        }
    }

    private bool IsLate(string key)
    {
        lock (sync)
        {
            return IsOn && latest.Contains(key) && random.Next(2) == 0;
        }
    }

    private Fault Next(string? written)
    {
        lock (sync)
        {
            if (written is not null)
            {
                latest.Enqueue(written);
                if (latest.Count > LateObjects)
                {
                    latest.Dequeue();
                }
            }

            return !IsOn || random.NextDouble() >= share ? Fault.None : random.Next(2) == 0 ? Fault.Before : Fault.After;
        }
    }

    private async Task<T> CallAsync<T>(string? written, Func<Task<T>> call)
    {
        var fault = Next(written);
        if (fault == Fault.None)
        {
            return await call();
        }

        Interlocked.Increment(ref failures);
        if (fault == Fault.After)
        {
            await call();
        }

        throw new BackupException(BackupErrors.StorageUnavailable, "the storage is flaky", isTransient: true, "");
    }
}
