using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repairs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Prunes;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Backup.Tests.Transfers;
using static DrFunctions.Backup.Tests.Transfers.Backups;
using Jobs = DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Repairs;

/// <summary>A repair of a repository that is pruned: whoever sleeps or dies, nothing that was saved is lost again, and what a prune removed is no damage.</summary>
public sealed class RepairBesidePruneTests
{
    private static PruneOptions Thorough { get; } = PruneScene.Options with { MaxUnused = 0.05 };

    /// <summary>The repair sleeps at each of its calls while prunes remove what they may: nothing that it relies on.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public async Task RunAsync_SleepsAtEveryCallWhilePruned_SavesAll(int before, bool fromCopy)
    {
        var (start, copy) = await StartAsync(before);
        for (var call = 1; ; call++)
        {
            var scene = await start.CloneAsync();
            var sleeping = new SleepingRepository(scene.Objects, call);
            var repair = Task.Run(() => RepairAsync(sleeping, fromCopy ? copy : null));
            if (await Task.WhenAny(repair, sleeping.Asleep) == repair)
            {
                Assert.True((await repair).IsWhole);
                Assert.InRange(call, 20, 400);
                break;
            }

            for (var day = 0; day < 4; day++)
            {
                scene.Advance(1.1);
                await Record.ExceptionAsync(() => scene.PruneAsync(Thorough)); // What it is to write anew may be damaged.
            }

            sleeping.Wake();
            await Record.ExceptionAsync(() => repair); // What it was to read may be gone.
            await AssertMendedAsync(scene, copy);
        }
    }

    /// <summary>A prune sleeps at each of its calls while a repair runs whole.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RunAsync_APruneSleepsAtEveryCall_SavesAll(int before)
    {
        var (start, copy) = await StartAsync(before);
        for (var call = 1; ; call++)
        {
            var scene = await start.CloneAsync();
            var sleeping = new SleepingRepository(scene.Objects, call);
            var prune = Task.Run(() => scene.PruneAsync(Thorough, sleeping));
            if (await Task.WhenAny(prune, sleeping.Asleep) == prune)
            {
                await Record.ExceptionAsync(() => prune);
                Assert.InRange(call, 20, 400);
                break;
            }

            await RepairAsync(scene.Objects, call % 2 == 0 ? copy : null);
            sleeping.Wake();
            await Record.ExceptionAsync(() => prune);
            await AssertMendedAsync(scene, copy);
        }
    }

