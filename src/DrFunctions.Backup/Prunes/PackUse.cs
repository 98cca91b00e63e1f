using System.Runtime.CompilerServices;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Which packs are there, and what of them is needed. Reads all entries of the indexes twice, by 870 KiB, and the directories of packs that no index names. Not thread-safe.
/// </summary>
/// <remarks>Memory: some 300 bytes a pack, and of the chunks that are to be written anew 40 bytes each.</remarks>
internal sealed class PackUse
{
    private const int MostMoved = 256 * 1024;
    private const int MostPacksAtOnce = 100_000;
    private const int MostChunksAtOnce = 16 * 1024 * 1024;

    private readonly RepositoryIndex index;
    private readonly ChunkSet needed;
    private readonly IndexUpkeep indexes;
    private readonly Dictionary<PackId, KnownPack> packs;
    private readonly HashSet<PackId> unreliable;
    private readonly Dictionary<ChunkId, int> moved = [];

    private PackUse(RepositoryIndex index, ChunkSet needed, IndexUpkeep indexes, Dictionary<PackId, KnownPack> packs, HashSet<PackId> unreliable) =>
        (this.index, this.needed, this.indexes, this.packs, this.unreliable) = (index, needed, indexes, packs, unreliable);

    /// <summary>All packs that are there.</summary>
    public IReadOnlyCollection<KnownPack> Packs => packs.Values;

    /// <summary>Packs on which nothing may rely: gone, about to go, or chosen to go.</summary>
    public IReadOnlyCollection<PackId> Unreliable => unreliable;

    /// <summary>Chunks that must be written anew before their packs may go, and their lengths.</summary>
    public IReadOnlyDictionary<ChunkId, int> Moved => moved;

    /// <summary>All chunks of the packs that are chosen to go.</summary>
    public ChunkFilter Filter { get; private set; } = ChunkFilter.For(1);

    /// <summary>Looks at the packs, and counts what of them is needed.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="index">Its indexes.</param>
    /// <param name="indexes">The same indexes, newest first, so that of two packs with the same the older one is superfluous.</param>
    /// <param name="rounds">What is condemned and doomed, listed before.</param>
    /// <param name="needed">The chunks that snapshots need.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">The storage's, or an index is damaged.</exception>
    public static async Task<PackUse> MeasureAsync(
        OpenedRepository repository,
        RepositoryIndex index,
        IndexUpkeep indexes,
        IReadOnlyList<StoredRound> rounds,
        ChunkSet needed,
        CancellationToken cancellationToken)
    {
        var packs = new Dictionary<PackId, KnownPack>();
        await foreach (var item in repository.Objects.ListAsync(PackId.Prefix, cancellationToken))
        {
            if (PackId.OfKey(item.Key) is { } id)
            {
                packs[id] = new KnownPack(id, item);
            }
        }

        var unreliable = new HashSet<PackId>();
        foreach (var pack in index.Segments.SelectMany(segment => segment.Directory.Packs))
        {
            if (packs.TryGetValue(pack.Id, out var there))
            {
                there.IsNamed = true;
            }
            else
            {
                unreliable.Add(pack.Id);
            }
        }

        foreach (var round in rounds)
        {
            var stage = round.Round is { IsDoomed: true } ? PackStage.Doomed : PackStage.Condemned;
            foreach (var there in CoveredBy(round, packs))
            {
                unreliable.Add(there.Id);
                there.Stage = there.Stage < stage ? stage : there.Stage;
            }
        }

        if (packs.Values.Any(pack => !pack.IsNamed))
        {
            foreach (var adopted in await index.AdoptAsync(cancellationToken))
            {
                if (packs.TryGetValue(adopted.Pack.Id, out var there))
                {
                    there.Unnamed = adopted;
                }
            }
        }

        var use = new PackUse(index, needed, indexes, packs, unreliable);
        await use.CountAsync(cancellationToken);
        return use;
    }

    /// <summary>The packs that are there and that a round means.</summary>
    public static IEnumerable<KnownPack> CoveredBy(StoredRound round, IReadOnlyDictionary<PackId, KnownPack> packs) =>
        (round.Round?.Packs ?? []).Select(id => packs.GetValueOrDefault(id)).OfType<KnownPack>().Where(pack => round.Covers(pack.WrittenAt));

