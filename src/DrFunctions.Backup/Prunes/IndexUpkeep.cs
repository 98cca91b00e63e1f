using DrFunctions.Backup.Chunks;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Backup.Prunes;

/// <summary>
/// Keeps the indexes few and true: writes one in the place of many small ones, and of those that name packs that are gone or doomed. Those it replaces go later, when nobody reads them any more.
/// Safe beside writers and other prunes, and killed anywhere: an index that replaces others is written after all that has their content.
/// </summary>
/// <remarks>Memory: 120 bytes for each chunk of the largest index that is written, of which there are at most <see cref="MostChunks"/>, or as many as one that is replaced has.</remarks>
internal sealed class IndexUpkeep
{
    /// <summary>So many small indexes are made one.</summary>
    public const int Many = 8;

    // 14 MB; an index of fewer than an eighth is small. So what has been merged is merged again three times at most before it is left alone.
    private const int MostChunks = 256 * 1024;
    private const int SmallChunks = MostChunks / 8;

    private readonly OpenedRepository repository;
    private readonly Dictionary<string, RepositoryObject> listed = new(StringComparer.Ordinal);
    private readonly List<IndexSegment> current = [];
    private readonly List<(IndexSegment Segment, DateTimeOffset Since)> replaced = [];
    private readonly List<IndexSegment> fresh = [];

    private IndexUpkeep(OpenedRepository repository) => this.repository = repository;

    /// <summary>The indexes that no other one replaces, newest first.</summary>
    public IEnumerable<IndexSegment> Current => fresh.Concat(current);

    /// <summary>The indexes that others replace.</summary>
    public IEnumerable<IndexSegment> Replaced => replaced.Select(one => one.Segment);

    /// <summary>Indexes that were written.</summary>
    public int Written { get; private set; }

    /// <summary>Indexes that were removed.</summary>
    public int Removed { get; private set; }

    /// <summary>Looks at the indexes.</summary>
    /// <param name="repository">Where.</param>
    /// <param name="index">The same indexes, opened.</param>
    /// <param name="settled">Those that were written later are left alone: their packs may be listed late.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BackupException">The storage's.</exception>
    public static async Task<IndexUpkeep> OpenAsync(
        OpenedRepository repository, RepositoryIndex index, DateTimeOffset settled, CancellationToken cancellationToken)
    {
        var upkeep = new IndexUpkeep(repository);
        await foreach (var item in repository.Objects.ListAsync(RepositoryIndex.Prefix, cancellationToken))
        {
            upkeep.listed[item.Key] = item;
        }

        // One that is not listed was just written, and is listed late.
        var all = index.Segments.Select(segment => (Segment: segment, WrittenAt: upkeep.listed.TryGetValue(segment.Key, out var item) ? item.WrittenAt : DateTimeOffset.MaxValue))
            .OrderByDescending(one => one.WrittenAt)
            .ThenBy(one => one.Segment.Key, StringComparer.Ordinal)
            .ToList();
        var since = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (segment, writtenAt) in all)
        {
            foreach (var key in segment.Directory.Replaces.Select(RepositoryIndex.KeyOf))
            {
                since[key] = writtenAt; // The oldest one that replaces it comes last.
            }
        }

        foreach (var (segment, writtenAt) in all)
        {
            if (since.TryGetValue(segment.Key, out var at))
            {
                upkeep.replaced.Add((segment, at));
            }
            else
            {
                (writtenAt > settled ? upkeep.fresh : upkeep.current).Add(segment);
            }
        }

