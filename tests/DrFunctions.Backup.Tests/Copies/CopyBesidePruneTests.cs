using DrFunctions.Backup.Copies;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Retention;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Prunes;
using DrFunctions.Backup.Tests.Transfers;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Copies;

/// <summary>A copy into a repository that is pruned by itself: whoever sleeps, dies or comes twice, what is visible there restores, and in the end nothing is in anybody's way.</summary>
public sealed class CopyBesidePruneTests
{
    private static PruneOptions Thorough { get; } = PruneScene.Options with { MaxUnused = 0.05 };

    /// <summary>
    /// A copier sleeps at each of its calls for days, while the copy is pruned as far as it goes, and what it was to rely on is removed: what was condemned, doomed or gone before it began, and a snapshot that
    /// it saw.
    /// </summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(2, 10)]
    [InlineData(3, 4)]
    [InlineData(1, 1)]
    public async Task RunAsync_SleepsAtEveryCallWhileTheCopyIsPruned_ShowsOnlyWhatRestores(int before, int days)
    {
        var (origin, start) = await StartAsync(before);
        for (var call = 1; ; call++)
        {
            var scene = await start.CloneAsync();
            var sleeping = new SleepingRepository(scene.Objects, call);
            var copy = Task.Run(() => scene.CopyFromAsync(origin, sleeping));
            if (await Task.WhenAny(copy, sleeping.Asleep) == copy)
            {
                await copy;
                Assert.InRange(call, 20, 200);
                break;
            }

            await scene.PruneAsync(Thorough with { Remove = new HashSet<string> { "base" } });
            scene.Expected.Remove("base");
            for (var day = 0; day < days; day++)
            {
                scene.Advance(1.1);
                await scene.PruneAsync(Thorough);
            }

            sleeping.Wake();
            await copy;
            await AssertShownAsync(origin, scene, "again", "more");
            await AssertEndsAsync(origin, scene, "again", "more");
        }
    }

    /// <summary>A prune sleeps at each of its calls while a copy runs whole, and other prunes, and wakes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RunAsync_APruneOfTheCopySleepsAtEveryCall_ShowsOnlyWhatRestores(int before)
    {
        var (origin, start) = await StartAsync(before);
        for (var call = 1; ; call++)
        {
            var scene = await start.CloneAsync();
            var sleeping = new SleepingRepository(scene.Objects, call);
            var prune = Task.Run(() => scene.PruneAsync(Thorough, sleeping));
            if (await Task.WhenAny(prune, sleeping.Asleep) == prune)
            {
                await prune;
                Assert.InRange(call, 20, 400);
                break;
            }

            for (var day = 0; day < call % 5; day++)
            {
                scene.Advance(1.5);
                await scene.PruneAsync(Thorough);
            }

            await scene.CopyFromAsync(origin);
            await AssertShownAsync(origin, scene, "again", "base", "more");
            if (call % 2 == 0)
            {
                scene.Advance(1.5);
                await scene.PruneAsync(Thorough);
            }

            sleeping.Wake();
            await Record.ExceptionAsync(() => prune); // What it was to read may be gone.
            await AssertShownAsync(origin, scene, "again", "base", "more");
            await AssertEndsAsync(origin, scene, "again", "base", "more");
        }
    }

    /// <summary>Copiers killed before and after every write; prunes go on for as long as they are let, another copier comes, and nothing is left.</summary>
    [Theory]
    [InlineData(0, Death.Before)]
    [InlineData(1, Death.After)]
    [InlineData(2, Death.Before)]
    [InlineData(2, Death.After)]
    public async Task RunAsync_KilledAtEveryWriteAndPruned_IsEndedByTheNext(int before, Death death)
    {
        var (origin, start) = await StartAsync(before);
        for (var write = 1; ; write++)
        {
            var scene = await start.CloneAsync();
            if (await Record.ExceptionAsync(() => scene.CopyFromAsync(origin, new FaultyRepository(scene.Objects, write, death))) is not { } died)
            {
                Assert.InRange(write, 6, 30);
                break;
            }

            Assert.Equal("died", died.Message);
            for (var day = 0; day < 9; day++)
            {
                scene.Advance(1.1);
                await scene.PruneAsync(Thorough);
            }

            var shown = await AssertShownAsync(origin, scene);
            var isUnfinished = !shown.Contains("more") && (await CopyMark.ListAsync(scene.Objects, default)).Count > 0;
            Assert.Equal(isUnfinished, (await scene.PruneAsync(Thorough)).UnfinishedCopies.Count > 0);
            await scene.CopyFromAsync(origin);
            await AssertShownAsync(origin, scene, "again", "base", "more");
            await AssertEndsAsync(origin, scene, "again", "base", "more");
        }
    }

    /// <summary>What a dead copier was to show and the origin does not have any more is given up by the next one, however long the first one sleeps.</summary>
    [Fact]
    public async Task RunAsync_ADeadCopyWasToShowWhatTheOriginRemoved_IsSettledByTheNext()
    {
        var (origin, scene) = await StartAsync(1);
        var sleeping = new SleepingRepository(scene.Objects, sleepAtCreation: "snapshots/more");
        var dead = Task.Run(() => scene.CopyFromAsync(origin, sleeping));
        await sleeping.Asleep;
        await origin.Objects.DeleteAsync("snapshots/more", default);
        scene.Advance(6);
        await scene.CopyFromAsync(origin);
        Assert.Empty((await scene.PruneAsync(Thorough)).UnfinishedCopies);
        scene.Advance(2);
        Assert.Contains("run the copy into memory again", Assert.Single((await scene.PruneAsync(Thorough)).UnfinishedCopies), StringComparison.Ordinal);

        await scene.CopyFromAsync(origin);

        Assert.Empty((await scene.PruneAsync(Thorough)).UnfinishedCopies);
        await AssertEndsAsync(origin, scene, "again", "base");
        sleeping.Wake();
        Assert.Equal(1, (await dead).RemovedThere);
        await AssertEndsAsync(origin, scene, "again", "base");
    }

