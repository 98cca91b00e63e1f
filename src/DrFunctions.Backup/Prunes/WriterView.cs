using System.Runtime.CompilerServices;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// What a writer may rely on: chunks of packs that an index names, that are there, and that no prune wants to remove. Looked at after the writer's checkpoint is durable, and in this
/// order: tombstones, then indexes and packs. An index alone proves nothing: one that was written late, by a writer that had been given up, names packs that are gone.
/// </summary>
internal sealed class WriterView
{
    private readonly List<ChunkFilter> suspects;
    private readonly bool hasUnnamed;
    private readonly bool trustsNothing;

    private readonly HashSet<PackId> tombstoned;

    private WriterView(RepositoryIndex index, HashSet<PackId> unreliable, HashSet<PackId> tombstoned, List<ChunkFilter> suspects, bool hasUnnamed, bool trustsNothing) =>
        (Index, Unreliable, this.tombstoned, this.suspects, this.hasUnnamed, this.trustsNothing) = (index, unreliable, tombstoned, suspects, hasUnnamed, trustsNothing);

    /// <summary>The indexes.</summary>
    public RepositoryIndex Index { get; }

    /// <summary>Packs that are there and not to be relied on, and those that indexes name and that are not there.</summary>
    public IReadOnlyCollection<PackId> Unreliable { get; }

    /// <summary>Looks.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="seen">Told each pack that is there; default nobody.</param>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<WriterView> OpenAsync(OpenedRepository repository, CancellationToken cancellationToken, Action<PackId, RepositoryObject>? seen = null)
    {
        var rounds = await StoredRound.ListAsync(repository, cancellationToken);
        var index = await RepositoryIndex.OpenAsync(repository, cancellationToken);
        var named = index.Segments.SelectMany(segment => segment.Directory.Packs).Select(pack => pack.Id).ToHashSet();
        var absent = named.ToHashSet();
        var condemning = rounds.SelectMany(round => round.Round?.Packs.Select(id => (id, round)) ?? []).ToLookup(one => one.id, one => one.round);
        var (covered, covering) = (new HashSet<PackId>(), new HashSet<StoredRound>());
        var hasUnnamed = false;
        await foreach (var item in repository.Objects.ListAsync(PackId.Prefix, cancellationToken))
        {
            if (PackId.OfKey(item.Key) is { } id)
            {
                seen?.Invoke(id, item);
                absent.Remove(id);
                hasUnnamed |= !named.Contains(id);
                foreach (var round in condemning[id].Where(round => round.Covers(item.WrittenAt)))
                {
                    covered.Add(id);
                    covering.Add(round);
                }
            }
        }

        // Which packs a round condemns that cannot be read, nobody knows.
        var trustsNothing = rounds.Any(round => round.Round is null);
        var unreliable = trustsNothing ? named : covered;
        unreliable.UnionWith(absent);
        var suspects = covering.Select(round => round.Round?.Filter).OfType<ChunkFilter>().ToList();
        await foreach (var filter in FiltersAsync(index, absent, cancellationToken))
        {
            suspects.Add(filter);
        }

        return new WriterView(index, unreliable, [.. condemning.Select(round => round.Key)], suspects, hasUnnamed, trustsNothing);
    }

    /// <summary>Whether a tombstone names a pack, whenever the pack was written.</summary>
    public bool IsNamedByATombstone(PackId pack) => trustsNothing || tombstoned.Contains(pack);

    /// <summary>Whether a chunk that a visible snapshot has can be relied on; false also of a few that could be. Reads nothing.</summary>
    public bool Has(ChunkId id) => !trustsNothing && Index.MayHave(id) && !suspects.Exists(filter => filter.MayHave(id));

    /// <summary>Packs that a killed writer left and no index names; they are the writer's to name in its next index.</summary>
    /// <exception cref="BackupException">The storage's.</exception>
    public async Task<IEnumerable<AdoptedPack>> AdoptAsync(CancellationToken cancellationToken) =>
        hasUnnamed && !trustsNothing ? (await Index.AdoptAsync(cancellationToken)).Where(pack => !Unreliable.Contains(pack.Pack.Id)) : [];

    // What of the chunks is in packs that are gone; of rounds a filter says it.
    private static async IAsyncEnumerable<ChunkFilter> FiltersAsync(
        RepositoryIndex index, HashSet<PackId> absent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var segment in absent.Count == 0 ? [] : index.Segments)
        {
            var isAbsent = segment.Directory.Packs.Select(pack => absent.Contains(pack.Id)).ToList();
            if (!isAbsent.Contains(true))
            {
                continue;
            }

            var filter = ChunkFilter.For(segment.Directory.Chunks);
            await foreach (var entry in segment.EntriesAsync(cancellationToken))
            {
                if (isAbsent[entry.Place.Pack])
                {
                    filter.Add(entry.Id);
                }
            }

            yield return filter;
        }
    }
}