    /// <summary>Chooses packs that are to go.</summary>
    /// <param name="before">Younger ones may be a writer's whose snapshot is not visible yet.</param>
    /// <param name="maxUnused">The share of all bytes that may be waste.</param>
    public void Choose(DateTimeOffset before, double maxUnused)
    {
        var (chosen, chunks) = (0, 0L);
        foreach (var pack in packs.Values.Where(pack => pack.Stage == PackStage.Free && pack.IsReadable && pack.WrittenAt < before && pack.Used == 0))
        {
            if (chosen < MostPacksAtOnce && (chunks += pack.Chunks) <= MostChunksAtOnce && (pack.Live == 0 || pack.IsNamed))
            {
                chosen++;
                pack.Fate = pack.Live == 0 ? PackFate.Dead : PackFate.Superfluous;
            }
        }

        var staying = packs.Values.Where(pack => pack is { Stage: PackStage.Free, Fate: PackFate.Stays }).ToList();
        var total = staying.Sum(pack => pack.Length);
        var unused = staying.Sum(WasteOf);
        var toMove = 0L;
        foreach (var pack in staying.Where(pack => pack.IsNamed && pack.WrittenAt < before).OrderByDescending(pack => (double)WasteOf(pack) / pack.Length))
        {
            if (unused <= maxUnused * total || WasteOf(pack) == 0 || (toMove += pack.Live) > MostMoved)
            {
                break;
            }

            pack.Fate = PackFate.Rewritten;
            (total, unused) = (total - WasteOf(pack), unused - WasteOf(pack));
        }

        foreach (var pack in packs.Values.Where(pack => pack.Fate != PackFate.Stays))
        {
            unreliable.Add(pack.Id);
        }
    }

    /// <summary>Finds out, exactly, whether what is needed of the packs that are chosen, condemned or doomed is in packs that stay.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var chosen = packs.Values.Where(pack => pack.Fate != PackFate.Stays).ToList();
        Filter = ChunkFilter.For(Math.Max(1, (int)chosen.Sum(pack => (long)pack.Chunks)));
        await foreach (var (pack, id, _, length) in EntriesAsync(pack => pack.Fate != PackFate.Stays || pack.Stage != PackStage.Free, cancellationToken))
        {
            if (pack.Fate != PackFate.Stays)
            {
                Filter.Add(id);
            }

            if (needed.KindOf(id) is null || await IsElsewhereAsync(pack, id, cancellationToken))
            {
                continue;
            }

            if (pack.Fate == PackFate.Rewritten || pack.Stage == PackStage.Doomed)
            {
                moved[id] = length;
            }

            pack.IsNeeded = true;
        }
    }

    // What a pack of its own keeps only once is nowhere else; the rest the indexes say.
    private async ValueTask<bool> IsElsewhereAsync(KnownPack pack, ChunkId id, CancellationToken cancellationToken) =>
        (pack.Stage == PackStage.Free ? needed.IsKeptTwice(id) : needed.IsKept(id)) && await index.FindIndexedAsync(id, cancellationToken, unreliable) is not null;

    /// <summary>Bytes of a pack that nobody needs.</summary>
    public static long WasteOf(KnownPack pack) =>
        Math.Max(0, pack.Length - pack.Used - SealedFormat.LengthOf(0, 0, PackDirectory.LengthOf(pack.Live)));

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        await foreach (var (pack, id, stored, _) in EntriesAsync(_ => true, cancellationToken))
        {
            pack.Chunks++;
            if (needed.Find(id))
            {
                pack.Live++;
                if (pack.Stage == PackStage.Free && needed.Take(id))
                {
                    pack.Used += stored + SealedFormat.TagLength;
                }
            }
        }
    }

    private async IAsyncEnumerable<(KnownPack Pack, ChunkId Id, int Stored, int Length)> EntriesAsync(
        Predicate<KnownPack> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What an index says that was replaced counts for packs only that the new one left out.
        var named = indexes.Replaced.Any() ? indexes.Current.SelectMany(segment => segment.Directory.Packs).Select(pack => pack.Id).ToHashSet() : [];
        foreach (var (segment, isReplaced) in indexes.Current.Select(segment => (segment, false)).Concat(indexes.Replaced.Select(segment => (segment, true))))
        {
            var known = segment.Directory.Packs
                .Select(pack => packs.TryGetValue(pack.Id, out var there) && wanted(there) && !(isReplaced && named.Contains(pack.Id)) ? there : null)
                .ToArray();
            if (Array.TrueForAll(known, pack => pack is null))
            {
                continue;
            }

            await foreach (var entry in segment.EntriesAsync(cancellationToken))
            {
                if (known[entry.Place.Pack] is { } pack)
                {
                    yield return (pack, entry.Id, entry.Place.StoredLength, entry.Place.Length);
                }
            }
        }

        foreach (var pack in packs.Values.Where(pack => pack.Unnamed is not null && wanted(pack)))
        {
            foreach (var chunk in pack.Unnamed?.Chunks ?? [])
            {
                yield return (pack, chunk.Id, chunk.StoredLength, chunk.Length);
            }
        }
    }
}
