using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Backups;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Prunes;

/// <summary>Promise 3, attacked: kills, sleepers and neighbours, at every call there is.</summary>
public sealed class PruneSafetyTests
{
    private const int Days = 9;

    private static PruneOptions Thorough { get; } = PruneScene.Options with { MaxUnused = 0.05 };

    /// <summary>Killed before and after every write of each of the runs in which packs are condemned, doomed and removed.</summary>
    [Theory]
    [InlineData(Transfers.Death.Before)]
    [InlineData(Transfers.Death.After)]
    public async Task RunAsync_KilledAtEveryWrite_LeavesAllWholeAndTheNextGoesOn(Transfers.Death death)
    {
        var scene = await BusyAsync();
        var kills = 0;
        for (var day = 0; day < Days; day++)
        {
            for (var write = 1; ; write++)
            {
                var dying = await scene.CloneAsync();
                if (await Record.ExceptionAsync(() => dying.PruneAsync(Thorough, new Transfers.FaultyRepository(dying.Objects, write, death))) is not { } died)
                {
                    break;
                }

                Assert.Equal("died", died.Message);
                kills++;
                await dying.AssertWholeAsync();
                await dying.BackupAsync("after", PruneJobTests.Files(1));
                await dying.AssertNoGarbageAsync(Thorough);
            }

            await scene.PruneAsync(Thorough);
            scene.Advance(1.5);
        }

        Assert.InRange(kills, 30, 400);
        await scene.AssertNoGarbageAsync(Thorough);
    }

    /// <summary>
    /// A backup whose content is in packs that are about to go sleeps at each of its calls for ten days, while all that it may rely on is removed as far as a prune does, and wakes.
    /// It is there and whole, or refused.
    /// </summary>
    [Theory]
    [InlineData(SnapshotKind.Full, 10)]
    [InlineData(SnapshotKind.Incremental, 10)]
    [InlineData(SnapshotKind.Full, 5)]
    [InlineData(SnapshotKind.Incremental, 5)]
    public async Task RunAsync_WriterSleepsAtEveryCall_IsWholeOrRefused(SnapshotKind kind, int days)
    {
        var start = await PruneScene.CreateAsync();
        await start.BackupAsync("other", PruneJobTests.Files(9));
        await start.BackupAsync("old", PruneJobTests.Files(1));
        start.Advance(1);
        var (refused, taken) = (0, 0);
        for (var call = 1; ; call++)
        {
            var scene = await start.CloneAsync();
            var sleeping = new SleepingRepository(scene.Objects, call);
            var backup = Task.Run(() => Jobs.BackupAsync(sleeping, PruneJobTests.Files(1), "new", kind, time: scene.Time));
            if (await Task.WhenAny(backup, sleeping.Asleep) == backup)
            {
                await backup;
                break;
            }

            await scene.ForgetAsync("old");
            for (var day = 0; day < days; day++)
            {
                scene.Advance(1.1);
                await scene.PruneAsync();
            }

            await scene.AssertWholeAsync();
            sleeping.Wake();
            if (await Record.ExceptionAsync(() => backup) is { } error)
            {
                // What it read may be gone; that it does not become visible is what counts.
                Assert.Contains(Assert.IsType<BackupException>(error).Code, new[] { BackupErrors.SnapshotAbandoned, BackupErrors.DataMissing });
                refused++;

                // It may have named packs that are gone in an index, on which no writer relies, and which the next prune puts right.
                await scene.AssertRestoresAsync();
                await scene.BackupAsync("next", PruneJobTests.Files(1), kind);
                await scene.AssertRestoresAsync();
                scene.Advance(1);
                await scene.PruneAsync();
                scene.Advance(2);
                await scene.PruneAsync();
            }
            else
            {
                scene.Expected["new"] = PruneJobTests.Files(1);
                taken++;
            }

            await scene.AssertWholeAsync();
            await scene.AssertNoGarbageAsync();
        }

        Assert.InRange(taken, 5, 200);
        Assert.InRange(refused, days > 7 ? 5 : 0, days > 7 ? 200 : 0);
    }