        return upkeep;
    }

    /// <summary>Has those count that were replaced by indexes without a pack that is there to stay all the same: it was written again since.</summary>
    /// <param name="stays">Whether a pack is there and not doomed.</param>
    public void Revive(Predicate<PackId> stays)
    {
        var named = Current.SelectMany(segment => segment.Directory.Packs).Select(pack => pack.Id).ToHashSet();
        foreach (var one in replaced.Where(one => one.Segment.Directory.Packs.Any(pack => stays(pack.Id) && !named.Contains(pack.Id))).ToList())
        {
            replaced.Remove(one);
            current.Add(one.Segment);
        }
    }

    /// <summary>Removes indexes that were replaced, and those all of whose packs go now.</summary>
    /// <param name="isOver">Whether nobody can read any more what was replaced at a time.</param>
    /// <param name="goes">Whether a pack is gone, or goes now.</param>
    /// <param name="remove">Removes an object as it was listed; false when it is not gone by that.</param>
    public async Task RemoveAsync(Func<DateTimeOffset, bool> isOver, Func<PackId, bool> goes, Func<string, string, Task<bool>> remove)
    {
        foreach (var one in replaced.Where(one => isOver(one.Since)).ToList())
        {
            if (await remove(one.Segment.Key, listed.GetValueOrDefault(one.Segment.Key).Version ?? ""))
            {
                replaced.Remove(one);
                Removed++;
            }
        }

        foreach (var segment in current.Where(segment => segment.Directory.Packs.All(pack => goes(pack.Id))).ToList())
        {
            if (await remove(segment.Key, listed[segment.Key].Version))
            {
                current.Remove(segment);
                Removed++;
            }
        }
    }

    /// <summary>The packs that an index names that is there.</summary>
    public IReadOnlySet<PackId> Named() =>
        Current.Concat(Replaced).SelectMany(segment => segment.Directory.Packs).Select(pack => pack.Id).ToHashSet();

    /// <summary>Writes indexes in the place of those that name packs that are gone, and of small ones where there are <see cref="Many"/>.</summary>
    /// <param name="isGone">Whether a pack is to be named no more.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task MergeAsync(Func<PackId, bool> isGone, CancellationToken cancellationToken)
    {
        var small = current.Where(segment => segment.Directory.Chunks < SmallChunks).ToHashSet();
        var inputs = current
            .Where(segment => (small.Count >= Many && small.Contains(segment)) || segment.Directory.Packs.Any(pack => isGone(pack.Id)))
            .Where(segment => !segment.Directory.Packs.All(pack => isGone(pack.Id))) // Those go as a whole, with their packs.
            .ToList();
        Merged? held = null;
        foreach (var group in Groups(inputs))
        {
            if (await ReadAsync(group, isGone, cancellationToken) is { Entries.Count: > 0 } next)
            {
                await WriteAsync(held, [], cancellationToken);
                held = next;
            }
        }

        // Only the last one replaces: until it is there, those it replaces are.
        await WriteAsync(held, inputs, cancellationToken);
    }

    private static IEnumerable<List<IndexSegment>> Groups(List<IndexSegment> inputs)
    {
        var (group, chunks) = (new List<IndexSegment>(), 0L);
        foreach (var input in inputs)
        {
            if (group.Count > 0 && chunks + input.Directory.Chunks > MostChunks)
            {
                yield return group;
                (group, chunks) = ([], 0);
            }

            group.Add(input);
            chunks += input.Directory.Chunks;
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    // A pack is whole in one index, so that what is damaged is made again by the packs' directories.
    private static async Task<Merged> ReadAsync(List<IndexSegment> inputs, Func<PackId, bool> isGone, CancellationToken cancellationToken)
    {
        var batch = new Merged([], []);
        var numbers = new Dictionary<PackId, int>();
        var known = new HashSet<ChunkId>();
        foreach (var input in inputs)
        {
            var places = input.Directory.Packs.Select(pack => isGone(pack.Id) ? -1 : NumberOf(pack)).ToArray();
            await foreach (var entry in input.EntriesAsync(cancellationToken))
            {
                if (places[entry.Place.Pack] is >= 0 and var number && known.Add(entry.Id))
                {
                    batch.Entries.Add(entry with { Place = entry.Place with { Pack = number } });
                }
            }
        }

        return batch;

        int NumberOf(IndexedPack pack)
        {
            if (numbers.TryAdd(pack.Id, batch.Packs.Count))
            {
                batch.Packs.Add(pack);
            }

            return numbers[pack.Id];
        }
    }

    private async Task WriteAsync(Merged? batch, IReadOnlyList<IndexSegment> replaces, CancellationToken cancellationToken)
    {
        if (batch is null)
        {
            return;
        }

        var digests = replaces.Select(input => Sha256Digest.TryParse(input.Key[RepositoryIndex.Prefix.Length..], out var digest) ? digest : default);
        var content = IndexBuilder.Write(repository.Keys, batch.Packs, batch.Entries.ToArray(), [.. digests]);
        await repository.Objects.TryCreateAsync(RepositoryIndex.KeyOf(Sha256Digest.Of(content.Span)), content, cancellationToken);
        Written++;
    }

    private sealed record Merged(List<IndexedPack> Packs, List<IndexEntry> Entries);
}
