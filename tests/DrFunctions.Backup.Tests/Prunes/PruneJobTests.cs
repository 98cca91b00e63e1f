using DrFunctions.Backup.Indexes;
using DrFunctions.Backup.Packs;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Retention;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Backups;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Testing.Backups;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Prunes;

public sealed class PruneJobTests
{
    [Fact]
    public async Task RunAsync_ByRules_RemovesSnapshotsAndThenTheirPacks()
    {
        var scene = await PruneScene.CreateAsync();
        for (var day = 1; day <= 4; day++)
        {
            await scene.BackupAsync($"day-{day}", Files(day));
            scene.Advance(1);
        }

        var options = PruneScene.Options with { Retention = [new RetentionScope(new RetentionRules { Last = 2 })] };
        scene.Expected.Remove("day-1");
        scene.Expected.Remove("day-2");
        var packs = (await ObjectsAsync(scene.Objects, "packs/")).Count;

        var first = await scene.PruneAsync(options);

        Assert.Equal((2, 0), (first.SnapshotsRemoved, first.PacksRemoved));
        Assert.InRange(first.BytesWaiting, 40_000, 80_000); // What the first one has in common with the others lies in one pack with some of its own.
        Assert.Equal(packs, (await ObjectsAsync(scene.Objects, "packs/")).Count);
        await scene.AssertWholeAsync();
        scene.Advance(1.5);
        Assert.Equal(0, (await scene.PruneAsync(options)).PacksRemoved);
        await scene.AssertWholeAsync();
        scene.Advance(1.5);
        var third = await scene.PruneAsync(options);
        Assert.Equal((first.PacksWaiting, first.BytesWaiting), (third.PacksRemoved, third.BytesRemoved));
        Assert.Equal(packs - third.PacksRemoved, (await ObjectsAsync(scene.Objects, "packs/")).Count);
        await scene.AssertNoGarbageAsync(options);
    }

    [Fact]
    public async Task RunAsync_DryRun_SaysWhatWouldGoAndChangesNothing()
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("old", Files(1));
        await scene.BackupAsync("new", Files(2));
        scene.Advance(3);
        var before = await ObjectsAsync(scene.Objects);

        var result = await scene.PruneAsync(PruneScene.Options with { DryRun = true, Retention = [new RetentionScope(new RetentionRules { Last = 1 })] });

