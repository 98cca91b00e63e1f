using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Tests.Packs;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Indexes;

public sealed class RepositoryIndexTests
{
    private readonly MemoryRepository objects = new();

    [Fact]
    public async Task OpenAsync_SomeIndexes_FindsTheChunksOfAll()
    {
        using var repository = await Opened.CreateAsync(objects);
        var first = await ChunkWriterTests.WriteAsync(repository, ChunkWriterTests.Contents(20));
        var second = await ChunkWriterTests.WriteAsync(repository, ChunkWriterTests.Contents(40));

        var index = await RepositoryIndex.OpenAsync(repository, default);

        Assert.Equal(2, index.Segments.Count);
        Assert.Empty(index.Damaged);
        foreach (var id in first.Union(second))
        {
            Assert.True(index.MayHave(id));
            Assert.NotNull(await index.FindAsync(id, default));
        }

        Assert.Equal(40, first.Union(second).Count());
    }

    [Fact]
    public async Task OpenAsync_AnIndexIsDamaged_PassesItOverAndNamesIt()
    {
        using var repository = await Opened.CreateAsync(objects);
        await ChunkWriterTests.WriteAsync(repository, ChunkWriterTests.Contents(20));
        var key = Assert.Single(await ObjectsAsync(objects, "indexes/")).Key;
        await objects.ReplaceAsync(key, new byte[100], default);

        var index = await RepositoryIndex.OpenAsync(repository, default);

        var damaged = Assert.Single(index.Damaged);
        Assert.Equal((key, $"the object '{key}' in memory is damaged: it does not end as an index"), (damaged.Key, damaged.Error.Message));
        Assert.Empty(index.Segments);
    }

    [Fact]
    public async Task RunAsync_AllIndexesLostOrDamaged_MakesOneOutOfThePacks()
    {
        using var repository = await Opened.CreateAsync(objects);
        var contents = ChunkWriterTests.Contents(100);
        var ids = await ChunkWriterTests.WriteAsync(repository, contents[..50]);
        ids = await ChunkWriterTests.WriteAsync(repository, contents);
        var keys = (await ObjectsAsync(objects, "indexes/")).ConvertAll(item => item.Key);
        await objects.DeleteAsync(keys[0], default);
        await objects.ReplaceAsync(keys[1], new byte[100], default);
        var packs = await ObjectsAsync(objects, "packs/");

        var made = await IndexRebuild.RunAsync(repository, default);

        Assert.Equal((packs.Count, 100, 1, 0), (made.Packs, made.Chunks, made.Removed, made.Unread.Count));
        Assert.DoesNotContain(Assert.Single(await ObjectsAsync(objects, "indexes/")).Key, keys);
        await ChunkWriterTests.AssertReadAsync(repository, ids, contents);
        Assert.Equal(new IndexRebuildResult(0, 0, 0, []), await IndexRebuild.RunAsync(repository, default) with { Unread = [] });
    }

    [Fact]
    public async Task RunAsync_APackCannotBeRead_NamesItAndIndexesTheOthers()
    {
        using var repository = await Opened.CreateAsync(objects);
        await ChunkWriterTests.WriteAsync(repository, ChunkWriterTests.Contents(100));
        await objects.DeleteAsync(Assert.Single(await ObjectsAsync(objects, "indexes/")).Key, default);
        var packs = await ObjectsAsync(objects, "packs/");
        await objects.ReplaceAsync(packs[3].Key, new byte[200], default);

        var made = await IndexRebuild.RunAsync(repository, default);

        Assert.Equal(packs.Count - 1, made.Packs);
        Assert.Equal($"the object '{packs[3].Key}' in memory is damaged: it does not end as a pack", Assert.Single(made.Unread).Message);
    }

    [Fact]
    public async Task RunAsync_KilledAtEveryWrite_NoChunkIsLost()
    {
        using var made = await Opened.CreateAsync(objects);
        var contents = ChunkWriterTests.Contents(40);
        var ids = await ChunkWriterTests.WriteAsync(made, contents);
        await objects.ReplaceAsync(Assert.Single(await ObjectsAsync(objects, "indexes/")).Key, new byte[100], default);
        for (var write = 1; write <= 2; write++)
        {
            foreach (var death in Enum.GetValues<Death>())
            {
                var inner = await Opened.CloneAsync(objects);
                using (var dying = await Opened.OpenAsync(new FaultyRepository(inner, write, death)))
                {
                    await Assert.ThrowsAsync<BackupException>(() => IndexRebuild.RunAsync(dying, default));
                }

                using var repository = await Opened.OpenAsync(inner);
                await ChunkWriterTests.AssertReadAsync(repository, ids, contents);
                await IndexRebuild.RunAsync(repository, default);
                Assert.Empty((await RepositoryIndex.OpenAsync(repository, default)).Damaged);
                await ChunkWriterTests.AssertReadAsync(repository, ids, contents);
            }
        }
    }
}