    /// <summary>Repairs that died at every write, prunes after them, and another repair.</summary>
    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.After)]
    public async Task RunAsync_KilledAtEveryWriteAndPruned_IsEndedByTheNext(Death death)
    {
        var (start, copy) = await StartAsync(1);
        for (var write = 1; ; write++)
        {
            var scene = await start.CloneAsync();
            if (await Record.ExceptionAsync(() => RepairAsync(new FaultyRepository(scene.Objects, write, death), null)) is not { } died)
            {
                Assert.InRange(write, 5, 40);
                break;
            }

            Assert.Equal("died", died.Message);
            for (var day = 0; day < 3; day++)
            {
                scene.Advance(1.1);
                await Record.ExceptionAsync(() => scene.PruneAsync(Thorough));
            }

            await AssertMendedAsync(scene, copy);
        }
    }

    /// <summary>An index that was written late names packs that a prune removed: that is no damage, and they are not brought back.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_APruneRemovedWhatAnIndexNames_IsWholeAndBringsNothingBack(bool dryRun)
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("old", PruneJobTests.Files(1));
        var indexes = await ObjectsAsync(scene.Objects, "indexes/");
        var late = await ReadAsync(scene.Objects, indexes[0].Key);
        await scene.BackupAsync("new", PruneJobTests.Files(2));
        var copy = await Opened.CloneAsync(scene.Objects);
        await scene.ForgetAsync("old");
        for (var day = 0; day < 2; day++)
        {
            scene.Advance(1.5);
            await scene.PruneAsync();
        }

        await scene.Objects.TryCreateAsync(indexes[0].Key, late, default);
        var packs = (await ObjectsAsync(scene.Objects, "packs/")).Select(item => item.Key).Order().ToList();
        Assert.NotEmpty(await ObjectsAsync(scene.Objects, "tombstones/"));

        var result = await RepairAsync(scene.Objects, copy, dryRun);

        Assert.True(result.IsWhole);
        Assert.Empty(result.Objects);
        Assert.Equal(packs, (await ObjectsAsync(scene.Objects, "packs/")).Select(item => item.Key).Order());
        await scene.AssertNoGarbageAsync();
    }

    /// <summary>Repairs and prunes in turn: each leaves the other nothing to do.</summary>
    [Fact]
    public async Task RunAsync_InTurnWithPrunes_Ends()
    {
        var (scene, copy) = await StartAsync(0);
        await RepairAsync(scene.Objects, null);
        for (var round = 0; round < 3; round++)
        {
            for (var day = 0; day < 4; day++)
            {
                await scene.PruneAsync(Thorough);
                scene.Advance(1.5);
                if (round == 0)
                {
                    await RepairAsync(scene.Objects, copy);
                }
            }

            var before = (await ObjectsAsync(scene.Objects)).Select(item => item.Key).Order().ToList();
            Assert.Empty((await RepairAsync(scene.Objects, copy)).Objects);
            Assert.Equal(before, (await ObjectsAsync(scene.Objects)).Select(item => item.Key).Order());
            await scene.AssertWholeAsync();
        }

        await scene.AssertNoGarbageAsync(Thorough);
    }

    /// <summary>A repair for which prunes wait no more removes nothing.</summary>
    [Fact]
    public async Task RunAsync_ItsMarkIsGone_RemovesNothing()
    {
        var (scene, _) = await StartAsync(0);
        var sleeping = new SleepingRepository(scene.Objects, sleepAtCall: 40);
        var repair = Task.Run(() => RepairAsync(sleeping, null));
        await sleeping.Asleep;
        var before = await ObjectsAsync(scene.Objects);
        scene.Advance(8);
        await Record.ExceptionAsync(() => scene.PruneAsync(Thorough));
        Assert.Empty(await ObjectsAsync(scene.Objects, "repairs/"));
        sleeping.Wake();

        var error = await Assert.ThrowsAsync<BackupException>(() => repair);

        Assert.Equal((BackupErrors.StorageUnavailable, true), (error.Code, error.IsTransient));
        Assert.Empty(await ObjectsAsync(scene.Objects, "damaged/"));
        Assert.Subset((await ObjectsAsync(scene.Objects, "packs/")).Select(item => item.Key).ToHashSet(), before.Where(item => item.Key.StartsWith("packs/", StringComparison.Ordinal)).Select(item => item.Key).ToHashSet());
    }

    private static MemoryFiles Kept { get; } = PruneJobTests.Files(3);

    /// <summary>Waste of all sorts, a damaged pack that a snapshot needs, and a copy of all as it was.</summary>
    private static async Task<(PruneScene Scene, MemoryRepository Copy)> StartAsync(int before)
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("old", PruneJobTests.Files(1));
        await Record.ExceptionAsync(() => Jobs.BackupAsync(new FaultyRepository(scene.Objects, dieAtPrefix: "snapshots/"), Kept, "killed", time: scene.Time));
        await scene.BackupAsync("kept", Kept, SnapshotKind.Incremental);
        scene.Advance(1);
        await scene.ForgetAsync("old");
        for (var day = 0; day < before; day++)
        {
            scene.Advance(1.5);
            await scene.PruneAsync(Thorough);
        }

        scene.Advance(0.5);
        var copy = await Opened.CloneAsync(scene.Objects);
        var pack = await PackOfAsync(scene, "own");
        var content = await ReadAsync(scene.Objects, pack);
        content[60] ^= 1;
        await scene.Objects.ReplaceAsync(pack, content, default);
        return (scene, copy);
    }

    private static async Task AssertMendedAsync(PruneScene scene, MemoryRepository copy)
    {
        Assert.True((await RepairAsync(scene.Objects, copy)).IsWhole);
        await scene.AssertWholeAsync();
        await scene.AssertNoGarbageAsync(Thorough);
        Assert.Empty(await ObjectsAsync(scene.Objects, "repairs/"));
    }

    private static Task<RepairResult> RepairAsync(IRepository place, IRepository? copy, bool dryRun = false)
    {
        var options = new RepairOptions { Copy = copy, Source = copy is null ? Kept : null, DryRun = dryRun };
        return new RepositoryRepair(place, [new PassphraseWrapper("open", iterations: 10), new RecoveryKeyWrapper(new byte[RecoveryKey.Length])], options, TimeProvider.System).RunAsync(null, default);
    }

    private static async Task<string> PackOfAsync(PruneScene scene, string path)
    {
        using var repository = await Opened.OpenAsync(scene.Objects);
        var index = await RepositoryIndex.OpenAsync(repository, default);
        using var fetch = new DrFunctions.Backup.Packs.ChunkFetch(repository, index);
        var snapshot = await new DrFunctions.Backup.Snapshots.SnapshotStore(repository).GetAsync("kept", default);
        await foreach (var entry in new DrFunctions.Backup.Manifests.ManifestReader(fetch).EntriesAsync(snapshot.Manifest, "kept", default))
        {
            if (entry.Source.Path == path && await index.FindAsync(entry.Chunks[0].Id, default) is { } found)
            {
                return found.Pack.Id.Key;
            }
        }

        throw new InvalidOperationException($"'{path}' is in no pack");
    }
}
