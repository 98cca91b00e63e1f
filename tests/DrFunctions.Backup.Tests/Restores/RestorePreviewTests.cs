using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Targets;
using DrFunctions.Backup.Tests.Repositories;
using DrFunctions.Testing.Files;
using static DrFunctions.Backup.Tests.Backups.Jobs;

namespace DrFunctions.Backup.Tests.Restores;

public sealed class RestorePreviewTests : IAsyncLifetime, IDisposable
{
    private static readonly BackupEngine Engine = new();

    private readonly MemoryRepository objects = new();
    private readonly TemporaryFolder folder = new();

    private string Target => folder.Combine("target");

    public async Task InitializeAsync()
    {
        (await Opened.CreateAsync(objects)).Dispose();
        await BackupAsync(objects, SomeFiles());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PreviewRestoreAsync_NothingThere_IsAllNewAndMakesNoFolder()
    {
        var preview = await PreviewAsync(new RestoreOptions { DeleteExtra = true });

        Assert.Equal((6, 0, 0, 0, 61_006, 0), Of(preview));
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task PreviewRestoreAsync_SomeThere_IsWhatTheRestoreThenDoes()
    {
        await RestoreAsync(objects, new FolderTarget(Target));
        await File.WriteAllBytesAsync(Path.Combine(Target, "text"), new byte[20_000]);
        await File.WriteAllTextAsync(Path.Combine(Target, "extra"), "extra");
        File.Delete(Path.Combine(Target, "small", "one"));
        var before = Entries();

        var options = new RestoreOptions { DeleteExtra = true };
        var preview = await PreviewAsync(options);

        Assert.Equal(before, Entries());
        Assert.Equal((1, 1, 4, 1, 20_003, 41_003), Of(preview));
        var done = await RestoreAsync(objects, new FolderTarget(Target), options: options);
        Assert.Equal(
            (preview.FilesNew + preview.FilesOverwritten, preview.FilesUnchanged, preview.FilesDeleted, preview.BytesToWrite, preview.BytesUnchanged),
            (done.FilesWritten, done.FilesUnchanged, done.FilesDeleted, done.BytesWritten, done.BytesUnchanged));
    }

    [Fact]
    public async Task PreviewRestoreAsync_SomePaths_AreThose()
    {
        var preview = await PreviewAsync(new RestoreOptions { Include = path => path.StartsWith("small/", StringComparison.Ordinal) });

        Assert.Equal((3, 0, 0, 0, 1006, 0), Of(preview));
    }

    private static (long, long, long, long, long, long) Of(RestorePreview preview) =>
        (preview.FilesNew, preview.FilesOverwritten, preview.FilesUnchanged, preview.FilesDeleted, preview.BytesToWrite, preview.BytesUnchanged);

    private async Task<RestorePreview> PreviewAsync(RestoreOptions options)
    {
        using var repository = await Opened.OpenAsync(objects);
        return await Engine.PreviewRestoreAsync(repository, "files-1", new FolderTarget(Target), options);
    }

    private List<(string, DateTime, string)> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(Target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (path, File.GetLastWriteTimeUtc(path), File.Exists(path) ? Convert.ToHexString(File.ReadAllBytes(path)) : ""))];
}
