using System.Runtime.CompilerServices;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Snapshots;

/// <summary>Reads roots and manifests, authenticated.</summary>
internal static class SnapshotReader
{
    /// <summary>True when a text can be a snapshot's id.</summary>
    public static bool IsId(string text) =>
        text.Length is > 0 and <= 200 && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Makes sure that a text can be a snapshot's id.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void ThrowIfInvalidId(string snapshotId, [CallerArgumentExpression(nameof(snapshotId))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(snapshotId, name);
        if (!IsId(snapshotId))
        {
            throw new ArgumentException(
                $"'{snapshotId}' is not a snapshot id: 1 to 200 of A-Z, a-z, 0-9, '.', '_' and '-', not beginning with '.'.", name);
        }
    }

    /// <summary>A snapshot's root as it lies there; null when there is none.</summary>
    public static async Task<byte[]?> ReadBytesAsync(IRepository repository, string snapshotId, CancellationToken cancellationToken)
    {
        ThrowIfInvalidId(snapshotId);
        await using var stream = await repository.OpenReadAsync(SnapshotRoot.KeyOf(snapshotId), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        // One byte more than any root has is enough to see that it is none.
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while (content.Length <= RepositoryKey.MaximumObjectLength && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    /// <summary>A snapshot's root; null when there is none.</summary>
    /// <exception cref="BackupException">It is damaged or too new.</exception>
    public static async Task<SnapshotRoot?> FindAsync(IRepository repository, string snapshotId, CancellationToken cancellationToken) =>
        await ReadBytesAsync(repository, snapshotId, cancellationToken) is { } content
            ? SnapshotRoot.Read(content, snapshotId, repository.Description)
            : null;

    /// <summary>A snapshot's root.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotNotFound"/>; or it is damaged or too new.</exception>
    public static async Task<SnapshotRoot> GetAsync(IRepository repository, string snapshotId, CancellationToken cancellationToken) =>
        await FindAsync(repository, snapshotId, cancellationToken) ?? throw NotFound(repository, snapshotId);

    /// <summary>The entries of a snapshot, segment by segment.</summary>
    /// <exception cref="BackupException">A segment is missing or damaged.</exception>
    public static async IAsyncEnumerable<SnapshotEntry> EntriesAsync(
        ChunkStore store, SnapshotRoot root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var segment in root.Segments)
        {
            foreach (var entry in await ReadSegmentAsync(store, root.Snapshot.Id, segment, cancellationToken))
            {
                yield return entry;
            }
        }
    }

    private static async Task<IReadOnlyList<SnapshotEntry>> ReadSegmentAsync(
        ChunkStore store, string snapshotId, SegmentReference segment, CancellationToken cancellationToken)
    {
        var content = new byte[segment.Length];
        try
        {
            await store.ReadAsync(segment.Sha256, content, cancellationToken);
            return [.. SegmentFormat.Read(content)];
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataMissing or BackupErrors.DataDamaged)
        {
            throw new BackupException(
                error.Code, $"The manifest of snapshot '{snapshotId}' cannot be read: {error.Message}.", error.IsTransient, error.Hint, error);
        }
        catch (FormatException error)
        {
            throw new BackupException(
                BackupErrors.SnapshotDamaged,
                $"The manifest of snapshot '{snapshotId}' cannot be read: in '{ChunkStore.KeyOf(segment.Sha256)}', {error.Message}.",
                isTransient: false,
                "Restore another snapshot, and report this: the bytes are those that were written.",
                error);
        }
    }

    public static BackupException NotFound(IRepository repository, string snapshotId) => new(
        BackupErrors.SnapshotNotFound,
        $"There is no snapshot '{snapshotId}' in {repository.Description}.",
        isTransient: false,
        "List the repository's snapshots. One becomes visible when it is complete.");
}
