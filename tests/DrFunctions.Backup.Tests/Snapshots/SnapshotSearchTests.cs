using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Snapshots;
using DrFunctions.Backup.Tests.Repositories;

namespace DrFunctions.Backup.Tests.Snapshots;

public sealed class SnapshotSearchTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly MemoryRepository objects = new();
    private OpenedRepository? repository;

    private SnapshotStore Store => new(repository ?? throw new InvalidOperationException("xunit calls InitializeAsync first."));

    private SnapshotSearch Search => new(Store, "memory");

    public async Task InitializeAsync() => repository = await Opened.CreateAsync(objects);

    public Task DisposeAsync()
    {
        repository?.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task LatestAsync_NoSnapshot_IsNull() => Assert.Null((await LatestAsync()).Snapshot);

    [Fact]
    public async Task LatestAsync_ByPolicy_IsTheNewestRestorePointOfIt()
    {
        // Written in this order: the newest restore point is not the last one written.
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -10);
        await TakeAsync("c", "files", -20);
        await TakeAsync("d", "other", -5);

        Assert.Equal("b", (await LatestAsync("shop", "files")).Snapshot?.Id);
        Assert.Equal("d", (await LatestAsync("shop")).Snapshot?.Id);
        Assert.Equal("d", (await LatestAsync()).Snapshot?.Id);
        Assert.Null((await LatestAsync("another")).Snapshot);
    }

    [Fact]
    public async Task LatestAsync_ExceptASource_IsTheNewestOfAnother()
    {
        await TakeAsync("a", "files", -30, source: "here");
        await TakeAsync("b", "files", -10, source: "there");

        Assert.Equal("a", (await LatestAsync("shop", "files", exceptSource: "there")).Snapshot?.Id);
        Assert.Equal("b", (await LatestAsync("shop", "files", exceptSource: "elsewhere")).Snapshot?.Id);
    }

    [Fact]
    public async Task LatestAsync_NewerOnesThatCannotBeRead_ArePassedOverAndNamed()
    {
        await TakeAsync("a", "files", -30);
        await objects.ReplaceAsync("snapshots/damaged", new byte[100], default);
        await objects.ReplaceAsync("snapshots/moved", await ReadAsync("snapshots/a"), default);
        var newer = await ReadAsync("snapshots/a");
        newer[5] = 3;
        await objects.ReplaceAsync("snapshots/newer", newer, default);

        var latest = await LatestAsync("shop", "files", onlyComplete: true);

        Assert.Equal("a", latest.Snapshot?.Id);
        Assert.Equal(
            [
                "The snapshot 'damaged' cannot be read: the object 'snapshots/damaged' in memory is damaged: it does not end as a snapshot.",
                "The snapshot 'moved' cannot be read: the object 'snapshots/moved' in memory is damaged: it is the snapshot 'a'.",
                "the object 'snapshots/newer' in memory has format version 3; this program reads up to 2",
            ],
            latest.Skipped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LatestAsync_OnlyIncompleteOnesAreNewer_IsTheNewestCompleteOne()
    {
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -10, unread: 3);

        var complete = await LatestAsync("shop", "files", onlyComplete: true);

        Assert.Equal("a", complete.Snapshot?.Id);
        Assert.Equal(["The snapshot 'b' in memory lacks 3 files that could not be read."], complete.Skipped);
        Assert.Equal("b", (await LatestAsync("shop", "files")).Snapshot?.Id);
    }

    [Fact]
    public async Task AllAsync_ForeignAndDamagedObjects_HasTheRestInOrderAndNamesTheDamaged()
    {
        await TakeAsync("b", "files", -10);
        await TakeAsync("a", "files", -30);
        await objects.ReplaceAsync("snapshots/broken", new byte[] { 1, 2, 3 }, default);
        await objects.ReplaceAsync("snapshots/foreign/object", new byte[] { 1 }, default);

        var (snapshots, damaged) = await Search.AllAsync(default);

        Assert.Equal(["a", "b"], snapshots.Select(snapshot => snapshot.Id));
        Assert.StartsWith("The snapshot 'broken' cannot be read: ", Assert.Single(damaged).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllAsync_ManySnapshots_ReadsEachOnceAndAFewAtATime()
    {
        for (var number = 0; number < 40; number++)
        {
            await TakeAsync($"s{number:D2}", "files", number);
        }

        var watched = new WatchedReads(objects);
        using var through = await Opened.OpenAsync(watched);
        watched.Begin(firstWaits: true);

        var (snapshots, _) = await new SnapshotSearch(new SnapshotStore(through), "memory").AllAsync(default);

        Assert.Equal(40, snapshots.Count);
        Assert.Equal(40, watched.Reads);
        Assert.InRange(watched.MostAtOnce, 2, 8);
    }

    [Fact]
    public async Task LatestAsync_AtATime_IsTheNewestNotLater()
    {
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -20);
        await TakeAsync("c", "files", -10);

        Assert.Equal("b", (await AtAsync(-20)).Snapshot?.Id);
        Assert.Equal("b", (await AtAsync(-11)).Snapshot?.Id);
        Assert.Equal("c", (await AtAsync(0)).Snapshot?.Id);
        Assert.Null((await AtAsync(-31)).Snapshot);

        Task<LatestSnapshot> AtAsync(int minutes) => Search.LatestAsync(new SnapshotFilter { Workload = "shop", At = Now.AddMinutes(minutes) }, default);
    }

    [Fact]
    public async Task ChainAsync_OfAnIncrementalOne_LeadsBackToTheFullOne()
    {
        await TakeAsync("full", "files", -30);
        await TakeAsync("one", "files", -20, parent: "full");
        await TakeAsync("two", "files", -10, parent: "one");

        var chain = await Search.ChainAsync("two", default);

        Assert.Equal(["two", "one", "full"], chain.Snapshots.Select(link => link.Id));
        Assert.Null(chain.Broken);
    }

    [Theory]
    [InlineData(false, "The snapshot 'full' is not in memory any more.")]
    [InlineData(true, "The snapshot 'full' cannot be read: the object 'snapshots/full' in memory is damaged: it does not end as a snapshot.")]
    public async Task ChainAsync_AParentIsNotThere_SaysWhere(bool damaged, string broken)
    {
        await TakeAsync("full", "files", -30);
        await TakeAsync("one", "files", -20, parent: "full");
        await (damaged ? objects.ReplaceAsync("snapshots/full", new byte[100], default) : objects.DeleteAsync("snapshots/full", default));

        var chain = await Search.ChainAsync("one", default);

        Assert.Equal("one", Assert.Single(chain.Snapshots).Id);
        Assert.Equal(broken, chain.Broken);
    }

    [Fact]
    public async Task ChainAsync_ParentsInACircle_Ends()
    {
        await TakeAsync("one", "files", -20, parent: "two");
        await TakeAsync("two", "files", -10, parent: "one");

        Assert.Equal(["two", "one"], (await Search.ChainAsync("two", default)).Snapshots.Select(link => link.Id));
    }

    private Task<LatestSnapshot> LatestAsync(string? workload = null, string? policy = null, bool onlyComplete = false, string? exceptSource = null) =>
        Search.LatestAsync(new SnapshotFilter { Workload = workload, Policy = policy, OnlyComplete = onlyComplete, ExceptSource = exceptSource }, default);

    private async Task TakeAsync(string id, string policy, int minutes, string source = "somewhere", int unread = 0, string? parent = null) => Assert.True(await Store.TryCreateAsync(
        new SealedSnapshot(
            new Snapshot
            {
                Id = id,
                Workload = "shop",
                Policy = policy,
                Source = source,
                RestorePoint = Now.AddMinutes(minutes),
                CompletedAt = Now,
                Files = 0,
                Bytes = 0,
                Vanished = 0,
                Unread = unread,
                Kind = parent is null ? SnapshotKind.Full : SnapshotKind.Incremental,
                Parent = parent,
                LastFull = parent is null ? null : "full",
            },
            []),
        default));

    private Task<byte[]> ReadAsync(string key) => Transfers.Backups.ReadAsync(objects, key);
}
