using System.Runtime.CompilerServices;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Tests.Prunes;

/// <summary>A repository whose user falls asleep at its nth call of any kind, or when it creates an object: that call and all later ones wait until it is woken.</summary>
internal sealed class SleepingRepository(IRepository inner, int sleepAtCall = int.MaxValue, string? sleepAtCreation = null) : IRepository
{
    private readonly TaskCompletionSource asleep = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int calls;
    private volatile bool sleeps;

    public string Description => inner.Description;

    /// <summary>Ends when its user sleeps.</summary>
    public Task Asleep => asleep.Task;

    public void Wake() => awake.TrySetResult();

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync(() => inner.TryCreateAsync(key, content, cancellationToken), key);

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
        await CallAsync(() => Task.FromResult(true));
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) => CallAsync(() => inner.DeleteAsync(key, cancellationToken));

    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken) => CallAsync(() => inner.DeleteAsync(key, version, cancellationToken));

    private async Task<T> CallAsync<T>(Func<Task<T>> call, string? created = null)
    {
        if (Interlocked.Increment(ref calls) >= sleepAtCall || (created is not null && created == sleepAtCreation))
        {
            sleeps = true;
        }

        if (sleeps)
        {
            asleep.TrySetResult();
            await awake.Task;
        }

        return await call();
    }
}
