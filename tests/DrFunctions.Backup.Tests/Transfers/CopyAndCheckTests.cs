using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Transfers;

public sealed class CopyRunTests
{
    private readonly MemoryRepository from = new();
    private readonly MemoryRepository to = new();
    private readonly MemoryFiles files = SomeFiles();

    [Fact]
    public async Task Copy_Snapshot_RestoresFromTheCopyAlone()
    {
        var snapshot = await Engine.BackupAsync(files, from, Request());

        var result = await Engine.CopyAsync(from, to, "files-1");

        Assert.Equal(snapshot, result.Snapshot);
        Assert.Equal((7, 0), (result.ObjectsCopied, result.ObjectsReused));
        await AssertRestoresAsync(to, "files-1", files);
        foreach (var item in await ObjectsAsync(from))
        {
            Assert.Equal(await ReadAsync(from, item.Key), await ReadAsync(to, item.Key));
        }
    }

    [Fact]
    public async Task Copy_Again_ReusesWhatItFindsRight()
    {
        await Engine.BackupAsync(files, from, Request());
        await Engine.CopyAsync(from, to, "files-1");

        var result = await Engine.CopyAsync(from, to, "files-1");

        Assert.Equal((0, 7), (result.ObjectsCopied, result.ObjectsReused));
    }

    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task Copy_KilledAtEveryWrite_IsInvisibleAndTheRerunRestores(Death death)
    {
        const int Writes = 8;
        files.Remove("small/two");
        await Engine.BackupAsync(files, from, Request());
        for (var write = 1; write <= Writes; write++)
        {
            var inner = new MemoryRepository();
            await Assert.ThrowsAsync<BackupException>(() => Engine.CopyAsync(from, new FaultyRepository(inner, write, death), "files-1"));
            if (await Engine.FindAsync(inner, "files-1") is not null)
            {
                Assert.Equal((Writes, Death.After), (write, death));
            }

            await Engine.CopyAsync(from, inner, "files-1");
            await AssertRestoresAsync(inner, "files-1", files);
        }
    }

    [Fact]
    public async Task Copy_OriginDamaged_NamesTheFileAndShowsNothing()
    {
        await Engine.BackupAsync(files, from, Request());
        var hurt = (await ObjectsAsync(from, "data/")).Single(item => item.Length == 17);
        await from.ReplaceAsync(hurt.Key, new byte[17], default);

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.CopyAsync(from, to, "files-1"));

        Assert.Equal(BackupErrors.DataDamaged, error.Code);
        Assert.StartsWith($"'long' of snapshot 'files-1' cannot be copied: the object '{hurt.Key}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(await ObjectsAsync(to, "snapshots/"));
    }

    [Fact]
    public async Task Copy_DestinationDamaged_IsHealed()
    {
        await Engine.BackupAsync(files, from, Request());
        await Engine.CopyAsync(from, to, "files-1");
        foreach (var item in await ObjectsAsync(to, "data/"))
        {
            await to.ReplaceAsync(item.Key, Bytes.Of((int)item.Length, seed: 77), default);
        }

        await Engine.CopyAsync(from, to, "files-1");

        await AssertRestoresAsync(to, "files-1", files);
    }

    [Fact]
    public async Task Copy_AnotherSnapshotOfThatId_IsRefused()
    {
        await Engine.BackupAsync(files, from, Request());
        await Engine.BackupAsync(new MemoryFiles(), to, Request());

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.CopyAsync(from, to, "files-1"));

        Assert.Equal(BackupErrors.SnapshotConflict, error.Code);
    }
}

public sealed class CheckRunTests
{
    private readonly MemoryRepository repository = new();
    private readonly MemoryFiles files = SomeFiles();

    [Fact]
    public async Task Check_TwoSnapshots_ReadsSharedDataOnce()
    {
        await Engine.BackupAsync(files, repository, Request("one"));
        await Engine.BackupAsync(files, repository, Request("two"));

        var result = await Engine.CheckAsync(repository);

        Assert.True(result.IsClean);
        Assert.Equal(2, result.SnapshotsChecked);

        // Five chunks, or one more where equal files were read at once; the segment, which both share, for each.
        Assert.InRange(result.ObjectsRead, 7, 8);
    }

    [Fact]
    public async Task Check_EveryObjectDamaged_NamesEveryFileOrTheManifest()
    {
        await Engine.BackupAsync(files, repository, Request());
        foreach (var item in await ObjectsAsync(repository))
        {
            var right = await ReadAsync(repository, item.Key);
            await repository.ReplaceAsync(item.Key, Bytes.Of(right.Length, seed: 5), default);

            var result = await Engine.CheckAsync(repository);

            Assert.False(result.IsClean);
            Assert.Equal(result.ProblemCount, result.Problems.Count);
            Assert.All(result.Problems, problem => Assert.Contains(item.Key, problem.Message, StringComparison.Ordinal));
            await repository.ReplaceAsync(item.Key, right, default);
        }

        Assert.True((await Engine.CheckAsync(repository, "files-1")).IsClean);
    }

    [Fact]
    public async Task Check_RepositoryDoesNotAnswer_IsAnErrorAndNoVerdict()
    {
        await Engine.BackupAsync(files, repository, Request());
        var dead = new FaultyRepository(repository, dieAtWrite: 1);
        await Assert.ThrowsAsync<BackupException>(() => dead.DeleteAsync("x", default));

        var error = await Assert.ThrowsAsync<BackupException>(() => Engine.CheckAsync(dead, "files-1"));

        Assert.Equal(BackupErrors.StorageUnavailable, error.Code);
    }
}
