using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace DrFunctions.Backup.Repositories;

/// <summary>A repository that is gone with the process; for tests and trials.</summary>
/// <param name="time">The clock of <see cref="RepositoryObject.WrittenAt"/>; default the system's.</param>
public sealed class MemoryRepository(TimeProvider? time = null) : IRepository
{
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, Stored> objects = new(StringComparer.Ordinal);
    private long writes;

    /// <inheritdoc/>
    public string Description => "memory";

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Check(key, content, cancellationToken);
        return Task.FromResult(objects.TryAdd(key, Store(content)));
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Check(key, content, cancellationToken);
        objects[key] = Store(content);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        Check(key, default, cancellationToken);
        return Task.FromResult<Stream?>(objects.TryGetValue(key, out var found) ? new MemoryStream(found.Content, writable: false) : null);
    }

    /// <inheritdoc/>
    public Task<int?> ReadAsync(string key, long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        Check(key, default, cancellationToken);
        RepositoryKey.ThrowIfNoPiece(offset, target.Length);
        if (!objects.TryGetValue(key, out var found))
        {
            return Task.FromResult<int?>(null);
        }

        var read = (int)Math.Clamp(found.Content.Length - offset, 0, target.Length);
        found.Content.AsMemory((int)Math.Min(offset, found.Content.Length), read).CopyTo(target);
        return Task.FromResult<int?>(read);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RepositoryObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (key, stored) in objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new RepositoryObject(key, stored.Content.Length, stored.WrittenAt) { Version = stored.Version };
            }
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Check(key, default, cancellationToken);
        return Task.FromResult(objects.TryRemove(key, out _));
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, string version, CancellationToken cancellationToken)
    {
        Check(key, default, cancellationToken);
        return Task.FromResult(objects.TryGetValue(key, out var found) && found.Version == version && objects.TryRemove(KeyValuePair.Create(key, found)));
    }

    private Stored Store(ReadOnlyMemory<byte> content) =>
        new(content.ToArray(), time.GetUtcNow(), Interlocked.Increment(ref writes).ToString(CultureInfo.InvariantCulture));

    private static void Check(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        RepositoryKey.ThrowIfInvalid(key);
        RepositoryKey.ThrowIfTooLarge(key, content.Length);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private sealed record Stored(byte[] Content, DateTimeOffset WrittenAt, string Version);
}
