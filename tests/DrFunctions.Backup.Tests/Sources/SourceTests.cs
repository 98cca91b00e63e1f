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

    [Fact]
    public async Task List_Links_AreUnsupportedAndNotFollowed()
    {
        await WriteAsync("dir/file", [1]);
        File.CreateSymbolicLink(folder.Combine("link"), folder.Combine("dir/file"));
        Directory.CreateSymbolicLink(folder.Combine("loop"), folder.Path);

        Assert.Equal([("dir/file", null), ("link", "symbolic link"), ("loop", "symbolic link")], (await ListAsync()).Order());
    }

    [Fact]
    public async Task List_NameThatIsNotUtf8_IsRecordedAsUnsupported()
    {
        await ShellAsync("touch \"$(printf 'bad\\377')\"");
        var listed = await ListAsync();

        await ShellAsync("rm bad*");
        Assert.Equal([("bad\uFFFD", "its name is not UTF-8")], listed);
    }

    [Fact]
    public async Task List_PipesAndSockets_AreRecordedAndNotWaitedFor()
    {
        await ShellAsync("mkfifo pipe");
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder.Combine("socket")));

        Assert.Equal([("pipe", "named pipe"), ("socket", "socket")], await ListAsync());
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

    private async Task<List<(string, string?)>> ListAsync()
    {
        var listed = new List<(string, string?)>();
        await foreach (var entry in new FolderSource(folder.Path).ListAsync(default))
        {
            listed.Add((entry.Path, entry.Unsupported));
        }

        return listed;
    }

    // What .NET cannot make: such names, and pipes.
    private async Task ShellAsync(string command)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", $"cd \"$0\" && {command}", folder.Path]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
