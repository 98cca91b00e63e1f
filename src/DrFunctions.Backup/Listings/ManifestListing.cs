using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Manifests;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;

namespace DrFunctions.Backup.Listings;

/// <summary>Looks at what is in snapshots. No manifest is ever in memory as a whole. Thread-safe.</summary>
/// <param name="repository">Where they are.</param>
internal sealed class ManifestListing(OpenedRepository repository)
{
    private readonly SnapshotStore snapshots = new(repository);

    /// <summary>The files of a snapshot, in the order of their paths' UTF-8 bytes.</summary>
    /// <exception cref="BackupException"><see cref="BackupErrors.SnapshotNotFound"/>, or something cannot be read: then what came before is right.</exception>
    public async IAsyncEnumerable<SnapshotFile> FilesAsync(string snapshotId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var snapshot = await snapshots.GetAsync(snapshotId, cancellationToken);
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, cancellationToken));
        await foreach (var entry in new ManifestReader(fetch).EntriesAsync(snapshot.Manifest, snapshotId, cancellationToken))
        {
            yield return FileOf(entry);
        }
    }

    /// <summary>The files that are not the same in two snapshots, in the order of their paths: both manifests are gone through side by side.</summary>
    /// <exception cref="BackupException">As <see cref="FilesAsync"/>.</exception>
    public async IAsyncEnumerable<FileDifference> DifferencesAsync(
        string beforeId, string afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, second) = (await snapshots.GetAsync(beforeId, cancellationToken), await snapshots.GetAsync(afterId, cancellationToken));
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, cancellationToken));
        var manifests = new ManifestReader(fetch);
        await using var before = new SortedEntries(manifests.EntriesAsync(first.Manifest, beforeId, cancellationToken), beforeId);
        await using var after = new SortedEntries(manifests.EntriesAsync(second.Manifest, afterId, cancellationToken), afterId);
        await before.NextAsync();
        await after.NextAsync();
        while ((before.Current ?? after.Current) is not null)
        {
            var order = before.Current is not { } old ? 1 : after.Current is not { } young ? -1 : PathOrder.Compare(old.Source.Path, young.Source.Path);
            if (Compare(order <= 0 ? before.Current : null, order >= 0 ? after.Current : null) is { } difference)
            {
                yield return difference;
            }

            if (order <= 0)
            {
                await before.NextAsync();
            }

            if (order >= 0)
            {
                await after.NextAsync();
            }
        }
    }

    private static FileDifference? Compare(ManifestEntry? before, ManifestEntry? after) => (before, after) switch
    {
        (null, { } added) => new FileDifference(added.Source.Path, FileChange.Added, null, FileOf(added)),
        ({ } removed, null) => new FileDifference(removed.Source.Path, FileChange.Removed, FileOf(removed), null),
        ({ } old, { } now) when old.Skipped != now.Skipped || !old.Chunks.SequenceEqual(now.Chunks) =>
            new FileDifference(now.Source.Path, FileChange.Changed, FileOf(old), FileOf(now)),
        ({ } old, { } now) when !AttributesOf(old).Span.SequenceEqual(AttributesOf(now).Span) =>
            new FileDifference(now.Source.Path, FileChange.Touched, FileOf(old), FileOf(now)),
        _ => null,
    };

    private static SnapshotFile FileOf(ManifestEntry entry) => new(entry.Source, entry.Skipped);

    // All that a manifest says of a file but its content and the source's own word for it, which may change while the file does not.
    private static ReadOnlyMemory<byte> AttributesOf(ManifestEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ManifestLine.Canonical))
        {
            ManifestLine.Write(json, entry with { Source = entry.Source with { Version = "" }, Chunks = [] });
        }

        return buffer.WrittenMemory;
    }

    // Side by side is only right when both are in order.
    private sealed class SortedEntries(IAsyncEnumerable<ManifestEntry> entries, string snapshotId) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<ManifestEntry> all = entries.GetAsyncEnumerator();

        public ManifestEntry? Current { get; private set; }

        public async Task NextAsync()
        {
            var next = await all.MoveNextAsync() ? all.Current : null;
            if (Current is { } last && next is not null && PathOrder.Compare(last.Source.Path, next.Source.Path) >= 0)
            {
                throw new BackupException(
                    BackupErrors.SnapshotDamaged,
                    $"The manifest of snapshot '{snapshotId}' has '{next.Source.Path}' after '{last.Source.Path}'; expected the order of the paths' UTF-8 bytes.",
                    isTransient: false,
                    "Compare other snapshots. This one restores all the same.");
            }

            Current = next;
        }

        public ValueTask DisposeAsync() => all.DisposeAsync();
    }
}
