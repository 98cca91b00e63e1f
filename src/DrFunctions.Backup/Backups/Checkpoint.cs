using System.Security.Cryptography;
using System.Text.Json;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Backups;

/// <summary>
/// Says that somebody writes a backup, or was killed. It is written before anything is looked at, so that a prune knows by the storage's clock whether a writer can have seen what the
/// prune is about to remove. Whoever may commit a snapshot has its own; those who take a backup in shards share one, which the first of them writes. Only who wrote it, whoever sees the snapshot of
/// a shared one, or a prune that made sure that nobody commits it any more, may remove it.
/// </summary>
internal sealed class Checkpoint
{
    /// <summary>What the keys of checkpoints begin with.</summary>
    public const string Prefix = "checkpoints/";

    private const string SharedName = "shared";
    private const int NonceLength = 16;

    private readonly OpenedRepository repository;
    private readonly string snapshotId;
    private readonly TimeProvider time;
    private readonly string key;

    /// <summary>A checkpoint of a new attempt.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="snapshotId">Whose it is.</param>
    /// <param name="time">Tells the time that it names, for people only.</param>
    public Checkpoint(OpenedRepository repository, string snapshotId, TimeProvider time)
        : this(repository, snapshotId, time, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceLength)))
    {
    }

    private Checkpoint(OpenedRepository repository, string snapshotId, TimeProvider time, string name) =>
        (this.repository, this.snapshotId, this.time, key) = (repository, snapshotId, time, PrefixOf(snapshotId) + name);

    /// <summary>The one that all share who take a backup in shards.</summary>
    public static Checkpoint Shared(OpenedRepository repository, string snapshotId, TimeProvider time) => new(repository, snapshotId, time, SharedName);

    /// <summary>What the keys of a snapshot's checkpoints begin with.</summary>
    public static string PrefixOf(string snapshotId) => $"{Prefix}{snapshotId}/";

    /// <summary>The snapshot whose checkpoint has this key; null when it is none's.</summary>
    public static string? SnapshotOf(string key) => key.LastIndexOf('/') is var end && end > Prefix.Length ? key[Prefix.Length..end] : null;

    /// <summary>Writes it.</summary>
    public Task BeginAsync(CancellationToken cancellationToken)
    {
        var directory = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["format"] = "drfunctions-checkpoint",
            ["version"] = 2,
            ["snapshot"] = snapshotId,
            ["startedAt"] = time.GetUtcNow(),
        });
        using var writer = new SealedWriter(repository.Keys, SealedKind.Checkpoint, checked((int)SealedFormat.LengthOf(0, 0, directory.Length)));
        return repository.Objects.TryCreateAsync(key, writer.Close(directory).ToArray(), cancellationToken);
    }

    /// <summary>Removes it, if that can be done, when the attempt failed before it could commit.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            await repository.Objects.DeleteAsync(key, CancellationToken.None);
        }
        catch (BackupException)
        {
            // As after a kill: a prune removes it when it is old.
        }
    }

    /// <summary>Removes it, when the snapshot is visible.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => repository.Objects.DeleteAsync(key, cancellationToken);
}
