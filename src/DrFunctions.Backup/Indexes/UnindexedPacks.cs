using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Indexes;

/// <summary>The packs that no index names: a killed writer left them, or their index is lost. Their own directories say what they have.</summary>
internal static class UnindexedPacks
{
    private const int Parallelism = 8;

    /// <summary>Reads the directories of all packs that are not named.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="named">The keys of the packs that indexes name.</param>
    /// <param name="take">Takes a pack and its chunks; called by one caller at a time.</param>
    /// <param name="pass">Takes what is said of a pack that cannot be read; called by one caller at a time.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task ReadAsync(
        OpenedRepository repository,
        IReadOnlySet<string> named,
        Func<IndexedPack, IReadOnlyList<PackEntry>, Task> take,
        Action<BackupException> pass,
        CancellationToken cancellationToken)
    {
        using var turn = new SemaphoreSlim(1);
        await Parallel.ForEachAsync(
            repository.Objects.ListAsync(PackId.Prefix, cancellationToken).Where(item => !named.Contains(item.Key)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (PackId.OfKey(item.Key) is not { } id)
                {
                    return;
                }

                var read = await ReadAsync(repository, id, item.Length, token);
                await turn.WaitAsync(token);
                try
                {
                    if (read.Directory is { } directory)
                    {
                        await take(new IndexedPack(id, directory.Header, (int)item.Length), directory.Entries);
                    }
                    else if (read.Error is { } error)
                    {
                        pass(error);
                    }
                }
                finally
                {
                    turn.Release();
                }
            });
    }

    private static async Task<(PackDirectory? Directory, BackupException? Error)> ReadAsync(
        OpenedRepository repository, PackId id, long length, CancellationToken cancellationToken)
    {
        try
        {
            var content = new RepositoryContent(repository.Objects, id.Key, length);
            return (PackDirectory.Read(await SealedObject.OpenAsync(repository.Keys, SealedKind.Pack, content, cancellationToken), content.Name), null);
        }
        catch (BackupException error) when (error.Code is BackupErrors.DataDamaged or BackupErrors.DataMissing or BackupErrors.FormatTooNew)
        {
            return (null, error);
        }
    }
}
