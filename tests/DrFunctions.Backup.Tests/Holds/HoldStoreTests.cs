using DrFunctions.Backup.Holds;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Retention;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Backups;
using DrFunctions.Backup.Tests.Repositories;
using static DrFunctions.Backup.Tests.Transfers.Backups;

namespace DrFunctions.Backup.Tests.Holds;

/// <summary>Legal holds through the engine's door, as people put them.</summary>
public sealed class HoldStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 15, 250, TimeSpan.FromHours(2));

    private readonly MemoryRepository objects = new();
    private readonly BackupEngine engine = new();
    private OpenedRepository repository = null!; // Set before each test.

    public async Task InitializeAsync()
    {
        repository = await Opened.CreateAsync(objects);
        foreach (var id in new[] { "one", "two", "three" })
        {
            await engine.BackupAsync(Jobs.SomeFiles(), repository, new SnapshotRequest(id, id == "three" ? "other" : "shop", "files"));
        }
    }

    public Task DisposeAsync()
    {
        repository.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task HoldAsync_OnASnapshotAndAWorkload_ListsEveryField()
    {
        var (snapshot, workload) = (new LegalHold("one", null, "ann", "case 7, ünï", At), new LegalHold(null, "shop", "ben", "audit", At.AddDays(1)));

        await engine.HoldAsync(repository, workload);
        await engine.HoldAsync(repository, snapshot);

        var list = await engine.ListHoldsAsync(repository);
        Assert.Equal([snapshot, workload], list.Holds);
        Assert.Equal(TimeSpan.Zero, list.Holds[0].At.Offset);
        Assert.Empty(list.Unreadable);
        Assert.Equal(
            ["holds/snapshots/one", "holds/workloads/8d9001d32c6a703d95921a77115050f33dd823d3f1730bd35215dcbecad6dc20"],
            (await ObjectsAsync(objects, "holds/")).Select(item => item.Key).Order());
    }

    [Fact]
    public async Task HoldAsync_Again_ReplacesTheOneThatIsThere()
    {
        await engine.HoldAsync(repository, new LegalHold("one", null, "ann", "case 7", At));
        var later = new LegalHold("one", null, "ben", "case 8", At.AddDays(1));

        await engine.HoldAsync(repository, later);

        Assert.Equal([later], (await engine.ListHoldsAsync(repository)).Holds);
    }

    [Theory]
    [InlineData("one", null, true)]
    [InlineData(null, "shop", true)]
    [InlineData("two", null, false)]
    [InlineData(null, "other", false)]
    [InlineData(null, "Shop", false)]
    public async Task On_ASnapshot_IsItsHoldOrItsWorkloads(string? snapshot, string? workload, bool isHeld)
    {
        await engine.HoldAsync(repository, new LegalHold(snapshot, workload, "ann", "case 7", At));

        var one = await engine.FindAsync(repository, "one");

        var on = (await engine.ListHoldsAsync(repository)).On(one!); // It was just taken.
        Assert.Equal(isHeld ? $"legal hold on {(snapshot is null ? "workload 'shop'" : "snapshot 'one'")} by ann: case 7" : null, on);
    }

    [Theory]
    [InlineData(null, null, "ann", "case", "a hold is on a snapshot or on a workload; expected one of them")]
    [InlineData("one", "shop", "ann", "case", "a hold is on a snapshot or on a workload; expected one of them")]
    [InlineData("a/b", null, "ann", "case", "'a/b' is not a snapshot id")]
    [InlineData("one", null, " ", "case", "by has 1 characters; expected 1 to 1000, not only spaces")]
    [InlineData("one", null, "ann", "", "reason has 0 characters; expected 1 to 1000, not only spaces")]
    [InlineData(null, "", "ann", "case", "workload has 0 characters; expected 1 to 1000, not only spaces")]
    public async Task HoldAsync_WrongField_IsNamedAndNothingIsHeld(string? snapshot, string? workload, string by, string reason, string message)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => engine.HoldAsync(repository, new LegalHold(snapshot, workload, by, reason, At)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(await ObjectsAsync(objects, "holds/"));
    }

    [Fact]
    public async Task HoldAsync_TooLongAReason_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => engine.HoldAsync(repository, new LegalHold("one", null, "ann", new string('x', 1001), At)));

    /// <summary>A prune removed the snapshot between the person's look and the hold: the person must know, and no hold is left that holds nothing.</summary>
    [Fact]
    public async Task HoldAsync_SnapshotVanishedMeanwhile_SaysSoAndLeavesNoHold()
    {
        await objects.DeleteAsync("snapshots/one", default);

        var error = await Assert.ThrowsAsync<BackupException>(() => engine.HoldAsync(repository, new LegalHold("one", null, "ann", "case 7", At)));

        Assert.Equal((BackupErrors.SnapshotNotFound, "There is no snapshot 'one' in memory."), (error.Code, error.Message));
        Assert.Empty(await ObjectsAsync(objects, "holds/"));
    }

    [Fact]
    public async Task ReleaseAsync_TakesItOffOnce()
    {
        await engine.HoldAsync(repository, new LegalHold("one", null, "ann", "case 7", At));
        await engine.HoldAsync(repository, new LegalHold(null, "shop", "ann", "case 7", At));

        Assert.True(await engine.ReleaseAsync(repository, "one", null));
        Assert.False(await engine.ReleaseAsync(repository, "one", null));
        Assert.Equal("shop", Assert.Single((await engine.ListHoldsAsync(repository)).Holds).Workload);
        Assert.True(await engine.ReleaseAsync(repository, null, "shop"));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.ReleaseAsync(repository, null, null));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.ReleaseAsync(repository, "one", "shop"));
    }

    /// <summary>A hold that was damaged, or written by a newer version, holds all the same: its key says what.</summary>
    [Fact]
    public async Task PruneAsync_UnreadableHolds_KeepWhatTheirKeysSay()
    {
        await engine.HoldAsync(repository, new LegalHold("one", null, "ann", "case 7", At));
        await engine.HoldAsync(repository, new LegalHold(null, "other", "ann", "case 7", At));
        foreach (var hold in await ObjectsAsync(objects, "holds/"))
        {
            var content = (await ReadAsync(objects, hold.Key)).ToArray();
            content[^12] ^= 1;
            await objects.ReplaceAsync(hold.Key, content, default);
        }

        var result = await engine.PruneAsync(repository, new PruneOptions { Remove = new HashSet<string> { "one", "two", "three" } });

        Assert.Equal([("one", true), ("three", true), ("two", false)], result.Decisions.Select(decision => (decision.Snapshot.Id, decision.IsKept)).Order());
        Assert.Equal("legal hold that cannot be read, 'holds/snapshots/one'", result.Decisions.Single(decision => decision.Snapshot.Id == "one").Reasons[0].Text);
        Assert.Equal(2, (await engine.ListHoldsAsync(repository)).Unreadable.Count);
        Assert.True(await engine.ReleaseAsync(repository, "one", null));
        Assert.Single((await engine.ListHoldsAsync(repository)).Unreadable);
    }

    /// <summary>Rules that keep one of each group, and names, go by the holds: on a snapshot, and on a workload with what comes later.</summary>
    [Fact]
    public async Task PruneAsync_HeldSnapshots_StayWhateverTheRulesAndNamesSay()
    {
        await engine.HoldAsync(repository, new LegalHold(null, "shop", "ann", "case 7", At));
        await engine.BackupAsync(Jobs.SomeFiles(), repository, new SnapshotRequest("four", "shop", "files"));
        var options = new PruneOptions { Retention = [new RetentionScope(new RetentionRules { Last = 1 })], Remove = new HashSet<string> { "two", "three" } };

        var result = await engine.PruneAsync(repository, options);

        Assert.Equal(["three"], result.Decisions.Where(decision => !decision.IsKept).Select(decision => decision.Snapshot.Id));
        Assert.All(result.Decisions.Where(decision => decision.IsKept), decision => Assert.Equal(RetentionCause.Hold, decision.Reasons[0].Cause));
        var target = new MemoryFiles();
        await engine.RestoreAsync(repository, "two", target);
        AssertSame(Jobs.SomeFiles(), target);
        Assert.True(await engine.ReleaseAsync(repository, null, "shop"));
        Assert.Equal(3, (await engine.PruneAsync(repository, options)).SnapshotsRemoved + result.SnapshotsRemoved);
    }

    /// <summary>What is given up is not kept any more: a hold forbids that, too, also where nobody knows whose the snapshot is.</summary>
    [Theory]
    [InlineData("one", null, true, "legal hold on snapshot 'one' by ann: case 7")]
    [InlineData(null, "shop", true, "legal hold on workload 'shop' by ann: case 7")]
    [InlineData("one", null, false, "legal hold on snapshot 'one' by ann: case 7")]
    [InlineData(null, "other", false, "whose it is cannot be read, and there is a legal hold on workload 'other' by ann: case 7")]
    public async Task PruneAsync_GivesUpWhatIsHeld_IsRefused(string? snapshot, string? workload, bool isReadable, string hold)
    {
        await engine.HoldAsync(repository, new LegalHold(snapshot, workload, "ann", "case 7", At));
        if (!isReadable)
        {
            await objects.ReplaceAsync("snapshots/one", new byte[300], default);
        }

        var before = await ObjectsAsync(objects);
        var error = await Assert.ThrowsAsync<BackupException>(() => engine.PruneAsync(repository, new PruneOptions { GivenUp = new HashSet<string> { "one" } }));

        Assert.Equal((BackupErrors.SnapshotHeld, $"The snapshot 'one' in memory cannot be given up: {hold}."), (error.Code, error.Message));
        Assert.Equal(before, await ObjectsAsync(objects));
    }
}