        Assert.Equal([("new", true), ("old", false)], result.Decisions.Select(decision => (decision.Snapshot.Id, decision.IsKept)));
        Assert.Equal(1, result.SnapshotsRemoved);
        Assert.InRange(result.BytesWaiting, 10_000, 40_000);
        Assert.Equal(before.OrderBy(item => item.Key), (await ObjectsAsync(scene.Objects)).OrderBy(item => item.Key));
    }

    /// <summary>Who waits for space knows when the next prune is worth it.</summary>
    [Fact]
    public async Task RunAsync_PacksWait_SaysWhenTheNextStepCanBeTaken()
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("old", Files(1));
        await scene.BackupAsync("new", Files(2));
        scene.Advance(1);
        var dry = await scene.PruneAsync(PruneScene.Options with { DryRun = true, Remove = new HashSet<string> { "old" } });
        Assert.Equal(scene.Time.GetUtcNow(), dry.NextStepAt.GetValueOrDefault(), TimeSpan.FromMinutes(1)); // At once.
        for (var step = 0; step < 2; step++)
        {
            var taken = await scene.ForgetAsync("old");
            Assert.Equal(scene.Time.GetUtcNow().AddDays(1), taken.NextStepAt.GetValueOrDefault(), TimeSpan.FromMinutes(1));
            scene.Advance(0.5);
            var early = await scene.PruneAsync();
            Assert.Equal(taken.NextStepAt.GetValueOrDefault(), early.NextStepAt.GetValueOrDefault(), TimeSpan.FromMinutes(1));
            Assert.Equal(0, early.PacksRemoved);
            scene.Advance(0.6);
        }

        var last = await scene.PruneAsync();

        Assert.InRange(last.PacksRemoved, 1, 100);
        Assert.Null(last.NextStepAt);
    }

    [Fact]
    public async Task RunAsync_EverythingGone_LeavesNoPackAndNoIndex()
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("only", Files(1));
        await scene.ForgetAsync("only");

        await scene.AssertNoGarbageAsync();

        Assert.Empty(await ObjectsAsync(scene.Objects, "packs/"));
        Assert.Empty(await ObjectsAsync(scene.Objects, "indexes/"));
    }

    /// <summary>Packs of which little is needed are written anew, each chunk once.</summary>
    [Fact]
    public async Task RunAsync_MostlyWaste_IsWrittenAnew()
    {
        var scene = await PruneScene.CreateAsync();
        var files = new MemoryFiles();
        Enumerable.Range(0, 60).ToList().ForEach(number => files.Write($"file-{number:D2}", Bytes.Of(900, seed: number)));
        await scene.BackupAsync("all", files);
        Enumerable.Range(0, 60).Where(number => number % 6 != 0).ToList().ForEach(number => files.Remove($"file-{number:D2}"));
        await scene.BackupAsync("few", files, SnapshotKind.Incremental);
        scene.Advance(1);
        var options = PruneScene.Options with { MaxUnused = 0.05 };
        await scene.ForgetAsync("all");
        scene.Advance(1);

        var result = await scene.PruneAsync(options);

        Assert.InRange(result.BytesRewritten, 9_000, 20_000);
        await scene.AssertWholeAsync();
        await scene.AssertNoGarbageAsync(options);
        Assert.InRange((await ObjectsAsync(scene.Objects, "packs/")).Sum(pack => pack.Length), 9_000, 20_000);
        using var repository = await Opened.OpenAsync(scene.Objects);
        var chunks = new List<ChunkId>();
        await UnindexedPacks.ReadAsync(repository, new HashSet<string>(), (_, entries) => Task.Run(() => chunks.AddRange(entries.Select(entry => entry.Id))), error => throw error, default);
        Assert.Equal(chunks.Count, chunks.Distinct().Count());
    }

    [Fact]
    public async Task RunAsync_ManySmallIndexes_BecomeOneAndTheOldOnesGoLater()
    {
        var scene = await PruneScene.CreateAsync();
        var files = new MemoryFiles();
        for (var day = 0; day < 12; day++)
        {
            files.Write($"file-{day}", Bytes.Of(3000, seed: day));
            await scene.BackupAsync($"day-{day}", files, SnapshotKind.Incremental);
            scene.Advance(1);
        }

        Assert.Equal(12, (await ObjectsAsync(scene.Objects, "indexes/")).Count);
        Assert.Equal((1, 0), Indexes(await scene.PruneAsync()));
        Assert.Equal(13, (await ObjectsAsync(scene.Objects, "indexes/")).Count);
        await scene.AssertWholeAsync();
        scene.Advance(1.5);
        Assert.Equal((0, 12), Indexes(await scene.PruneAsync()));
        Assert.Single(await ObjectsAsync(scene.Objects, "indexes/"));
        await scene.AssertWholeAsync();
        Assert.Equal((0, 0), Indexes(await scene.PruneAsync()));

        static (int, int) Indexes(PruneResult result) => (result.IndexesWritten, result.IndexesRemoved);
    }

    /// <summary>Nobody knows what a snapshot needs that cannot be read: nothing goes until a person gives it up.</summary>
    [Fact]
    public async Task RunAsync_UnreadableSnapshot_KeepsAllPacksUntilItIsGivenUp()
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("old", Files(1));
        await scene.BackupAsync("broken", Files(2));
        await scene.BackupAsync("new", Files(3));
        await scene.Objects.ReplaceAsync("snapshots/broken", new byte[300], default);
        scene.Expected.Remove("broken");
        scene.Expected.Remove("old");
        var packs = (await ObjectsAsync(scene.Objects, "packs/")).Count;
        var options = PruneScene.Options with { Remove = new HashSet<string> { "old" } };
        for (var day = 0; day < 5; day++)
        {
            scene.Advance(2);
            Assert.StartsWith(
                "the snapshot 'broken' cannot be read, and any pack may be its: ", Assert.Single((await scene.PruneAsync(options)).Blocked), StringComparison.Ordinal);
        }

        Assert.Equal(packs, (await ObjectsAsync(scene.Objects, "packs/")).Count);
        for (var day = 0; day < 3; day++)
        {
            scene.Advance(2);
            Assert.Empty((await scene.PruneAsync(options with { GivenUp = new HashSet<string> { "broken" } })).Blocked);
        }

        Assert.InRange((await ObjectsAsync(scene.Objects, "packs/")).Count, 1, packs - 3);
        await Jobs.AssertRestoresAsync(scene.Objects, "new", scene.Expected["new"]);
    }

    [Fact]
    public async Task RunAsync_ManifestIsLost_KeepsAllPacks()
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("old", Files(1));
        var before = (await ObjectsAsync(scene.Objects, "packs/")).Select(item => item.Key).ToHashSet();
        await scene.BackupAsync("broken", Files(2));
        foreach (var pack in (await ObjectsAsync(scene.Objects, "packs/")).Where(item => !before.Contains(item.Key)))
        {
            await scene.Objects.DeleteAsync(pack.Key, default);
        }

        await scene.ForgetAsync("old");
        scene.Advance(2);
        var result = await scene.PruneAsync();

        Assert.StartsWith("the manifest of snapshot 'broken' cannot be read, and any pack may be its: ", result.Blocked[0], StringComparison.Ordinal);
        Assert.Empty(await ObjectsAsync(scene.Objects, "tombstones/"));
    }

    /// <summary>What the storage refuses to remove is told and left, and the rest goes.</summary>
    [Fact]
    public async Task RunAsync_StorageRefuses_TellsAndGoesOn()
    {
        var scene = await PruneScene.CreateAsync();
        await scene.BackupAsync("held", Files(1));
        await scene.BackupAsync("other", Files(2));
        await scene.BackupAsync("new", Files(3));
        var locked = new RefusingRepository(scene.Objects, "snapshots/held");
        scene.Expected.Remove("other");
        var options = PruneScene.Options with { Retention = [new RetentionScope(new RetentionRules { Last = 1 })] };
        var packs = (await ObjectsAsync(scene.Objects, "packs/")).Count;
        for (var day = 0; day < 4; day++)
        {
            scene.Advance(2);
            Assert.Equal("'snapshots/held': immutable", Assert.Single((await scene.PruneAsync(options, locked)).Refused));
        }

        Assert.Empty(await ObjectsAsync(scene.Objects, "snapshots/other"));
        Assert.InRange((await ObjectsAsync(scene.Objects, "packs/")).Count, 2, packs - 2);
        await scene.AssertWholeAsync();
    }

    /// <summary>A backup that was given up says so, before it has read anything and when it commits.</summary>
    [Fact]
    public async Task Backup_OfAnAbandonedId_IsRefused()
    {
        var scene = await PruneScene.CreateAsync();
        var dying = new Transfers.FaultyRepository(scene.Objects, dieAtPrefix: "snapshots/");
        await Assert.ThrowsAsync<BackupException>(() => scene.BackupAsync("late", Files(1), through: dying));
        scene.Advance(8);

        Assert.Equal(["late"], (await scene.PruneAsync()).Abandoned);
        var error = await Assert.ThrowsAsync<BackupException>(() => scene.BackupAsync("late", Files(1)));

        Assert.Equal(BackupErrors.SnapshotAbandoned, error.Code);
        Assert.StartsWith("The snapshot 'late' in memory was given up: its backup began too long ago", error.Message, StringComparison.Ordinal);
        Assert.Empty(await ObjectsAsync(scene.Objects, "checkpoints/"));
        await scene.AssertNoGarbageAsync();
        Assert.Empty(await ObjectsAsync(scene.Objects, "packs/"));
    }

    [Theory]
    [InlineData("00:00:00", "1.00:00:00", 0.1, "margin is 00:00:00; expected more than 0")]
    [InlineData("01:00:00", "00:30:00", 0.1, "grace is 00:30:00; expected at least the margin, 01:00:00")]
    [InlineData("01:00:00", "1.00:00:00", 1.5, "max unused is 1.5; expected 0 to 1")]
    public void Mistake_WrongOptions_NamesFieldValueAndExpectation(string margin, string grace, double unused, string mistake) => Assert.Equal(
        mistake,
        new PruneOptions { Margin = TimeSpan.Parse(margin, null), Grace = TimeSpan.Parse(grace, null), MaxUnused = unused }.Mistake);

    internal static MemoryFiles Files(int seed)
    {
        var files = new MemoryFiles();
        for (var version = 0; version <= seed; version++)
        {
            files.Write("own", []); // So that files with other content are of other versions.
        }

        files.Write("own", Bytes.Of(30_000, seed));
        files.Write("same", Bytes.Of(10_000, seed: 100));
        files.Write("small", [(byte)seed]);
        return files;
    }
}
