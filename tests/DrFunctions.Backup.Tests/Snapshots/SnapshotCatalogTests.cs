using System.Security.Cryptography;
using System.Text;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Tests.Snapshots;

public sealed class SnapshotCatalogTests
{
    private static readonly BackupEngine Engine = new();
    private readonly MemoryRepository repository = new();
    private readonly DateTimeOffset now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Latest_NoSnapshot_IsNull()
    {
        var latest = await Engine.LatestAsync(repository);

        Assert.Null(latest.Snapshot);
        Assert.Empty(latest.Skipped);
    }

    [Fact]
    public async Task Latest_ByPolicy_IsTheNewestRestorePointOfIt()
    {
        // Written in this order: the newest restore point is not the last one written.
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -10);
        await TakeAsync("c", "files", -20);
        await TakeAsync("d", "other", -5);

        Assert.Equal("b", (await Engine.LatestAsync(repository, "shop", "files")).Snapshot?.Id);
        Assert.Equal("d", (await Engine.LatestAsync(repository, "shop")).Snapshot?.Id);
        Assert.Null((await Engine.LatestAsync(repository, "another")).Snapshot);
    }

    [Fact]
    public async Task Latest_ExceptASource_IsTheNewestOfAnother()
    {
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -10);
        var source = (await Engine.FindAsync(repository, "b"))?.Source;

        Assert.Equal("b", (await Engine.LatestAsync(repository, "shop", "files", exceptSource: "elsewhere")).Snapshot?.Id);
        var none = await Engine.LatestAsync(repository, "shop", "files", exceptSource: source);
        Assert.Null(none.Snapshot);
        Assert.Empty(none.Skipped);
    }

    [Fact]
    public async Task Latest_NewerRootsThatCannotBeRead_ArePassedOverAndNamed()
    {
        await TakeAsync("a", "files", -30);
        await TakeAsync("b", "files", -20);
        await repository.ReplaceAsync("snapshots/zzz", new byte[] { 1 }, default);
        await ChangeAsync(await TakeAsync("flipped", "files", -10), text => text.Replace("\"files\":0", "\"files\":1", StringComparison.Ordinal));
        await ReplaceSealedAsync(await TakeAsync("newer", "files", -5), text => text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));

        var latest = await Engine.LatestAsync(repository, "shop", "files", onlyComplete: true);

        Assert.Equal("b", latest.Snapshot?.Id);
        Assert.Equal(
            [
                "The root 'snapshots/flipped' in memory is damaged: it does not match its checksum.",
                "The root 'snapshots/zzz' in memory is damaged: it does not end with its checksum.",
                "The snapshot 'newer' in memory has format version 2; this program reads up to 1.",
            ],
            latest.Skipped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Latest_DamagedRootOfAnotherWorkload_IsNotNamed()
    {
        await TakeAsync("a", "files", -30);
        var other = await Engine.BackupAsync(new MemoryFiles(), repository, new SnapshotRequest("other", "office", "files"));
        await ChangeAsync(other, text => text.Replace("\"files\":0", "\"files\":1", StringComparison.Ordinal));
        await ChangeAsync(await TakeAsync("b", "photos", -20), text => text.Replace("\"files\":0", "\"files\":1", StringComparison.Ordinal));

        var latest = await Engine.LatestAsync(repository, "shop", "files");

        Assert.Equal("a", latest.Snapshot?.Id);
        Assert.Empty(latest.Skipped);
        Assert.Equal(2, (await Engine.LatestAsync(repository)).Skipped.Count);
    }

    [Fact]
    public async Task Latest_OnlyIncompleteOnesAreNewer_IsTheNewestCompleteOne()
    {
        await TakeAsync("a", "files", -30);
        await ReplaceSealedAsync(await TakeAsync("b", "files", -10), text => text.Replace("\"unread\":0", "\"unread\":3", StringComparison.Ordinal));

        var complete = await Engine.LatestAsync(repository, "shop", "files", onlyComplete: true);
        var any = await Engine.LatestAsync(repository, "shop", "files");

        Assert.Equal("a", complete.Snapshot?.Id);
        Assert.Equal(["The snapshot 'b' in memory lacks 3 files that could not be read."], complete.Skipped);
        Assert.Equal("b", any.Snapshot?.Id);
        Assert.Empty(any.Skipped);
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

    private async Task ChangeAsync(Snapshot snapshot, Func<string, string> change)
    {
        var text = await TextAsync(snapshot);
        var changed = change(text);
        Assert.NotEqual(text, changed);
        await repository.ReplaceAsync($"snapshots/{snapshot.Id}", Encoding.UTF8.GetBytes(changed), default);
    }

    /// <summary>Changes a root and gives it the checksum it then has.</summary>
    private Task ReplaceSealedAsync(Snapshot snapshot, Func<string, string> change) => ChangeAsync(snapshot, text =>
    {
        var lines = change(text[..(text[..^1].LastIndexOf('\n') + 1)]);
        return $"{lines}{{\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)))}\"}}\n";
    });

    private async Task<string> TextAsync(Snapshot snapshot)
    {
        await using var stream = await repository.OpenReadAsync($"snapshots/{snapshot.Id}", default);
        using var reader = new StreamReader(stream!); // It was just written.
        return await reader.ReadToEndAsync();
    }

    private Task<Snapshot> TakeAsync(string id, string policy, int minutes) =>
        Engine.BackupAsync(new MemoryFiles(), repository, new SnapshotRequest(id, "shop", policy) { RestorePoint = now.AddMinutes(minutes) });
}
