using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Files;
using DrFunctions.Testing.Recovery;

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

    /// <summary>Other restores into the folder end meanwhile, and take the folder of temporary files along: whoever is about to use it finds it gone.</summary>
    [Fact]
    public async Task End_WhileOthersWrite_TakesNothingOfTheirs()
    {
        var targets = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
        await Task.WhenAll(targets.Select((target, restore) => Task.Run(async () =>
        {
            for (var number = 0; number < 500; number++)
            {
                await WriteAsync(target, $"{restore}/{number}", [(byte)number]);
                await target.EndAsync(default);
            }
        })));

        Assert.Equal(2000, Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Count());
        Assert.False(Directory.Exists(Path.Combine(Root, ".drfunctions-tmp")));
    }

    /// <summary>However many files a restore is in the middle of: a process may open about a thousand.</summary>
    [Fact]
    public async Task Begin_ThousandsOfFilesWithoutTheirLastParts_AreNotOpen()
    {
        var target = await OpenAsync();
        var open = Directory.GetFiles("/proc/self/fd").Length;
        var writers = new List<IRestoreWriter>();
        for (var number = 0; number < 2000; number++)
        {
            writers.Add(await target.BeginAsync(Entry($"{number}", 4), default));
            await writers[^1].WriteAsync(2, new byte[] { 3, 4 }, default);
        }

        // Other tests open files, too.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, open + 1000);
        foreach (var writer in writers.Take(1000))
        {
            await writer.WriteAsync(0, new byte[] { 1, 2 }, default);
            await writer.CommitAsync(default);
        }

        foreach (var writer in writers)
        {
            await writer.DisposeAsync();
        }

        await target.EndAsync(default);
        var files = Directory.GetFileSystemEntries(Root);
        Assert.Equal(1000, files.Length);
        Assert.All(files, file => Assert.Equal([1, 2, 3, 4], File.ReadAllBytes(file)));
    }

    [Fact]
    public async Task Commit_ThousandsOfSmallFilesAtOnce_AreAllThereAndNothingElse()
    {
        var target = await OpenAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
            await WriteAsync(target, $"{number % 10}/{number}", [(byte)number]));
        await target.EndAsync(default);

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
        await target.EndAsync(default);

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
    public async Task BeginAsync_LeftoversOfAKilledRestore_AreRemovedOnlyWhenOld()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(Root, ".drfunctions-tmp")).FullName;
        File.WriteAllText(Path.Combine(temporary, "a"), "");
        var clock = new MovableClock();
        clock.Advance(DateTimeOffset.UtcNow.AddDays(1) - MovableClock.Start);

        await BeginAsync(clock);
        Assert.Equal(["a"], Directory.EnumerateFiles(temporary).Select(Path.GetFileName));

        clock.Advance(TimeSpan.FromDays(2));
        _ = await new FolderTarget(Root, clock).ListAsync(default).ToListAsync(); // Who only looks changes nothing.
        Assert.True(Directory.Exists(temporary));
        await BeginAsync(clock);
        Assert.False(Directory.Exists(temporary));

        async Task BeginAsync(MovableClock time)
        {
            await using var writer = await new FolderTarget(Root, time).BeginAsync(Entry("b", 1), default);
        }
    }

    /// <summary>A file that is being restored has not its old time yet, and is no leftover of a killed restore.</summary>
    [Fact]
    public async Task BeginAsync_WhileAnOldFileIsRestored_LeavesIt()
    {
        await using (var writer = await (await OpenAsync()).BeginAsync(Entry("a", 1), default))
        {
            await writer.WriteAsync(0, new byte[] { 7 }, default);

            await using (await new FolderTarget(Root).BeginAsync(Entry("b", 1), default))
            {
                await writer.CommitAsync(default);
            }
        }

        Assert.Equal([7], await File.ReadAllBytesAsync(Path.Combine(Root, "a")));
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
