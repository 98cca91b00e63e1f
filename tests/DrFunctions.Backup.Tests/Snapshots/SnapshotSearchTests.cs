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

    private Task<LatestSnapshot> LatestAsync(string? workload = null, string? policy = null, bool onlyComplete = false, string? exceptSource = null) =>
        Search.LatestAsync(workload, policy, onlyComplete, exceptSource, default);

    private async Task TakeAsync(string id, string policy, int minutes, string source = "somewhere", int unread = 0) => Assert.True(await Store.TryCreateAsync(
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
            },
            []),
        default));

    private Task<byte[]> ReadAsync(string key) => Transfers.Backups.ReadAsync(objects, key);
}
