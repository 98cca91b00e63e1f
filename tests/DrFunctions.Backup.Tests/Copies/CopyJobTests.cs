using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using DrFunctions.Backup.Transfers;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Backups.Jobs;
using static DrFunctions.Backup.Tests.Transfers.Backups;
using Jobs = DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Copies;

public sealed class CopyJobTests : IAsyncLifetime
{
    private readonly MemoryRepository origin = new();
    private readonly MemoryRepository copy = new();

    public async Task InitializeAsync()
    {
        (await Opened.CreateAsync(origin)).Dispose();
        await BackupAsync(origin, Jobs.SomeFiles());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task RunAsync_IntoNothing_IsARepositoryThatRestoresAlone()
    {
        var result = await CopyAsync(copy);

        var named = (await ObjectsAsync(origin, "packs/")).Concat(await ObjectsAsync(origin, "indexes/")).ToList();
        Assert.Equal(new RepositoryCopy(1, named.Count, 0, named.Sum(item => item.Length)), result);
        Assert.Equal(
            (await ObjectsAsync(origin)).Where(item => !item.Key.StartsWith("indexes/", StringComparison.Ordinal)).Select(item => (item.Key, item.Length)).Append(("copies/here", 0)).Order(),
            (await ObjectsAsync(copy)).Where(item => !item.Key.StartsWith("indexes/", StringComparison.Ordinal)).Select(item => (item.Key, item.Length)).Order());
        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
        await AssertCleanAsync(copy);
    }

    [Fact]
    public async Task RunAsync_AfterAnotherBackup_SendsOnlyWhatIsNew()
    {
        await CopyAsync(copy);
        var files = Jobs.SomeFiles();
        files.Write("new", Bytes.Of(5000, seed: 8));
        await BackupAsync(origin, files, "files-2", SnapshotKind.Incremental);

        var result = await CopyAsync(copy);

        Assert.Equal((2, 3), (result.Snapshots, result.ObjectsCopied)); // A pack of data, one of the manifest, an index.
        await Jobs.AssertRestoresAsync(copy, "files-2", files);
        Assert.Equal(0, (await CopyAsync(copy)).ObjectsCopied);
    }

    /// <summary>Killed before and after every write: what is visible in the copy restores from it, and the repeated copy ends.</summary>
    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task RunAsync_KilledAtEveryWrite_ShowsOnlyWhatRestores(Death death)
    {
        var (writes, visible) = (0, 0);
        while (true)
        {
            var place = new MemoryRepository();
            if (await Record.ExceptionAsync(() => CopyAsync(new FaultyRepository(place, writes + 1, death))) is not { } died)
            {
                break; // It has no more writes than were tried.
            }

            Assert.Equal("died", died.Message);
            writes++;
            if (await place.OpenReadAsync("snapshots/files-1", default) is not null)
            {
                visible++;
                await Jobs.AssertRestoresAsync(place, "files-1", Jobs.SomeFiles());
            }

            await CopyAsync(place);
            await Jobs.AssertRestoresAsync(place, "files-1", Jobs.SomeFiles());
            await AssertCleanAsync(place);
        }

        Assert.InRange(writes, 8, 30);
        Assert.Equal(death == Death.After ? 2 : 1, visible); // The last write removes the copier's mark.
    }

    [Fact]
    public async Task RunAsync_TwoAtOnceBesideAWriter_EndsClean()
    {
        var files = Jobs.SomeFiles();
        files.Write("new", Bytes.Of(50_000, seed: 8));

        await Task.WhenAll(Task.Run(() => CopyAsync(copy)), Task.Run(() => CopyAsync(copy)), Task.Run(() => BackupAsync(origin, files, "files-2")));
        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
        await CopyAsync(copy);

        await Jobs.AssertRestoresAsync(copy, "files-2", files);
        await AssertCleanAsync(copy);
    }

    [Fact]
    public async Task RunAsync_AnotherRepositoryIsThere_IsRefusedAndChangesNothing()
    {
        (await Opened.CreateAsync(copy)).Dispose();
        var before = await ObjectsAsync(copy);

        var error = await Assert.ThrowsAsync<BackupException>(() => CopyAsync(copy));

        Assert.Equal((BackupErrors.RepositoryExists, "memory holds another repository than memory; nothing in it was changed."), (error.Code, error.Message));
        Assert.Equal(before.Select(item => item.Key).Order(), (await ObjectsAsync(copy)).Select(item => item.Key).Order());
    }

    [Fact]
    public async Task RunAsync_APackOfTheOriginIsDamaged_ShowsNoSnapshotThatMayNeedIt()
    {
        var pack = (await ObjectsAsync(origin, "packs/"))[0];
        var content = await ReadAsync(origin, pack.Key);
        content[50] ^= 1;
        await origin.ReplaceAsync(pack.Key, content, default);

        var error = await Assert.ThrowsAsync<BackupException>(() => CopyAsync(copy));

        Assert.StartsWith($"the object '{pack.Key}' in memory is damaged: its SHA-256 is ", error.Message, StringComparison.Ordinal);
        Assert.Empty(await ObjectsAsync(copy, "snapshots/"));
    }

    [Fact]
    public async Task RunAsync_APackOfTheCopyIsCutShort_IsHealed()
    {
        await CopyAsync(copy);
        var pack = (await ObjectsAsync(copy, "packs/"))[0];
        await copy.ReplaceAsync(pack.Key, new byte[10], default);

        Assert.Equal(2, (await CopyAsync(copy)).ObjectsCopied); // And an index that names it.

        await AssertCleanAsync(copy);
    }

    [Fact]
    public async Task RunAsync_AnotherSnapshotOfThatIdIsThere_IsNamed()
    {
        await CopyAsync(copy);
        await origin.DeleteAsync("snapshots/files-1", default);
        var others = new MemoryFiles();
        others.Write("other", [1]);
        await BackupAsync(origin, others);

        var error = await Assert.ThrowsAsync<BackupException>(() => CopyAsync(copy));

        Assert.Equal((BackupErrors.SnapshotConflict, "The snapshot 'files-1' in memory is not the one in memory."), (error.Code, error.Message));
        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
    }

    /// <summary>A slot that was removed, and one that is not the same, still open the copy: they are named, and nothing of the copy is lost.</summary>
    [Fact]
    public async Task RunAsync_SlotsDiffer_AreNamedAndLeftAlone()
    {
        await CopyAsync(copy);
        var ring = new KeyRing(origin, [new PassphraseWrapper("open", iterations: 10)], TimeProvider.System);
        await ring.RotateAsync("paper", new PassphraseWrapper("new", iterations: 1), default);

        var result = await CopyAsync(copy);

        Assert.Equal(["paper"], result.DifferingSlots);
        using var byOld = await OpenedRepository.OpenAsync(copy, new RecoveryKeyWrapper(new byte[RecoveryKey.Length]), default);
        using var byNew = await OpenedRepository.OpenAsync(copy, new PassphraseWrapper("new", iterations: 1), default);
        var slot = (await ObjectsAsync(copy, "keys/")).Single(item => item.Key.EndsWith("/paper-2", StringComparison.Ordinal)).Key;
        await copy.ReplaceAsync(slot, new byte[1], default);
        Assert.Equal(["paper", "paper-2"], (await CopyAsync(copy)).DifferingSlots);
        await Jobs.AssertRestoresAsync(copy, "files-1", Jobs.SomeFiles());
    }

    private async Task<RepositoryCopy> CopyAsync(IRepository to)
    {
        using var repository = await Opened.OpenAsync(origin);
        return await new CopyJob(repository, to, new ProgressMeter(null, TimeProvider.System)).RunAsync(CancellationToken.None);
    }
}
