using System.Security.Cryptography;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Repairs;

/// <summary>
/// Says that a repair runs, or was killed, <c>repairs/{random}</c>, an empty object. It is written before anything is looked at, as a checkpoint is, so that a prune takes no step under a repair that may rely on what
/// was there; one that is older than a writer's life a prune removes.
/// </summary>
internal sealed class RepairMark
{
    /// <summary>What the keys of marks begin with.</summary>
    public const string Prefix = "repairs/";

    private const int NonceLength = 16;

    private readonly IRepository objects;
    private readonly string key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceLength));

    private RepairMark(IRepository objects) => this.objects = objects;

    /// <summary>Writes one.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<RepairMark> BeginAsync(IRepository objects, CancellationToken cancellationToken)
    {
        var mark = new RepairMark(objects);
        await objects.TryCreateAsync(mark.key, ReadOnlyMemory<byte>.Empty, cancellationToken);
        return mark;
    }

    /// <summary>Makes sure that prunes still wait for the repair: before it removes what it has something better for.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.StorageUnavailable"/>: they do not.</exception>
    public async Task ThrowIfGoneAsync(CancellationToken cancellationToken)
    {
        if (await RepositoryContent.ReadWholeAsync(objects, key, most: 1, cancellationToken) is null)
        {
            throw new BackupException(
                BackupErrors.StorageUnavailable,
                $"The repair of {objects.Description} took so long that prunes wait for it no more; what it saved is there, and nothing was removed",
                isTransient: true,
                "Repair again.");
        }
    }

    /// <summary>Removes it, if that can be done.</summary>
    public async Task EndAsync()
    {
        try
        {
            await objects.DeleteAsync(key, CancellationToken.None);
        }
        catch (BackupException)
        {
            // As after a kill: a prune removes it when it is old.
        }
    }
}