    /// <summary>A prune sleeps at each of its calls, while others do all there is to do and backups are taken and removed, and wakes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RunAsync_AnotherPruneSleepsAtEveryCall_HarmsNothing(int before)
    {
        var start = await BusyAsync();
        for (var day = 0; day < before; day++)
        {
            await start.PruneAsync(Thorough);
            start.Advance(1.5);
        }

        for (var call = 1; ; call++)
        {
            var scene = await start.CloneAsync();
            var sleeping = new SleepingRepository(scene.Objects, call);
            var prune = Task.Run(() => scene.PruneAsync(Thorough, sleeping));
            if (await Task.WhenAny(prune, sleeping.Asleep) == prune)
            {
                await prune;
                break;
            }

            await scene.BackupAsync("meanwhile", PruneJobTests.Files(1));
            for (var day = 0; day < 6; day++)
            {
                scene.Advance(1.5);
                await scene.PruneAsync(Thorough);
            }

            await scene.BackupAsync("again", PruneJobTests.Files(2), SnapshotKind.Incremental);
            sleeping.Wake();
            await Record.ExceptionAsync(() => prune);
            await scene.AssertWholeAsync();
            await scene.BackupAsync("after", PruneJobTests.Files(3), SnapshotKind.Incremental);
            await scene.AssertWholeAsync();
            await scene.AssertNoGarbageAsync(Thorough);
        }
    }

    /// <summary>Writers and two prunes at once, day after day, one writer asleep somewhere for some days.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public async Task RunAsync_ManyWritersAndTwoPrunesAtOnce_AllRestore(int writers)
    {
        for (var seed = 0; seed < 2 + (12 / writers); seed++)
        {
            var random = new Random(seed);
            var scene = await PruneScene.CreateAsync();
            (Task Backup, SleepingRepository Sleeping, string Id, MemoryFiles Files)? asleep = null;
            for (var day = 0; day < 8; day++)
            {
                var names = Enumerable.Range(0, writers).Select(writer => (Id: $"{day}-{writer}", Files: PruneJobTests.Files(random.Next(6)))).ToList();
                if (asleep is null)
                {
                    var sleeping = new SleepingRepository(scene.Objects, random.Next(1, 40));
                    var files = PruneJobTests.Files(random.Next(6));
                    asleep = (Task.Run(() => Jobs.BackupAsync(sleeping, files, $"sleeper-{day}", SnapshotKind.Incremental, time: scene.Time)), sleeping, $"sleeper-{day}", files);
                }

                var gone = scene.Expected.Keys.Where(_ => random.Next(2) == 0).ToHashSet();
                gone.ToList().ForEach(id => scene.Expected.Remove(id));
                await Task.WhenAll([
                    .. names.Select((one, writer) => Task.Run(() => Jobs.BackupAsync(scene.Objects, one.Files, one.Id, (SnapshotKind)(writer % 3), time: scene.Time))),
                    Task.Run(() => scene.PruneAsync(Thorough with { Remove = gone })),
                    Task.Run(() => scene.PruneAsync(Thorough)),
                ]);
                names.ForEach(one => scene.Expected[one.Id] = one.Files);
                await scene.AssertWholeAsync();
                scene.Advance(1.2);
                if (asleep is { } one && random.Next(4) == 0)
                {
                    one.Sleeping.Wake();
                    if (await Record.ExceptionAsync(() => one.Backup) is null)
                    {
                        scene.Expected[one.Id] = one.Files;
                    }

                    asleep = null;
                    await scene.AssertWholeAsync();
                }
            }

            asleep?.Sleeping.Wake();
            if (asleep is { } last && await Record.ExceptionAsync(() => last.Backup) is null)
            {
                scene.Expected[last.Id] = last.Files;
            }

            await scene.AssertNoGarbageAsync(Thorough);
        }
    }

    /// <summary>Two attempts at one id: the one that sleeps must not come back when the other's snapshot was made visible and removed.</summary>
    [Fact]
    public async Task RunAsync_SecondAttemptSleepsAtItsCommit_IsRefusedWhenTheSnapshotWasRemoved()
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("other", PruneJobTests.Files(9));
        var sleeping = new SleepingRepository(scene.Objects, sleepAtCreation: "snapshots/twin");
        var twin = Task.Run(() => Jobs.BackupAsync(sleeping, PruneJobTests.Files(1), "twin", time: scene.Time));
        await sleeping.Asleep;
        await scene.BackupAsync("twin", PruneJobTests.Files(1));
        scene.Advance(10);
        await scene.PruneAsync();
        await scene.ForgetAsync("twin");
        await scene.AssertNoGarbageAsync();

