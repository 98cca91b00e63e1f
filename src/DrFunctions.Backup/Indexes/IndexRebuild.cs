using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Indexes;

/// <summary>Makes indexes anew, out of the packs alone. May be killed and run again at any time, beside readers and writers.</summary>
internal static class IndexRebuild
{
    /// <summary>
    /// Writes indexes of the packs that no readable index names, and then removes the indexes that cannot be read: afterwards every pack that can be read is in
    /// an index that can.
    /// </summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<IndexRebuildResult> RunAsync(OpenedRepository repository, CancellationToken cancellationToken)
    {
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        var (packs, chunks) = (0L, 0L);
        var unread = new List<BackupException>();
        var batch = new IndexBatch();
        await UnindexedPacks.ReadAsync(
            repository,
            index.NamedPacks(),
            async (pack, entries) =>
            {
                batch.Add(pack, entries);
                packs++;
                if (batch.IsFull)
                {
                    await FlushAsync();
                }
            },
            unread.Add,
            cancellationToken);
        await FlushAsync();
        var damaged = index.Damaged.Where(one => one.Error.Code == BackupErrors.DataDamaged).ToList(); // A newer program can read what is too new.
        foreach (var (key, _) in damaged)
        {
            await repository.Objects.DeleteAsync(key, cancellationToken);
        }

        return new IndexRebuildResult(packs, chunks, damaged.Count, unread);

        async Task FlushAsync()
        {
            if (batch.Packs.Count > 0)
            {
                await index.WriteAsync(batch, cancellationToken);
                chunks += batch.Entries.Count;
                batch = new IndexBatch();
            }
        }
    }
}

/// <summary>What making indexes anew did.</summary>
/// <param name="Packs">Packs that no index named, and one does now.</param>
/// <param name="Chunks">Their chunks.</param>
/// <param name="Removed">Indexes that could not be read and were removed.</param>
/// <param name="Unread">What is wrong with the packs that no index names and whose directories cannot be read either.</param>
internal sealed record IndexRebuildResult(long Packs, long Chunks, long Removed, IReadOnlyList<BackupException> Unread);
