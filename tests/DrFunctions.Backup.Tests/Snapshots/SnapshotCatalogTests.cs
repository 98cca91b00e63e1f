using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Tests.Snapshots;

public sealed class SnapshotCatalogTests
{
    private static readonly BackupEngine Engine = new();
    private readonly MemoryRepository repository = new();
    private readonly DateTimeOffset now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Latest_NoSnapshot_IsNull() => Assert.Null(await Engine.LatestAsync(repository));

    [Fact]
    public async Task Latest_ByPolicy_IsTheNewestRestorePointOfIt()
    {
        // Written in this order: the newest restore point is not the last one written.
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -10);
        await TakeAsync("c", "files", -20);
        await TakeAsync("d", "other", -5);

        Assert.Equal("b", (await Engine.LatestAsync(repository, "shop", "files"))?.Id);
        Assert.Equal("d", (await Engine.LatestAsync(repository, "shop"))?.Id);
        Assert.Null(await Engine.LatestAsync(repository, "another"));
    }

    [Fact]
    public async Task List_ForeignAndDamagedObjects_YieldsTheRestThenThrows()
    {
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -10);
        await repository.ReplaceAsync("snapshots/broken", new byte[] { 1, 2, 3 }, default);
        await repository.ReplaceAsync("snapshots/foreign/object", new byte[] { 1 }, default);
        var listed = new List<string>();

        var error = await Assert.ThrowsAsync<BackupException>(async () =>
        {
            await foreach (var snapshot in Engine.ListAsync(repository))
            {
                listed.Add(snapshot.Id);
            }
        });

        Assert.Equal(["a", "b"], listed);
        Assert.Equal(BackupErrors.SnapshotDamaged, error.Code);
        Assert.StartsWith("The root 'snapshots/broken' in memory is damaged: ", error.Message, StringComparison.Ordinal);
    }

    private Task<Snapshot> TakeAsync(string id, string policy, int minutes) =>
        Engine.BackupAsync(new MemoryFiles(), repository, new SnapshotRequest(id, "shop", policy) { RestorePoint = now.AddMinutes(minutes) });
}