        sleeping.Wake();
        var error = await Assert.ThrowsAsync<BackupException>(() => twin);

        Assert.Equal(BackupErrors.SnapshotAbandoned, error.Code);
        await scene.AssertNoGarbageAsync();
    }

    /// <summary>What was condemned, doomed, or is being removed is written again under its name, as a copy does: that is another pack, which no older tombstone means and no sleeping prune removes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RunAsync_PackIsWrittenAgainWhileAPruneSleeps_StaysAndIsReliedOn(int before)
    {
        var start = await PruneScene.CreateAsync();
        await start.BackupAsync("old", PruneJobTests.Files(1));
        await start.BackupAsync("other", PruneJobTests.Files(9));
        start.Advance(1);
        await start.Objects.DeleteAsync("snapshots/old", default);
        start.Expected.Remove("old");
        for (var day = 0; day < before; day++)
        {
            await start.PruneAsync();
            start.Advance(1.5);
        }

        for (var call = 1; ; call++)
        {
            var scene = await start.CloneAsync();
            var sleeping = new SleepingRepository(scene.Objects, call);
            var prune = Task.Run(() => scene.PruneAsync(through: sleeping));
            if (await Task.WhenAny(prune, sleeping.Asleep) == prune)
            {
                await prune;
                Assert.InRange(call, 20, 400);
                break;
            }

            scene.Advance(0.1);
            var packs = await ObjectsAsync(scene.Objects, "packs/");
            await WriteAgainAsync(scene, packs);

            scene.Advance(0.1);
            await scene.BackupAsync("new", PruneJobTests.Files(1)); // Relies on them.
            sleeping.Wake();
            await prune;
            Assert.Subset((await ObjectsAsync(scene.Objects, "packs/")).Select(pack => pack.Key).ToHashSet(), packs.Select(pack => pack.Key).ToHashSet());
            await scene.AssertWholeAsync();
            await scene.AssertNoGarbageAsync();
        }
    }

    // Packs, and an index that names them.
    private static async Task WriteAgainAsync(PruneScene scene, IReadOnlyList<RepositoryObject> packs)
    {
        foreach (var pack in packs)
        {
            await scene.Objects.ReplaceAsync(pack.Key, await ReadAsync(scene.Objects, pack.Key), default);
        }

        using var repository = await Opened.OpenAsync(scene.Objects);
        var batch = new IndexBatch();
        await UnindexedPacks.ReadAsync(repository, new HashSet<string>(), (pack, entries) => Task.Run(() => batch.Add(pack, entries)), error => throw error, default);
        await (await RepositoryIndex.OpenAsync(repository, default)).WriteAsync(batch, default);
    }

    // Something of each sort: shared, wasted and dead packs, indexes enough to be merged, what a killed backup left, and one that is too old.
    private static async Task<PruneScene> BusyAsync()
    {
        var scene = await PruneScene.CreateAsync();
        await Record.ExceptionAsync(() => Jobs.BackupAsync(new Transfers.FaultyRepository(scene.Objects, dieAtPrefix: "snapshots/"), PruneJobTests.Files(7), "dead", time: scene.Time));
        scene.Advance(6.5);
        var files = new MemoryFiles();
        for (var day = 0; day < 5; day++)
        {
            files.Write($"file-{day}", Bytes.Of(4000, seed: 50 + day));
            files.Remove($"file-{day - 2}");
            await scene.BackupAsync($"grows-{day}", Copy(files), SnapshotKind.Incremental);
            await scene.BackupAsync($"own-{day}", PruneJobTests.Files(day));
        }

        await Record.ExceptionAsync(() => Jobs.BackupAsync(new Transfers.FaultyRepository(scene.Objects, dieAtPrefix: "indexes/"), PruneJobTests.Files(8), "killed", time: scene.Time));
        scene.Advance(0.2);
        foreach (var id in new[] { "grows-0", "grows-1", "grows-2", "own-0", "own-2", "own-4" })
        {
            await scene.Objects.DeleteAsync($"snapshots/{id}", default);
            scene.Expected.Remove(id);
        }

        return scene;
    }

    private static MemoryFiles Copy(MemoryFiles files) => PruneScene.Copy(files);
}
