using DrFunctions.Backup.Keys;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Snapshots;

/// <summary>
/// What stands in a snapshot's place when nobody may write it any more: its writer is taken for dead, or it was removed while a dead writer of its id may come back. A sealed
/// object without records and with a fixed directory: of one length, which no snapshot has, so that listing tells them apart. Create-only writes are what it ends: however long
/// the writer slept, its commit fails.
/// </summary>
internal static class AbandonedSnapshot
{
    /// <summary>Bytes of each.</summary>
    public static readonly long Length = SealedFormat.LengthOf(0, 0, Directory.Length);

    private static ReadOnlySpan<byte> Directory => "{\"format\":\"drfunctions-abandoned\",\"version\":2}"u8;

    /// <summary>Its bytes.</summary>
    public static ReadOnlyMemory<byte> Write(RepositoryKeys keys)
    {
        using var writer = new SealedWriter(keys, SealedKind.Snapshot, checked((int)Length));
        return writer.Close(Directory);
    }

    /// <summary>Whether an object is one; false also when it has another's length, or cannot be read.</summary>
    public static async Task<bool> IsAsync(RepositoryKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            return content.Length == Length
                && (await SealedObject.OpenAsync(keys, SealedKind.Snapshot, new MemoryContent("", content), cancellationToken)).Directory.Span.SequenceEqual(Directory);
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
}
