using System.Collections.Concurrent;
using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.SealedObjects;
using DrFunctions.Backup.Tests.Repositories;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Packs;

public sealed class ChunkFetchTests
{
    private readonly MemoryRepository objects = new();

    [Fact]
    public async Task ReadAsync_AllChunksOfSomePacks_IsOneRequestAPack()
    {
        using var repository = await Opened.CreateAsync(objects);
        var contents = ChunkWriterTests.Contents(100);
        var ids = await ChunkWriterTests.WriteAsync(repository, contents);
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, default));
        var taken = 0;

        await fetch.ReadAsync(ids, (_, _) => Interlocked.Increment(ref taken), (_, error) => throw error, default);

        var packs = await ObjectsAsync(objects, "packs/");
        Assert.Equal(100, taken);
        Assert.Equal(packs.Count, fetch.Requests);
        Assert.InRange(fetch.BytesRead, packs.Sum(pack => pack.Length) - (packs.Count * 2000), packs.Sum(pack => pack.Length));
    }

    [Fact]
    public async Task ReadAsync_ChunkNobodyHas_FailsThatOneOnly()
    {
        using var repository = await Opened.CreateAsync(objects);
        var contents = ChunkWriterTests.Contents(5);
        var ids = await ChunkWriterTests.WriteAsync(repository, contents);

        var (taken, failed) = await ReadAsync(repository, [ids[0], new ChunkId(1, 2), ids[4]]);

        Assert.Equal([0, 2], taken.Order());
        var error = Assert.Single(failed);
        Assert.Equal((1, BackupErrors.DataMissing), (error.Key, error.Value.Code));
        Assert.Equal($"the chunk {new ChunkId(1, 2)} is in no pack of memory", error.Value.Message);
    }

    [Fact]
    public async Task ReadAsync_IndexLost_FindsAllByThePacks()
    {
        using var repository = await Opened.CreateAsync(objects);
        var contents = ChunkWriterTests.Contents(100);
        var ids = await ChunkWriterTests.WriteAsync(repository, contents);
        foreach (var index in await ObjectsAsync(objects, "indexes/"))
        {
            await objects.DeleteAsync(index.Key, default);
        }

        await ChunkWriterTests.AssertReadAsync(repository, ids, contents);
    }

    /// <summary>Two writers that did not know of each other stored the same chunks; one's packs are lost.</summary>
    [Fact]
    public async Task ReadAsync_PackDamagedOrGone_ReadsTheOtherWritersPack()
    {
        using var repository = await Opened.CreateAsync(objects);
        var contents = ChunkWriterTests.Contents(20);
        var other = await Opened.CloneAsync(objects);
        using var elsewhere = await Opened.OpenAsync(other);
        var ids = await ChunkWriterTests.WriteAsync(repository, contents);
        var mine = await ObjectsAsync(objects, "packs/");
        await ChunkWriterTests.WriteAsync(elsewhere, contents);
        foreach (var item in (await ObjectsAsync(other)).Where(item => item.Key.StartsWith("packs/", StringComparison.Ordinal) || item.Key.StartsWith("indexes/", StringComparison.Ordinal)))
        {
            await objects.TryCreateAsync(item.Key, await Transfers.Backups.ReadAsync(other, item.Key), default);
        }

        await objects.DeleteAsync(mine[0].Key, default);
        foreach (var item in mine.Skip(1))
        {
            var content = await Transfers.Backups.ReadAsync(objects, item.Key);
            Array.Clear(content, SealedFormat.HeaderLength, content.Length / 2);
            await objects.ReplaceAsync(item.Key, content, default);
        }

        await ChunkWriterTests.AssertReadAsync(repository, ids, contents);
    }

    [Fact]
    public async Task ReadAsync_PackTruncated_NamesItForEachChunkThatIsLost()
    {
        using var repository = await Opened.CreateAsync(objects);
        var ids = await ChunkWriterTests.WriteAsync(repository, [[1, 2, 3], [4, 5, 6]]);
        var pack = Assert.Single(await ObjectsAsync(objects, "packs/"));
        await objects.ReplaceAsync(pack.Key, (await Transfers.Backups.ReadAsync(objects, pack.Key)).AsMemory(0, SealedFormat.HeaderLength + 20), default);

        var (taken, failed) = await ReadAsync(repository, ids);

        Assert.Empty(taken);
        Assert.Equal(2, failed.Count);
        Assert.All(failed.Values, error => Assert.StartsWith($"the object '{pack.Key}' in memory is damaged: it ends after 60 bytes", error.Message, StringComparison.Ordinal));
    }

    private static async Task<(ConcurrentBag<int> Taken, ConcurrentDictionary<int, BackupException> Failed)> ReadAsync(OpenedRepository repository, ChunkId[] ids)
    {
        using var fetch = new ChunkFetch(repository, await RepositoryIndex.OpenAsync(repository, default));
        var (taken, failed) = (new ConcurrentBag<int>(), new ConcurrentDictionary<int, BackupException>());
        await fetch.ReadAsync(ids, (number, _) => taken.Add(number), (number, error) => failed[number] = error, default);
        return (taken, failed);
    }
}
