using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Snapshots;

/// <summary>
/// What stands in a snapshot's place when nobody may write it any more: its writer is taken for dead, or it was removed while a dead writer of its id may come back. A sealed
/// object without records and with a fixed directory: of a length that no snapshot has, so that listing tells them apart. Create-only writes are what it ends: however long
/// the writer slept, its commit fails. It stays for good; another kind, of another length, says only that a copy's own retention removed the snapshot, and stays until the origin has removed it, too.
/// </summary>
internal static class AbandonedSnapshot
{
    /// <summary>Bytes of one that stays for good.</summary>
    public static readonly long Length = SealedFormat.LengthOf(0, 0, Directory.Length);

    /// <summary>Bytes of one that keeps the next copy from bringing a snapshot back, and nobody else.</summary>
    public static readonly long RemovedLength = SealedFormat.LengthOf(0, 0, RemovedDirectory.Length);

    private static ReadOnlySpan<byte> Directory => "{\"format\":\"drfunctions-abandoned\",\"version\":2}"u8;

    private static ReadOnlySpan<byte> RemovedDirectory => "{\"format\":\"drfunctions-removed\",\"version\":2}"u8;

    /// <summary>Whether something of that length is one of either kind, and no snapshot.</summary>
    public static bool HasLength(long length) => length == Length || length == RemovedLength;

    /// <summary>The bytes of one that stays for good.</summary>
    public static ReadOnlyMemory<byte> Write(RepositoryKeys keys) => Write(keys, Directory);

    /// <summary>The bytes of one that keeps the next copy from bringing a snapshot back.</summary>
    public static ReadOnlyMemory<byte> WriteRemoved(RepositoryKeys keys) => Write(keys, RemovedDirectory);

    /// <summary>Whether an object is one; false also when it has another's length, or cannot be read.</summary>
    public static async Task<bool> IsAsync(RepositoryKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            return HasLength(content.Length)
                && (await SealedObject.OpenAsync(keys, SealedKind.Snapshot, new MemoryContent("", content), cancellationToken)).Directory.Span
                    .SequenceEqual(content.Length == Length ? Directory : RemovedDirectory);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
        {
            return false; // Whoever reads it as a snapshot says what is wrong with it.
        }
    }

    /// <summary>What its writer is told.</summary>
    public static BackupException Refused(string snapshotId, string repository) => new(
        BackupErrors.SnapshotAbandoned,
        $"The snapshot '{snapshotId}' in {repository} was given up: its backup began too long ago, and what it relied on may be gone.",
        isTransient: false,
        "Take the backup again under a new id; what is durable already is used where it is still there.");

    private static ReadOnlyMemory<byte> Write(RepositoryKeys keys, ReadOnlySpan<byte> directory)
    {
        using var writer = new SealedWriter(keys, SealedKind.Snapshot, checked((int)SealedFormat.LengthOf(0, 0, directory.Length)));
        return writer.Close(directory);
    }
}
