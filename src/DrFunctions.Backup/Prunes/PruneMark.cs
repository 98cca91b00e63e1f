using System.Security.Cryptography;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Says that a prune runs, <c>prunes/{random}</c>, an empty object: what the prune writes is left alone by others, and its time of writing is now by the storage's clock, the only one that
/// a prune goes by. Safety does not rest on it: prunes may run beside each other.
/// </summary>
/// <param name="Key">Its key.</param>
/// <param name="Now">When it was written.</param>
/// <param name="Others">When the others that run began.</param>
/// <param name="Dead">Keys of those that were killed.</param>
internal sealed record PruneMark(string Key, DateTimeOffset Now, IReadOnlyList<DateTimeOffset> Others, IReadOnlyList<string> Dead)
{
    /// <summary>An empty object that stays: prunes ran, so that what the repository had once may be gone or lie elsewhere.</summary>
    public const string Ever = "pruned";

    private const string Prefix = "prunes/";
    private const int NonceLength = 16;

    /// <summary>Writes one.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<PruneMark> WriteAsync(OpenedRepository repository, TimeSpan life, CancellationToken cancellationToken)
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceLength));
        await repository.Objects.TryCreateAsync(Ever, ReadOnlyMemory<byte>.Empty, cancellationToken);
        await repository.Objects.TryCreateAsync(key, ReadOnlyMemory<byte>.Empty, cancellationToken);
        var all = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var item in repository.Objects.ListAsync(Prefix, cancellationToken))
        {
            all[item.Key] = item.WrittenAt;
        }

        if (!all.Remove(key, out var now))
        {
            throw new BackupException(
                BackupErrors.StorageUnavailable,
                $"{repository.Objects.Description} does not list '{key}', which was just written",
                isTransient: true,
                "Prune again later.");
        }

        return new PruneMark(
            key,
            now,
            [.. all.Values.Where(at => at + life > now)],
            [.. all.Where(item => item.Value + life <= now).Select(item => item.Key)]);
    }

    /// <summary>Removes it, if that can be done.</summary>
    public async Task RemoveAsync(OpenedRepository repository)
    {
        try
        {
            await repository.Objects.DeleteAsync(Key, CancellationToken.None);
        }
        catch (BackupException)
        {
            // As after a kill: another prune removes it when it is old.
        }
    }
}
