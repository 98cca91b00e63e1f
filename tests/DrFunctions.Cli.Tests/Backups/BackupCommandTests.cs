using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Backups;

/// <summary>The backup verbs on folders, as a person types them.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string source;
    private readonly string repository;

    public BackupCommandTests()
    {
        (source, repository) = (At("source"), At("repository"));
        Write("a.txt", "one");
        Write("docs/b.txt", "two");
        Write("docs/deep/c.md", "three");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Init_ShowsTheRecoveryKeyOnce_AndItOpensTheRepository()
    {
        var made = JsonNode.Parse((await DrAsync("init", "--json")).Output)!; // It is a document.
        var file = At("key.txt");
        await File.WriteAllTextAsync(file, (string?)made["recoveryKey"]);

        var listed = await Dr.RunAsync(["backup", "list", "--repository", repository, "--recovery-key-file", file]);

        Assert.Equal((0, $"{repository} holds no snapshot."), (listed.Code, Unwrapped(listed.Output).Trim()));
        Assert.Matches("^([0-9A-Z]{7}-){7}[0-9A-Z]{7}$", (string?)made["recoveryKey"]);
    }

    [Fact]
    public async Task Init_WithAFileForTheKey_WritesItForItsOwnerAndShowsNothing()
    {
        var file = At("key.txt");

        var made = await DrAsync("init", "--recovery-key-file", file);

        var key = (await File.ReadAllTextAsync(file)).Trim();
        Assert.Equal(0, made.Code);
        Assert.DoesNotContain(key, made.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(0, (await Dr.RunAsync(["backup", "list", "--repository", repository, "--recovery-key-file", file])).Code);
    }

    [Fact]
    public async Task Init_ARepositoryIsThere_IsRefusedAndLeavesNoKey()
    {
        await DrAsync("init");
        var file = At("key.txt");

        var again = await DrAsync("init", "--recovery-key-file", file);

        Assert.Equal(1, again.Code);
        Assert.Contains("holds a repository already; nothing in it was changed.", again.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Init_WithoutAPassphrase_NamesTheVariable()
    {
        var outcome = await Dr.RunAsync(["backup", "init", "--repository", repository]);

        Assert.Equal(3, outcome.Code);
        Assert.Contains("The variable DR_REPOSITORY_PASSPHRASE is not set; expected the repository's passphrase.", Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository));
    }

    [Fact]
    public async Task Run_NoRepositoryThere_NamesTheCommandThatMakesOne()
    {
        var outcome = await DrAsync("run", source);

        Assert.Equal(6, outcome.Code);
        Assert.Contains("dr backup init", Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository));
    }

    [Fact]
    public async Task Run_AnotherPassphrase_IsRefused()
    {
        await DrAsync("init");

        var outcome = await Dr.RunAsync(["backup", "run", source, "-r", repository, "--passphrase-setting", "OTHER"], name => name == "OTHER" ? "wrong" : null);

        Assert.Equal(5, outcome.Code);
        Assert.DoesNotContain("wrong", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAndRestore_ReturnTheFiles()
    {
        await DrAsync("init");
        var taken = JsonNode.Parse((await DrAsync("run", source, "--json")).Output)!; // It is a document.
        var target = At("target");

        var restored = JsonNode.Parse((await DrAsync("restore", "--to", target, "--json")).Output)!; // It is a document.

        Assert.Equal(("full", 3), ((string?)taken["kind"], (int?)taken["files"]));
        Assert.Equal((3, 0), ((int?)restored["filesWritten"], (int?)restored["filesUnchanged"]));
        Assert.Equal(Files(source), Files(target));
        var check = await DrAsync("check");
        Assert.Equal((0, ""), (check.Code, check.Error));
    }

    [Fact]
    public async Task Run_Again_IsIncrementalAndList_ShowsBoth()
    {
        await DrAsync("init");
        await DrAsync("run", source, "--id", "first");
        Write("a.txt", "changed");
        await DrAsync("run", source, "--id", "second");
        await DrAsync("run", source, "--id", "third", "--kind", "differential", "--verify-unchanged");

        var listed = JsonNode.Parse((await DrAsync("list", "--json")).Output)!["snapshots"]!.AsArray(); // It is a document.

        Assert.Equal(
            [("first", "full", null), ("second", "incremental", "first"), ("third", "differential", "first")],
            listed.Select(snapshot => ((string?)snapshot!["id"], (string?)snapshot["kind"], (string?)snapshot["parent"]))); // They are objects.
    }

    [Fact]
    public async Task Restore_SomePaths_RestoresThoseAndDeletesNoOthers()
    {
        await DrAsync("init");
        await DrAsync("run", source);
        var target = At("target");
        Directory.CreateDirectory(Path.Combine(target, "docs"));
        await File.WriteAllTextAsync(Path.Combine(target, "mine.txt"), "mine");
        await File.WriteAllTextAsync(Path.Combine(target, "docs", "extra.txt"), "extra");

        await DrAsync("restore", "--to", target, "--path", "docs", "--delete-extra");

        Assert.Equal(["docs/b.txt: two", "docs/deep/c.md: three", "mine.txt: mine"], Files(target));
    }

    [Fact]
    public async Task Restore_AtATime_IsTheNewestNotLater()
    {
        await DrAsync("init");
        await DrAsync("run", source, "--id", "first");
        var first = JsonNode.Parse((await DrAsync("list", "--json")).Output)!["snapshots"]![0]!["restorePoint"]!.GetValue<string>(); // It is a document.
        Write("a.txt", "changed");
        await DrAsync("run", source, "--id", "second");

        await DrAsync("restore", "--at", first, "--to", At("then"));
        await DrAsync("restore", "--to", At("now"));
        var before = await DrAsync("restore", "--at", "2001-01-01", "--to", At("never"));

        Assert.Contains("a.txt: one", Files(At("then")));
        Assert.Contains("a.txt: changed", Files(At("now")));
        Assert.Equal(6, before.Code);
        Assert.Contains("holds no snapshot that fits.", Unwrapped(before.Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restore x --at 2026-01-01 --to t", "The snapshot x is named, and --at, --workload or --policy as well.")]
    [InlineData("restore --at noon --to t", "--at is 'noon'; expected a time, such as 2026-11-22T14:00Z.")]
    [InlineData("check --read some", "--read is 'some'; expected all, none, or a part such as 3/7, of at most 10000.")]
    [InlineData("check --read 8/7", "--read is '8/7'; expected all, none, or a part such as 3/7, of at most 10000.")]
    [InlineData("run missing", "There is no folder missing.")]
    public async Task AnyVerb_BadInput_NamesItAndWhatIsExpected(string line, string message)
    {
        await DrAsync("init");

        var outcome = await DrAsync(line.Split(' '));

        Assert.Equal(2, outcome.Code);
        Assert.Contains(message, Unwrapped(outcome.Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_IsOpenedByTheSamePassphraseAndRestoresAlone()
    {
        await DrAsync("init");
        await DrAsync("run", source);
        var copy = At("copy");
        await DrAsync("copy", "--to", copy);
        Directory.Delete(repository, recursive: true);

        var restored = await Dr.RunAsync(["backup", "restore", "-r", copy, "--to", At("target")], Passphrase);

        Assert.Equal(0, restored.Code);
        Assert.Equal(Files(source), Files(At("target")));
    }

    [Fact]
    public async Task Check_APackIsDamaged_NamesTheObjectAndTheFiles()
    {
        await DrAsync("init");
        await DrAsync("run", source, "--id", "first");
        foreach (var pack in Directory.EnumerateFiles(Path.Combine(repository, "packs"), "*", SearchOption.AllDirectories))
        {
            var content = await File.ReadAllBytesAsync(pack);
            content[^20] ^= 1;
            File.SetAttributes(pack, FileAttributes.Normal);
            await File.WriteAllBytesAsync(pack, content);
        }

        var outcome = await DrAsync("check");

        Assert.Equal(9, outcome.Code);
        Assert.Contains("first", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("packs/", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await DrAsync("check", "--read", "none")).Code);
    }

    [Fact]
    public async Task Run_TwiceInASecond_TakesTwoSnapshots()
    {
        await DrAsync("init");
        var first = JsonNode.Parse((await DrAsync("run", source, "--json")).Output)!; // It is a document.
        Write("a.txt", "another");

        var second = JsonNode.Parse((await DrAsync("run", source, "--json")).Output)!; // It is a document.

        Assert.NotEqual((string?)first["id"], (string?)second["id"]);
        Assert.Equal((string?)first["id"], (string?)second["parent"]);
    }

    [Fact]
    public async Task ShowDiffAndChain_OfTwoSnapshots_SayWhatIsInThem()
    {
        await DrAsync("init");
        await DrAsync("run", source, "--id", "first");
        Write("a.txt", "another");
        Write("docs/new\u001b[2J.md", "four");
        File.Delete(Path.Combine(source, "docs", "b.txt"));
        await DrAsync("run", source, "--id", "second");

        var shown = (await DrAsync("show", "second", "--path", "docs/**", "--json")).Output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!).ToList(); // Documents, all.
        var differences = await DrAsync("diff", "first", "second", "--path", "**/*.*");
        var documents = (await DrAsync("diff", "first", "second", "--path", "a.txt", "--json")).Output;
        var chain = JsonNode.Parse((await DrAsync("chain", "--json")).Output)!["snapshots"]!.AsArray(); // It is a document.

        Assert.Equal("second", (string?)shown[0]["snapshot"]!["id"]); // The first line is the snapshot's.
        Assert.Equal(["docs/deep/c.md", "docs/new\u001b[2J.md"], shown.Skip(1).Select(file => (string?)file["path"]).Where(path => path!.Contains('.', StringComparison.Ordinal))); // Each has one.
        Assert.Equal("""{"change":"changed","path":"a.txt","lengthBefore":3,"lengthAfter":7}""", documents.Trim());
        Assert.Contains("M a.txt  3 B → 7 B", differences.Output, StringComparison.Ordinal);
        Assert.Contains("- docs/b.txt  3 B", differences.Output, StringComparison.Ordinal);
        Assert.Contains("+ docs/new\\u001b[2J.md  4 B", differences.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("c.md", differences.Output, StringComparison.Ordinal);
        Assert.Equal(["second", "first"], chain.Select(link => (string?)link!["id"])); // They are objects.
    }

    private static string? Passphrase(string name) => name == "DR_REPOSITORY_PASSPHRASE" ? "open" : null;

    private static string Unwrapped(string text) => text.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal);

    private static List<string> Files(string root) =>
        [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => $"{Path.GetRelativePath(root, path).Replace('\\', '/')}: {File.ReadAllText(path)}")
            .Order(StringComparer.Ordinal)];

    private Task<DrOutcome> DrAsync(params string[] verb) => Dr.RunAsync(["backup", .. verb, "--repository", repository], Passphrase);

    private string At(string name) => Path.Combine(folder.Path, name);

    private void Write(string path, string content)
    {
        var file = Path.Combine(source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // It is below the source.
        File.WriteAllText(file, content);
    }
}
