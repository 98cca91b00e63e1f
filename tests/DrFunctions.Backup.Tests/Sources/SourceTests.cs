using DrFunctions.Backup.Sources;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;

namespace DrFunctions.Backup.Tests.Sources;

public sealed class MemoryFilesSourceTests : SourceConformance
{
    private readonly MemoryFiles files = new();

    protected override Task<IBackupSource> OpenAsync() => Task.FromResult<IBackupSource>(files);

    protected override Task WriteAsync(string path, byte[] content)
    {
        files.Write(path, content);
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string path)
    {
        files.Remove(path);
        return Task.CompletedTask;
    }
}

public sealed class FolderSourceTests : SourceConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OpenRead_GrowsWhileRead_FailsAtItsEnd()
    {
        await WriteAsync("log", [1, 2, 3]);
        var source = new FolderSource(folder.Path);
        var entry = await source.FindAsync("log", default) ?? throw new InvalidOperationException("The file was just written.");
        await using var stream = await source.OpenReadAsync(entry, default);
        Assert.Equal(1, await stream.ReadAsync(new byte[1]));

        await File.AppendAllTextAsync(folder.Combine("log"), "more");

        var error = await Assert.ThrowsAsync<BackupException>(() => Bytes.ReadAsync(stream));
        Assert.Equal(BackupErrors.SourceChanged, error.Code);
    }

    /// <summary>What put the old time back cannot put back the time of the change.</summary>
    [Fact]
    public async Task Find_RewrittenToTheSameLengthAndTime_IsAnotherVersion()
    {
        await WriteAsync("file", [1, 2, 3]);
        var source = new FolderSource(folder.Path);
        var before = await source.FindAsync("file", default);
        var written = File.GetLastWriteTimeUtc(folder.Combine("file"));
        SourceEntry? after;
        do
        {
            // The file system's clock ticks every few milliseconds.
            await WriteAsync("file", [4, 5, 6]);
            File.SetLastWriteTimeUtc(folder.Combine("file"), written);
            after = await source.FindAsync("file", default);
        }
        while (after?.Version == before?.Version);

        Assert.Equal((before?.Length, before?.LastModified), (after?.Length, after?.LastModified));
        Assert.NotEqual(before?.Version, after?.Version);
    }

    [Fact]
    public async Task List_MissingFolder_NamesIt()
    {
        var source = new FolderSource(folder.Combine("none"));

        var error = await Assert.ThrowsAsync<BackupException>(async () => await source.ListAsync(default).GetAsyncEnumerator().MoveNextAsync());

        Assert.Equal(BackupErrors.StorageRefused, error.Code);
        Assert.Contains($"'{folder.Combine("none")}'", error.Message, StringComparison.Ordinal);
    }

    protected override Task<IBackupSource> OpenAsync() => Task.FromResult<IBackupSource>(new FolderSource(folder.Path));

    protected override async Task WriteAsync(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Combine(path)) ?? folder.Path);
        await File.WriteAllBytesAsync(folder.Combine(path), content);
    }

    protected override Task RemoveAsync(string path)
    {
        File.Delete(folder.Combine(path));
        return Task.CompletedTask;
    }
}

/// <summary>The same on machines without Linux's calls.</summary>
public sealed class PortableFolderSourceTests : SourceConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task List_FoldersAndLinks_AreFoldersAndUnsupported()
    {
        await WriteAsync("dir/file", [1]);
        Directory.CreateDirectory(folder.Combine("empty"));
        File.CreateSymbolicLink(folder.Combine("link"), folder.Combine("dir/file"));
        Directory.CreateSymbolicLink(folder.Combine("loop"), folder.Path);

        var listed = await (await OpenAsync()).ListAsync(default).Select(entry => (entry.Path, entry.Kind, entry.Unsupported)).ToListAsync();

        Assert.Equal(
            [
                ("dir/", EntryKind.Folder, null), ("dir/file", EntryKind.File, null), ("empty/", EntryKind.Folder, null),
                ("link", EntryKind.File, "symbolic link"), ("loop", EntryKind.File, "symbolic link"),
            ],
            listed);
    }

    protected override Task<IBackupSource> OpenAsync() => Task.FromResult<IBackupSource>(new FolderSource(folder.Path, options: null, isLinux: false));

    protected override async Task WriteAsync(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Combine(path)) ?? folder.Path);
        await File.WriteAllBytesAsync(folder.Combine(path), content);
    }

    protected override Task RemoveAsync(string path)
    {
        File.Delete(folder.Combine(path));
        return Task.CompletedTask;
    }
}
