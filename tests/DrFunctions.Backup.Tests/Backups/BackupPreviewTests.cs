using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Tests.Repositories;
using static DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Backups;

public sealed class BackupPreviewTests : IAsyncLifetime
{
    private static readonly BackupEngine Engine = new();

    private readonly MemoryRepository objects = new();

    public async Task InitializeAsync() => (await Opened.CreateAsync(objects)).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task PreviewBackupAsync_NoParent_IsAllNewAndWritesNothing()
    {
        var before = await Transfers.Backups.ObjectsAsync(objects);

        var preview = await PreviewAsync(SomeFiles(), new SnapshotRequest("a", "shop", "files") { Kind = SnapshotKind.Incremental });

        Assert.Equal(new BackupPreview(SnapshotKind.Full, null, 6, 0, 0, 61_006, 0, 0, 61_006), preview);
        Assert.Equal(before, await Transfers.Backups.ObjectsAsync(objects));
    }

    [Fact]
    public async Task PreviewBackupAsync_SinceAParent_IsWhatTheBackupThenReads()
    {
        var files = SomeFiles();
        await BackupAsync(objects, files);
        files.Write("text", new byte[10]);
        files.Write("new", new byte[100]);
        files.Remove("small/one");
        await files.MakeAsync(new SourceEntry { Path = "pipe", Kind = EntryKind.Pipe, Length = 0, LastModified = default, Version = "" }, default);
        await files.MakeAsync(new SourceEntry { Path = "odd", Length = 0, LastModified = default, Version = "", Unsupported = "device" }, default);
        var before = await Transfers.Backups.ObjectsAsync(objects);
        var request = new SnapshotRequest("b", "shop", "files") { Kind = SnapshotKind.Incremental };

        var preview = await PreviewAsync(files, request);
        var verified = await PreviewAsync(files, request with { VerifyUnchanged = true });
        var full = await PreviewAsync(files, request with { Kind = SnapshotKind.Full });

        Assert.Equal(new BackupPreview(SnapshotKind.Incremental, "files-1", 1, 1, 4, 100, 10, 41_003, 110) { Others = 1, Unreadable = 1 }, preview);
        Assert.Equal(41_113, verified.BytesToRead);
        Assert.Equal((SnapshotKind.Full, null, 6, 41_113), (full.Kind, full.Parent, full.FilesNew, full.BytesToRead));
        Assert.Equal(before, await Transfers.Backups.ObjectsAsync(objects));
    }

    /// <summary>What is unchanged and not in the repository any more is read again: so says the preview.</summary>
    [Fact]
    public async Task PreviewBackupAsync_ThePacksAreGone_AllIsReadAgain()
    {
        var files = SomeFiles();
        await BackupAsync(objects, files);
        foreach (var pack in (await Transfers.Backups.ObjectsAsync(objects)).Where(item => item.Key.StartsWith("packs/", StringComparison.Ordinal)))
        {
            await objects.DeleteAsync(pack.Key, default);
        }

        var preview = await PreviewAsync(files, new SnapshotRequest("b", "shop", "files") { Kind = SnapshotKind.Incremental });

        Assert.Equal(61_006, preview.BytesToRead);
    }

    [Fact]
    public async Task PreviewBackupAsync_TheSnapshotIsThere_SaysSo()
    {
        await BackupAsync(objects, SomeFiles());

        var preview = await PreviewAsync(SomeFiles(), new SnapshotRequest("files-1", "shop", "files"));

        Assert.Equal((true, 0), (preview.IsTaken, preview.BytesToRead));
    }

    private async Task<BackupPreview> PreviewAsync(IBackupSource source, SnapshotRequest request)
    {
        using var repository = await Opened.OpenAsync(objects);
        return await Engine.PreviewBackupAsync(source, repository, request);
    }
}
