using System.Collections.Concurrent;
using DrFunctions.Backup.Buffers;
using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Transfers;

namespace DrFunctions.Backup.Repairs;

/// <summary>
/// Heals objects as a whole: reads every index, pack and snapshot, and puts the copy's in the place of each that is not what its name or its tag says. What is written is proven right, so that nothing is lost by
/// writing over what is damaged. Memory: four packs.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="copy">The other region's; null for none.</param>
/// <param name="dryRun">Whether nothing is written.</param>
/// <param name="log">Takes what is found.</param>
/// <param name="meter">Counts bytes.</param>
internal sealed class ObjectRepair(OpenedRepository repository, OpenedRepository? copy, bool dryRun, RepairLog log, ProgressMeter meter)
{
    private const int ObjectsAtOnce = 4;
    private const string Aside = "damaged/";

    private readonly BufferBudget buffers = new(ObjectsAtOnce * (long)repository.Config.PackLength, repository.Config.PackLength);
    private readonly ConcurrentDictionary<PackId, bool> lost = [];

    /// <summary>Packs that are damaged or missing, and that the copy does not have either.</summary>
    public IReadOnlySet<PackId> Lost => lost.Keys.ToHashSet();

    /// <summary>Moves a damaged object out of the way: its bytes stay, under <c>damaged/</c>.</summary>
    public static async Task PutAsideAsync(IRepository objects, string key, CancellationToken cancellationToken)
    {
        if (await RepositoryContent.ReadWholeAsync(objects, key, RepositoryKey.MaximumObjectLength, cancellationToken) is { } content)
        {
            await objects.TryCreateAsync(Aside + key, content, cancellationToken);
            await objects.DeleteAsync(key, cancellationToken);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await HealNamedAsync(RepositoryIndex.Prefix, LoseIndexAsync, cancellationToken);
        await HealNamedAsync(PackId.Prefix, LosePackAsync, cancellationToken);
        if (!dryRun)
        {
            await IndexRebuild.RunAsync(repository, cancellationToken); // A copy has indexes of its own: what those said that are lost is in the packs.
        }

        await HealMissingPacksAsync(cancellationToken);
        await HealSnapshotsAsync(cancellationToken);
    }

    private async Task HealNamedAsync(string prefix, Func<string, CancellationToken, Task> lose, CancellationToken cancellationToken)
    {
        var all = await repository.Objects.ListAsync(prefix, cancellationToken).ToListAsync(cancellationToken);
        meter.Expect(0, all.Sum(item => item.Length));
        await Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = ObjectsAtOnce, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (NameOf(item.Key) is { } name && await WrongAsync(repository.Objects, item.Key, name, item.Length, token) is { } found)
                {
                    await HealAsync(item.Key, name, found, lose, token);
                }

                meter.Done(0, item.Length);
            });
    }

    private async Task HealMissingPacksAsync(CancellationToken cancellationToken)
    {
        var there = await repository.Objects.ListAsync(PackId.Prefix, cancellationToken).Select(item => item.Key).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        foreach (var key in index.NamedPacks().Where(key => !there.Contains(key)))
        {
            if (NameOf(key) is { } name)
            {
                await HealAsync(key, name, "it is missing", LosePackAsync, cancellationToken);
            }
        }
    }

    private async Task HealAsync(string key, Sha256Digest name, string found, Func<string, CancellationToken, Task> lose, CancellationToken cancellationToken)
    {
        if (copy is not null && await FromCopyAsync(key, name, cancellationToken) is { } right)
        {
            using (right)
            {
                log.Add(key, found, dryRun ? RepairOutcome.CanBeHealed : RepairOutcome.Healed);
                if (!dryRun)
                {
                    await repository.Objects.ReplaceAsync(key, right.Memory, cancellationToken);
                }
            }
        }
        else
        {
            log.Add(key, found, RepairOutcome.NotSaved);
            await lose(key, cancellationToken);
        }
    }

    private async Task<Piece?> FromCopyAsync(string key, Sha256Digest name, CancellationToken cancellationToken)
    {
        await foreach (var item in copy!.Objects.ListAsync(key, cancellationToken)) // Called where there is one.
        {
            if (item.Key == key && item.Length is > 0 and <= RepositoryKey.MaximumObjectLength)
            {
                var piece = await ReadAsync(copy.Objects, key, item.Length, cancellationToken);
                if (piece is { } read && Sha256Digest.Of(read.Memory.Span) == name)
                {
                    return read;
                }

                piece?.Dispose();
            }
        }

        return null;
    }

    /// <summary>What is wrong with an object, in words; null when it is what its name says.</summary>
    private async Task<string?> WrongAsync(IRepository objects, string key, Sha256Digest name, long length, CancellationToken cancellationToken)
    {
        if (length is 0 or > RepositoryKey.MaximumObjectLength)
        {
            return $"it has {length} bytes";
        }

        using var piece = await ReadAsync(objects, key, length, cancellationToken);
        return piece is not { } read ? null // It went since it was listed.
            : Sha256Digest.Of(read.Memory.Span) is var actual && actual != name ? $"its SHA-256 is {actual}"
            : null;
    }

    private async Task<Piece?> ReadAsync(IRepository objects, string key, long length, CancellationToken cancellationToken)
    {
        // An index of many chunks may be longer than a pack.
        var lease = length <= buffers.Block ? await buffers.RentAsync((int)length, cancellationToken) : null;
        var piece = new Piece(lease?.Memory ?? new byte[length], lease);
        if (await objects.ReadAsync(key, 0, piece.Memory, cancellationToken) is { } read)
        {
            return piece with { Memory = piece.Memory[..read] };
        }

        piece.Dispose();
        return null;
    }

    // What it said is in the packs' directories: indexes are made anew.
    private async Task LoseIndexAsync(string key, CancellationToken cancellationToken)
    {
        if (!dryRun)
        {
            await PutAsideAsync(repository.Objects, key, cancellationToken);
            log.Change(key, RepairOutcome.PutAside);
        }
    }

    private Task LosePackAsync(string key, CancellationToken cancellationToken)
    {
        if (PackId.OfKey(key) is { } pack)
        {
            lost[pack] = true;
        }

        return Task.CompletedTask;
    }

    private async Task HealSnapshotsAsync(CancellationToken cancellationToken)
    {
        var ids = new SnapshotStore(repository).IdsAsync(cancellationToken).Select(item => item.Id);
        foreach (var id in await ids.ToListAsync(cancellationToken))
        {
            var (key, found) = (SealedSnapshot.KeyOf(id), await WrongSnapshotAsync(repository, id, cancellationToken));
            if (found is null)
            {
                continue;
            }

            if (copy is null || await WrongSnapshotAsync(copy, id, cancellationToken) is not null)
            {
                log.Add(key, found, RepairOutcome.NotSaved);
                log.AddAffected(id, null, found);
                continue;
            }

            log.Add(key, found, dryRun ? RepairOutcome.CanBeHealed : RepairOutcome.Healed);
            if (!dryRun)
            {
                var right = await RepositoryContent.ReadWholeAsync(copy.Objects, key, SealedSnapshot.LongestObject, cancellationToken)
                    ?? throw RepositoryContent.Missing(copy.Objects, key);
                await repository.Objects.ReplaceAsync(key, right, cancellationToken);
            }
        }
    }

    private static async Task<string?> WrongSnapshotAsync(OpenedRepository where, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await new SnapshotStore(where).FindAsync(id, cancellationToken) is null ? "it is missing" : null;
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.DataDamaged)
        {
            return error.Message;
        }
    }

    private static Sha256Digest? NameOf(string key) => Sha256Digest.TryParse(key[(key.LastIndexOf('/') + 1)..], out var name) ? name : null;

    private readonly record struct Piece(Memory<byte> Memory, IDisposable? Owner) : IDisposable
    {
        public void Dispose() => Owner?.Dispose();
    }
}
