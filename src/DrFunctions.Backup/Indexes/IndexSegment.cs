using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.SealedObjects;

namespace DrFunctions.Backup.Indexes;

/// <summary>
/// One index, of which only what is asked for is read: opening reads its directory and its filter (in all about 1.4 bytes a chunk), finding a chunk one page
/// of 13 KiB, and not finding one mostly nothing. Thread-safe.
/// </summary>
internal sealed class IndexSegment
{
    private const int PagesAtOnce = 64;

    private readonly RepositoryKeys keys;
    private readonly IObjectContent content;
    private readonly SealedObject opened;
    private readonly IndexDirectory directory;
    private readonly ChunkFilter filter;
    private readonly PageCache? cache;

    private IndexSegment(RepositoryKeys keys, IObjectContent content, SealedObject opened, IndexDirectory directory, ChunkFilter filter, PageCache? cache) =>
        (this.keys, this.content, this.opened, this.directory, this.filter, this.cache) = (keys, content, opened, directory, filter, cache);

    /// <summary>Its key; empty when it was not told.</summary>
    public string Key { get; private init; } = "";

    /// <summary>What it says of itself.</summary>
    public IndexDirectory Directory => directory;

    /// <summary>Opens an index.</summary>
    /// <param name="keys">The repository's keys.</param>
    /// <param name="content">The index.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <param name="cache">Keeps the pages that were looked at; default: none are kept.</param>
    /// <param name="key">Its key, where one wants to know it of the segment.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.DataDamaged"/>, <see cref="BackupErrors.FormatTooNew"/>, or the storage's.</exception>
    public static async Task<IndexSegment> OpenAsync(
        RepositoryKeys keys, IObjectContent content, CancellationToken cancellationToken, PageCache? cache = null, string key = "")
    {
        var opened = await SealedObject.OpenAsync(keys, SealedKind.Index, content, cancellationToken);
        var directory = IndexDirectory.Read(opened.Directory.Span) ?? throw SealedObject.Damaged(content.Name, "the numbers in its directory contradict each other");
        var filter = new byte[ChunkFilter.LengthFor(directory.Chunks)];
        if (OffsetOf(directory, directory.FirstOfPages.Count) + filter.Length + SealedFormat.TagLength != opened.RecordsEnd)
        {
            throw SealedObject.Damaged(content.Name, $"its records end at byte {opened.RecordsEnd}, which {directory.Chunks} chunks do not");
        }

        var segment = new IndexSegment(keys, content, opened, directory, ChunkFilter.From(filter), cache) { Key = key };
        await segment.ReadAsync(directory.FirstOfPages.Count, filter, cancellationToken);
        return segment;
    }

    /// <summary>False when this index certainly does not have the chunk. Reads nothing.</summary>
    public bool MayHave(ChunkId id) => filter.MayHave(id);

    /// <summary>Where a chunk is; null when this index does not have it.</summary>
    public async ValueTask<ChunkPlace?> FindAsync(ChunkId id, CancellationToken cancellationToken)
    {
        if (!filter.MayHave(id) || PageOf(id) is not { } page)
        {
            return null;
        }

        var stored = await ReadStoredAsync(page, cancellationToken);
        return IndexOf(stored, id) is { } index ? EntryAt(stored, index, page).Place : null;
    }

    /// <summary>The entries of a page, in order.</summary>
    public async ValueTask<IndexEntry[]> ReadPageAsync(int page, CancellationToken cancellationToken)
    {
        var stored = await ReadStoredAsync(page, cancellationToken);
        var entries = new IndexEntry[CountOf(page)];
        for (var index = 0; index < entries.Length; index++)
        {
            entries[index] = EntryAt(stored, index, page);
        }

        return entries;
    }

    /// <summary>All entries, in order; read by <see cref="PagesAtOnce"/> pages, which are not kept.</summary>
    public async IAsyncEnumerable<IndexEntry> EntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using AesGcm cipher = opened.CreateCipher(keys);
        var plain = new byte[IndexDirectory.PageEntries * IndexEntry.Length];
        var stored = ArrayPool<byte>.Shared.Rent((int)(OffsetOf(directory, Math.Min(PagesAtOnce, directory.FirstOfPages.Count)) - OffsetOf(directory, 0)));
        try
        {
            for (var first = 0; first < directory.FirstOfPages.Count; first += PagesAtOnce)
            {
                var end = Math.Min(first + PagesAtOnce, directory.FirstOfPages.Count);
                var start = OffsetOf(directory, first);
                await content.ReadAsync(start, stored.AsMemory(0, (int)(OffsetOf(directory, end) - start)), cancellationToken);
                for (var page = first; page < end; page++)
                {
                    var length = CountOf(page) * IndexEntry.Length;
                    var at = (int)(OffsetOf(directory, page) - start);
                    if (!SealedFormat.TryOpen(cipher, (ulong)page, stored.AsSpan(at, length + SealedFormat.TagLength), plain.AsSpan(0, length)))
                    {
                        throw SealedObject.Damaged(content.Name, $"its record {page} does not match its tag");
                    }

                    for (var index = 0; index < CountOf(page); index++)
                    {
                        yield return EntryAt(plain, index, page);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private static int? IndexOf(ReadOnlySpan<byte> page, ChunkId id)
    {
        var (low, high) = (0, (page.Length / IndexEntry.Length) - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            switch (ChunkId.From(page[(middle * IndexEntry.Length)..]).CompareTo(id))
            {
                case 0:
                    return middle;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return null;
    }

    private IndexEntry EntryAt(ReadOnlySpan<byte> stored, int index, int page)
    {
        var entry = IndexEntry.Read(stored[(index * IndexEntry.Length)..]);
        return (uint)entry.Place.Pack < (uint)directory.Packs.Count
            ? entry
            : throw SealedObject.Damaged(content.Name, $"its page {page} names pack {entry.Place.Pack} of {directory.Packs.Count}");
    }

    private async ValueTask<byte[]> ReadStoredAsync(int page, CancellationToken cancellationToken)
    {
        if (cache?.Find(this, page) is { } kept)
        {
            return kept;
        }

        var stored = new byte[CountOf(page) * IndexEntry.Length];
        await ReadAsync(page, stored, cancellationToken);
        cache?.Keep(this, page, stored);
        return stored;
    }

    private static long OffsetOf(IndexDirectory directory, int record) =>
        SealedFormat.HeaderLength + ((long)Math.Min((long)record * IndexDirectory.PageEntries, directory.Chunks) * IndexEntry.Length)
            + ((long)record * SealedFormat.TagLength);

    private int CountOf(int page) => Math.Min(IndexDirectory.PageEntries, directory.Chunks - (page * IndexDirectory.PageEntries));

    // The last page whose first chunk is not behind the one that is looked for.
    private int? PageOf(ChunkId id)
    {
        var (low, high) = (0, directory.FirstOfPages.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (directory.FirstOfPages[middle].CompareTo(id) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high < 0 ? null : high;
    }

    private async ValueTask ReadAsync(int record, Memory<byte> target, CancellationToken cancellationToken)
    {
        var stored = new byte[target.Length + SealedFormat.TagLength];
        await content.ReadAsync(OffsetOf(directory, record), stored, cancellationToken);
        using AesGcm cipher = opened.CreateCipher(keys);
        if (!SealedFormat.TryOpen(cipher, (ulong)record, stored, target.Span))
        {
            throw SealedObject.Damaged(content.Name, $"its record {record} does not match its tag");
        }
    }
}
