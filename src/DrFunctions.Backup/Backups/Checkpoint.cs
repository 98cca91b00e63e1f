using System.Text.Json;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Backups;

/// <summary>
/// Says that a backup writes, or was killed: as long as a checkpoint is there, packs may be there that no index names. Whoever finds one looks for them, so that what is
/// durable is not uploaded again. A hint, on which nothing else rests.
/// </summary>
/// <param name="repository">Where.</param>
/// <param name="snapshotId">Whose it is.</param>
/// <param name="time">Tells how old others are.</param>
internal sealed class Checkpoint(OpenedRepository repository, string snapshotId, TimeProvider time)
{
    /// <summary>What the keys of checkpoints begin with.</summary>
    public const string Prefix = "checkpoints/";

    // Longer than any backup takes: whose it is is dead.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(2);

    private readonly List<string> dead = [];
    private volatile bool begun;

    private string Key => Prefix + snapshotId;

    /// <summary>Whether there is one, anybody's.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        var any = false;
        await foreach (var item in repository.Objects.ListAsync(Prefix, cancellationToken))
        {
            any = true;
            if (item.Key == Key)
            {
                begun = true;
            }
            else if (time.GetUtcNow() - item.WrittenAt > LongestLife)
            {
                dead.Add(item.Key);
            }
        }

        return any;
    }

    /// <summary>Writes it, before the first pack.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (begun)
        {
            return;
        }

        var directory = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["format"] = "drfunctions-checkpoint",
            ["version"] = 2,
            ["snapshot"] = snapshotId,
            ["startedAt"] = time.GetUtcNow(),
        });
        using var writer = new SealedWriter(repository.Keys, SealedKind.Checkpoint, checked((int)SealedFormat.LengthOf(0, 0, directory.Length)));
        await repository.Objects.TryCreateAsync(Key, writer.Close(directory), cancellationToken);
        begun = true;
    }

    /// <summary>Removes it, and those of the dead, when an index names all packs.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var key in begun ? [.. dead, Key] : dead)
        {
            await repository.Objects.DeleteAsync(key, cancellationToken);
        }
    }
}
