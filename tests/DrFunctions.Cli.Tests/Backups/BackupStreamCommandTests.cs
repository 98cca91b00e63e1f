using System.Diagnostics;
using DrFunctions.Backup.Sources;
using DrFunctions.Cli.Backups;
using DrFunctions.Testing.Backups;

namespace DrFunctions.Cli.Tests.Backups;

/// <summary>Streams into a repository, and single files out of it.</summary>
public sealed class BackupStreamCommandTests : IAsyncLifetime, IDisposable
{
    private readonly BackupScene scene = new();

    public Task InitializeAsync() => scene.DocumentAsync("init");

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => scene.Dispose();

    [Fact]
    public async Task RunStdinAndDump_ReturnTheBytes()
    {
        var content = Bytes.Of(10_000_001, seed: 1);
        scene.With = host => host with { OpenInput = () => new MemoryStream(content) };

        var taken = await scene.DocumentAsync("run", "--stdin", "--name", "dumps/shop.sql", "--id", "first");
        var (dumped, output) = await DumpAsync("first", "dumps/shop.sql");

        Assert.Equal((1, 10_000_001, "stream dumps/shop.sql"), ((int?)taken["files"], (int?)taken["bytes"], (string?)taken["source"]));
        Assert.Equal((0, ""), (dumped.Code, dumped.Output));
        Assert.Equal(content, output);
    }

    [Fact]
    public async Task RunStdinCommand_TakesWhatItWrites()
    {
        await scene.DocumentAsync("run", "--stdin-command", "printf one; printf two", "--name", "a");

        var (dumped, output) = await DumpAsync("latest", "a");

        Assert.Equal((0, "onetwo"), (dumped.Code, System.Text.Encoding.UTF8.GetString(output)));
    }

    [Fact]
    public async Task RunStdinCommand_ItFails_TakesNoSnapshotAndNamesTheExitCode()
    {
        var outcome = await scene.DrAsync("run", "--stdin-command", "head -c 5000000 /dev/zero; exit 3", "--name", "a");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("The command 'head -c 5000000 /dev/zero; exit 3' ended with the exit code 3; expected 0.", BackupScene.Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.Empty((await scene.DocumentAsync("list"))["snapshots"]!.AsArray()); // It is there.
    }

    [Fact]
    public async Task RunStdinCommand_TheSnapshotIsThere_EndsTheCommand()
    {
        await scene.DocumentAsync("run", "--stdin-command", "echo x", "--name", "a", "--id", "first");

        // Nothing is read: a command that writes for ever would be waited for ever.
        Assert.Equal(0, (await scene.DrAsync("run", "--stdin-command", "cat /dev/zero", "--name", "a", "--id", "first")).Code);
    }

    /// <summary>A backup that ends first leaves nobody behind, also who writes nothing and so never learns that nobody reads.</summary>
    [Fact]
    public async Task OpenedStream_Disposed_EndsWhoWrites()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "echo ready; sleep 1000 & wait"]) { RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("It does not start.");
        var (id, output) = (process.Id, process.StandardOutput.BaseStream);
        await output.ReadExactlyAsync(new byte["ready\n".Length]);

        new OpenedStream(new StreamSource("a", output), output, process).Dispose();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Theory]
    [InlineData("run", "None of SOURCE, --stdin and --stdin-command is given; expected one.")]
    [InlineData("run . --stdin --name a", "2 of SOURCE, --stdin and --stdin-command are given; expected one.")]
    [InlineData("run --stdin", "--name is not given; expected the path that the stream has in the snapshot")]
    [InlineData("run . --name a", "--name is 'a', and SOURCE is given; expected it with --stdin or --stdin-command.")]
    [InlineData("run --stdin --name ../a", "--name: The name '../a'")]
    [InlineData("run --stdin --name a --dry-run", "A stream is backed up, and --exclude, --exclude-file, --one-file-system or --dry-run is given")]
    [InlineData("run . --exclude /", "--exclude is empty; expected a path or a name.")]
    [InlineData("run . --exclude-file nowhere", "--exclude-file: there is no file nowhere.")]
    [InlineData("dump latest a --json", "--json is given without --output")]
    public async Task AnyVerb_BadInput_NamesIt(string line, string message)
    {
        var outcome = await scene.DrAsync(line.Split(' '));

        Assert.Equal(2, outcome.Code);
        Assert.Contains(message, BackupScene.Unwrapped(outcome.Error + outcome.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_IntoAFile_IsThereWholeOrNotAtAll()
    {
        scene.Write("a.txt", "one");
        await scene.DocumentAsync("run", scene.Source, "--id", "first");
        var file = scene.At("out");

        var dumped = await scene.DocumentAsync("dump", "first", "a.txt", "--output", file);
        var again = await scene.DrAsync("dump", "first", "a.txt", "--output", file);
        BackupScene.DamagePacks(scene.Repository);
        var cut = await scene.DrAsync("dump", "first", "a.txt", "--output", scene.At("other"));

        Assert.Equal(("a.txt", 3, file), ((string?)dumped["path"], (int?)dumped["length"], (string?)dumped["output"]));
        Assert.Equal((2, "one"), (again.Code, await File.ReadAllTextAsync(file)));
        Assert.Equal(9, cut.Code);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!), path => path.EndsWith("other", StringComparison.Ordinal) || path.EndsWith(".part", StringComparison.Ordinal)); // It is in a folder.
    }

    [Fact]
    public async Task Dump_NothingIsThere_SaysItOnStandardErrorAndWritesNoByte()
    {
        scene.Write("a.txt", "one");
        var (none, nothing) = await DumpAsync("latest", "a.txt");
        await scene.DocumentAsync("run", scene.Source, "--id", "first");
        var (missing, empty) = await DumpAsync("first", "b.txt");

        Assert.Equal((6, "", 6, ""), (none.Code, none.Output, missing.Code, missing.Output));
        Assert.Contains("There is no file 'b.txt' in the snapshot 'first'", BackupScene.Unwrapped(missing.Error), StringComparison.Ordinal);
        Assert.Equal((0, 0), (nothing.Length, empty.Length));
    }

    private async Task<(DrOutcome, byte[])> DumpAsync(string snapshot, string path)
    {
        using var output = new MemoryStream();
        scene.With = host => host with { OpenOutput = () => output };
        var outcome = await scene.DrAsync("dump", snapshot, path);
        return (outcome, output.ToArray());
    }
}
