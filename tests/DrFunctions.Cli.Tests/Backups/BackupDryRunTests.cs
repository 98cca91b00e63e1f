namespace DrFunctions.Cli.Tests.Backups;

/// <summary>Dry runs say what would be done and do nothing; what is excluded is left out.</summary>
public sealed class BackupDryRunTests : IAsyncLifetime, IDisposable
{
    private readonly BackupScene scene = new();

    public async Task InitializeAsync()
    {
        scene.Write("a.txt", "one");
        scene.Write("docs/b.txt", "two");
        scene.Write("docs/cache/c.tmp", "three");
        await scene.DocumentAsync("init");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task Run_DryRun_CountsAndWritesNothing()
    {
        var first = await scene.DrAsync("run", scene.Source, "--dry-run");
        await scene.DocumentAsync("run", scene.Source, "--id", "first");
        scene.Write("a.txt", "another");
        scene.Write("new.txt", "four");
        var before = BackupScene.Bytes(scene.Repository);

        var second = await scene.DocumentAsync("run", scene.Source, "--dry-run");

        Assert.Contains("a full backup: 3 files are new (11 B), 0 changed (0 B), 0 unchanged (0 B); 11 B would be read. Nothing was written.", BackupScene.Unwrapped(first.Output), StringComparison.Ordinal);
        Assert.Equal(
            ("first", 1, 1, 2, 4, 7, 8, 11),
            ((string?)second["parent"], (int?)second["filesNew"], (int?)second["filesChanged"], (int?)second["filesUnchanged"],
                (int?)second["bytesNew"], (int?)second["bytesChanged"], (int?)second["bytesUnchanged"], (int?)second["bytesToRead"]));
        Assert.Equal(before, BackupScene.Bytes(scene.Repository));
    }

    [Fact]
    public async Task Restore_DryRun_CountsAndWritesNothing()
    {
        await scene.DocumentAsync("run", scene.Source);
        var target = scene.At("target");
        await scene.DocumentAsync("restore", "--to", target);
        File.Delete(Path.Combine(target, "a.txt"));
        await File.WriteAllTextAsync(Path.Combine(target, "docs", "b.txt"), "other");
        await File.WriteAllTextAsync(Path.Combine(target, "extra.txt"), "extra");
        var before = BackupScene.Bytes(target);

        var preview = await scene.DocumentAsync("restore", "--to", target, "--delete-extra", "--dry-run");
        var told = await scene.DrAsync("restore", "--to", target, "--dry-run");

        Assert.Equal(
            (1, 1, 1, 1, 6),
            ((int?)preview["filesNew"], (int?)preview["filesOverwritten"], (int?)preview["filesUnchanged"], (int?)preview["filesDeleted"], (int?)preview["bytesToWrite"]));
        Assert.Contains("1 files would be written new and 1 in place of others (6 B), 1 are there and right, 0 would be removed", BackupScene.Unwrapped(told.Output), StringComparison.Ordinal);
        Assert.Equal(before, BackupScene.Bytes(target));
    }

    [Fact]
    public async Task Run_Exclude_LeavesPathsNamesAndLinesOfAFileOut()
    {
        scene.Write("keep/a.txt", "kept");
        await File.WriteAllTextAsync(scene.At("excludes"), "# what nobody needs\n\n*.tmp\r\n");

        await scene.DocumentAsync("run", scene.Source, "--exclude", "/a.txt", "--exclude", "b.txt", "--exclude-file", scene.At("excludes"), "--one-file-system");

        await scene.DocumentAsync("restore", "--to", scene.At("target"));
        Assert.Equal(["keep/a.txt: kept"], BackupScene.Files(scene.At("target")));
    }

    [Fact]
    public async Task Run_ExcludeOfAContainer_IsRefused()
    {
        scene.Variables["DATA"] = "UseDevelopmentStorage=true";

        var outcome = await scene.DrAsync("run", "DATA:files", "--exclude", "a");

        Assert.Equal(2, outcome.Code);
        Assert.Contains("DATA:files is a container, and --exclude, --exclude-file or --one-file-system is given", BackupScene.Unwrapped(outcome.Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--verify", "sampled")]
    [InlineData("--no-server-side")]
    public async Task Copy_Options_AreTaken(params string[] options)
    {
        await scene.DocumentAsync("run", scene.Source);

        var copied = await scene.DocumentAsync(["copy", "--to", scene.At("copy"), .. options]);

        Assert.Equal(1, (int?)copied["snapshots"]);
    }
}