    /// <summary>Copies and prunes in turn, the copy's retention stricter than the origin's, whose waste nobody removes: nothing is sent twice, and no index is written for nothing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task RunAsync_InTurnWithPrunesOfTheCopy_SendsNothingTwice(int last)
    {
        var origin = await PruneScene.CreateAsync();
        var scene = PruneScene.Nothing();
        var options = Thorough with { Retention = [new RetentionScope(new RetentionRules { Last = last })] };
        await Record.ExceptionAsync(() => Backups.Jobs.BackupAsync(new FaultyRepository(origin.Objects, dieAtPrefix: "snapshots/"), PruneJobTests.Files(7), "dead", time: origin.Time));
        var files = new MemoryFiles();
        for (var day = 0; day < 4; day++)
        {
            files.Write($"file-{day}", Testing.Backups.Bytes.Of(6000, seed: 50 + day));
            files.Remove($"file-{day - 2}");
            await origin.BackupAsync($"day-{day}", PruneScene.Copy(files), SnapshotKind.Incremental);
            await scene.CopyFromAsync(origin);
            await scene.PruneAsync(options);
            origin.Advance(1.1);
            scene.Advance(1.1);
        }

        for (var round = 0; round < 3; round++)
        {
            for (var day = 0; day < 4; day++)
            {
                await scene.PruneAsync(options);
                scene.Advance(1.5);
            }

            var before = (await ObjectsAsync(scene.Objects)).Select(item => item.Key).Where(key => !key.StartsWith("tombstones/", StringComparison.Ordinal)).ToHashSet();
            var copied = await scene.CopyFromAsync(origin);
            Assert.Equal((0, 0), (copied.ObjectsCopied, copied.BytesCopied));
            Assert.Equal(Math.Max(0, 4 - last), copied.RemovedThere);
            Assert.Equal(before.Order(), (await ObjectsAsync(scene.Objects)).Select(item => item.Key).Where(key => !key.StartsWith("tombstones/", StringComparison.Ordinal)).Order());
        }

        // What is new is sent, and nothing else.
        files.Write("new", Testing.Backups.Bytes.Of(3000, seed: 99));
        await origin.BackupAsync("day-4", PruneScene.Copy(files), SnapshotKind.Incremental);
        Assert.InRange((await scene.CopyFromAsync(origin)).BytesCopied, 3000, 9000);
        await AssertShownAsync(origin, scene, [.. origin.Expected.Keys.Order(StringComparer.Ordinal).TakeLast(last == 100 ? 5 : last + 1)]);
    }

    /// <summary>
    /// In the origin: "old", whose content the copy's prunes are about to remove, "base", and, not in the copy yet, "again", whose content is the old one's and lies in its packs, and "more".
    /// </summary>
    private static async Task<(PruneScene Origin, PruneScene Copy)> StartAsync(int before)
    {
        var origin = await PruneScene.CreateAsync();
        await origin.BackupAsync("old", PruneJobTests.Files(1));
        await origin.BackupAsync("base", PruneJobTests.Files(9));
        var scene = PruneScene.Nothing();
        await scene.CopyFromAsync(origin);
        scene.Advance(1.5);
        await scene.PruneAsync(Thorough with { Remove = new HashSet<string> { "old" } });
        for (var day = 0; day < before; day++)
        {
            scene.Advance(1.5);
            await scene.PruneAsync(Thorough);
        }

        scene.Advance(0.2);
        await origin.Objects.DeleteAsync("snapshots/old", default);
        origin.Expected.Remove("old");
        await origin.BackupAsync("again", PruneJobTests.Files(1));
        await origin.BackupAsync("more", PruneJobTests.Files(5), SnapshotKind.Incremental);
        scene.Expected["base"] = origin.Expected["base"];
        return (origin, scene);
    }

    private static async Task<IReadOnlyList<string>> AssertShownAsync(PruneScene origin, PruneScene scene, params string[] expected)
    {
        var shown = (await ObjectsAsync(scene.Objects, "snapshots/")).Where(item => item.Length > 110).Select(item => item.Key["snapshots/".Length..]).Order(StringComparer.Ordinal).ToList();
        if (expected.Length > 0)
        {
            Assert.Equal(expected, shown);
        }

        scene.Expected.Clear();
        shown.ForEach(id => scene.Expected[id] = origin.Expected[id]);
        await scene.AssertWholeAsync();
        return shown;
    }

    // In the end it is as if nobody had slept or died.
    private static async Task AssertEndsAsync(PruneScene origin, PruneScene scene, params string[] expected)
    {
        await scene.AssertNoGarbageAsync(Thorough);
        await AssertShownAsync(origin, scene, expected);
        Assert.Empty((await scene.PruneAsync(Thorough)).UnfinishedCopies);
        Assert.Equal(0, (await scene.CopyFromAsync(origin)).ObjectsCopied);
    }
}
