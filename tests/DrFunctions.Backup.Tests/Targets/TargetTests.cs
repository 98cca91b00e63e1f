using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;

namespace DrFunctions.Backup.Tests.Targets;

public sealed class MemoryFilesTargetTests : TargetConformance
{
    protected override Task<IRestoreTarget> OpenAsync() => Task.FromResult<IRestoreTarget>(new MemoryFiles());
}

public sealed class FolderTargetTests : TargetConformance, IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Root => folder.Combine("target");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("../x", "has a part '..', which leads outside")]
    [InlineData("a/../../x", "has a part '..', which leads outside")]
    [InlineData("a/..", "has a part '..', which leads outside")]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("a\0b", "has a NUL")]
    [InlineData("a//b", "has an empty part or a part '.'")]
    [InlineData("./a", "has an empty part or a part '.'")]
    [InlineData("a/", "has an empty part or a part '.'")]
    [InlineData(".drfunctions-tmp/a", "has a part '.drfunctions-tmp', which restores use themselves")]
    public async Task Validate_UnsafePath_IsRefusedByName(string path, string reason)
    {
        var target = await OpenAsync();

        var errors = new[]
        {
            Assert.Throws<BackupException>(() => target.Validate(path)),
            await Assert.ThrowsAsync<BackupException>(() => target.BeginAsync(Entry(path, 1), default)),
            await Assert.ThrowsAsync<BackupException>(() => target.OpenReadAsync(path, default)),
            await Assert.ThrowsAsync<BackupException>(() => target.DeleteAsync(path, default)),
        };

        Assert.All(errors, error => Assert.Equal(BackupErrors.UnsafePath, error.Code));
        Assert.All(errors, error => Assert.Equal($"'{path}' cannot be restored to '{Root}': it {reason}.", error.Message));
        Assert.False(Directory.Exists(Root));
    }

    /// <summary>The folder of temporary files comes and goes with them: whoever is about to use it finds it gone.</summary>
    [Fact]
    public async Task Commit_ThousandsOfSmallFilesAtOnce_AreAllThereAndNothingElse()
    {
        var target = await OpenAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
            await WriteAsync(target, $"{number % 10}/{number}", [(byte)number]));

        Assert.Equal(20_000, Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Count());
        Assert.False(Directory.Exists(Path.Combine(Root, ".drfunctions-tmp")));
    }

    [Fact]
    public async Task Begin_ThroughALink_IsRefused()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(folder.Combine("outside"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), folder.Combine("outside"));
        var target = await OpenAsync();

        var error = await Assert.ThrowsAsync<BackupException>(() => WriteAsync(target, "link/file", [1]));

        Assert.Equal(BackupErrors.UnsafePath, error.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Combine("outside")));
    }

    [Fact]
    public async Task Commit_FileInTheWayOfAFolder_NamesThePath()
    {
        var target = await OpenAsync();
        await WriteAsync(target, "a", [1]);

        var error = await Assert.ThrowsAsync<BackupException>(() => WriteAsync(target, "a/b", [1]));

        Assert.Equal(BackupErrors.StorageRefused, error.Code);
        Assert.StartsWith($"Could not write 'a/b' in '{Root}': ", error.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(Root, "a")], Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public async Task Commit_File_HasItsTime()
    {
        await WriteAsync(await OpenAsync(), "a", [1]);

        Assert.Equal(new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc), File.GetLastWriteTimeUtc(Path.Combine(Root, "a")));
    }

    [Fact]
    public void Constructor_LeftoversOfAKilledRestore_AreRemovedOnlyWhenOld()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(Root, ".drfunctions-tmp")).FullName;
        File.WriteAllText(Path.Combine(temporary, "old"), "");
        File.SetLastWriteTimeUtc(Path.Combine(temporary, "old"), DateTime.UtcNow.AddDays(-3));
        File.WriteAllText(Path.Combine(temporary, "new"), "");

        _ = new FolderTarget(Root);

        Assert.Equal(["new"], Directory.EnumerateFiles(temporary).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Write_NoSpaceLeft_SaysTargetFull()
    {
        // A device that is always full stands in for the disk; the folder's own files cannot be put there, so the failure is made.
        var error = Assert.Throws<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[10]);
            full.Flush();
        });

        var said = Folders.FolderFailure.Of(error, "write 'a'", Root);

        Assert.Equal(BackupErrors.TargetFull, said.Code);
        Assert.Equal($"Could not write 'a' in '{Root}': no space is left there.", said.Message);
        await Task.CompletedTask;
    }

    protected override Task<IRestoreTarget> OpenAsync() => Task.FromResult<IRestoreTarget>(new FolderTarget(Root));
}
