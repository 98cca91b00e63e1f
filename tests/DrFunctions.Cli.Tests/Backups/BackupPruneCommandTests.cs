using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Backups;

/// <summary>Prune, forget and hold on folders, as a person types them.</summary>
public sealed class BackupPruneCommandTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string source;
    private readonly string repository;

    public BackupPruneCommandTests()
    {
        (source, repository) = (Path.Combine(folder.Path, "source"), Path.Combine(folder.Path, "repository"));
        Directory.CreateDirectory(source);
    }

    public async Task InitializeAsync()
    {
        await DrAsync("init");
        foreach (var number in Enumerable.Range(1, 3))
        {
            // Of a size of its own: nothing is unchanged.
            await File.WriteAllBytesAsync(Path.Combine(source, "data"), [.. new Random(number).GetItems(Enumerable.Range(0, 256).Select(value => (byte)value).ToArray(), 20_000 + number)]);
            await DrAsync("run", source, "--id", $"number-{number}", "--workload", number == 3 ? "other" : "shop");
        }

        Age(); // What was just written is left alone.
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Prune_DryRun_ExplainsEachDecisionAndChangesNothing()
    {
        var before = Objects();

        var shown = await DrAsync("prune", "--dry-run", "--keep-last", "1");
        var document = JsonNode.Parse((await DrAsync("prune", "--dry-run", "--keep-last", "1", "--json")).Output)!; // It is a document.

        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Matches(@"number-1 +shop +manual +\S+ \S+ +remove +no rule: no rule keeps it", shown.Output);
        Assert.Matches(@"number-2 +shop +manual +\S+ \S+ +keep +minimum: the newest one; last: 1 of the last 1", shown.Output);
        Assert.Contains($"dry run {repository}: 1 snapshots would be removed, 2 kept", shown.Output, StringComparison.Ordinal);
        Assert.Matches(@"waiting  \d+ packs, [\d.]+ kB, that later prunes remove", shown.Output);
        var decision = Assert.Single(document["decisions"]!.AsArray(), one => one!["isKept"]!.GetValue<bool>() is false)!; // The document has them.
        Assert.Equal(("number-1", "noRule", "no rule keeps it"), ((string?)decision["snapshot"]!["id"], (string?)decision["reasons"]![0]!["cause"], (string?)decision["reasons"]![0]!["text"])); // They are objects.
        Assert.Equal(before, Objects());
    }

    [Fact]
    public async Task Prune_WithoutRules_RemovesNoSnapshot()
    {
        var pruned = await DrAsync("prune");

        Assert.Equal((0, ""), (pruned.Code, pruned.Error));
        Assert.Contains($"{repository}: 0 snapshots removed, 3 kept", pruned.Output, StringComparison.Ordinal);
        Assert.Equal(["number-1", "number-2", "number-3"], Snapshots());
    }

    [Fact]
    public async Task Prune_ByRules_RemovesSnapshotsAtOnceAndTheirPacksInSteps()
    {
        var packs = Packs();

        var first = await DrAsync("prune", "--keep-daily", "7");

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Matches("number-1 .* removed +no rule: no rule keeps it", first.Output);
        Assert.Matches(@"waiting  \d+ packs, [\d.]+ kB, that later prunes remove: the next step can be taken from \d{4}-.*Z on, and each pack takes three steps, 1d apart", first.Output);
        Assert.Equal(["number-2", "number-3"], Snapshots());
        Assert.Equal(packs, Packs());
        Assert.DoesNotContain("removed  ", (await DrAsync("prune")).Output, StringComparison.Ordinal); // A day is not over.
        Age();
        Assert.Contains("waiting  ", (await DrAsync("prune")).Output, StringComparison.Ordinal);
        Age();
        var last = await DrAsync("prune");
        Assert.Matches(@"removed  \d+ packs that nothing needed, [\d.]+ kB", last.Output);
        Assert.DoesNotContain("waiting  ", last.Output, StringComparison.Ordinal);
        Assert.InRange(Packs(), 1, packs - 1);
        Assert.Equal(0, (await DrAsync("check")).Code);
    }

    [Fact]
    public async Task Prune_OfAWorkloadAndPolicy_LeavesAllOthers()
    {
        await DrAsync("run", source, "--id", "number-4", "--workload", "other");

        await DrAsync("prune", "--keep-last", "1", "--workload", "other", "--policy", "manual");
        Assert.Equal(["number-1", "number-2", "number-4"], Snapshots());

        await DrAsync("prune", "--keep-last", "1", "--policy", "elsewhere");
        Assert.Equal(["number-1", "number-2", "number-4"], Snapshots());
    }

    [Theory]
    [InlineData("--keep-last 0", "--keep-last is '0'; expected 1 to 100000.")]
    [InlineData("--keep-daily 100001", "--keep-daily is '100001'; expected 1 to 100000.")]
    [InlineData("--keep-yearly some", "--keep-yearly is 'some'; expected 1 to 100000.")]
    [InlineData("--keep-within 30", "--keep-within is '30'; expected a whole number and a unit, such as 90s, 15m, 1h or 7d.")]
    [InlineData("--keep-within 0d", "--keep-within is '0d'; expected at least 1s.")]
    [InlineData("--keep-last 3 --keep-minimum 0", "--keep-minimum is '0'; expected 1 to 100000.")]
    [InlineData("--keep-minimum 3", "--keep-minimum is '3' and no rule is given; expected at least one of --keep-last, --keep-hourly, --keep-daily, --keep-weekly, --keep-monthly, --keep-yearly and --keep-within.")]
    [InlineData("--workload shop", "--workload is 'shop' and no rule is given; expected at least one of")]
    [InlineData("--policy files", "--policy is 'files' and no rule is given; expected at least one of")]
    [InlineData("--grace 30m", "--grace is '30m'; expected at least 1h.")]
    [InlineData("--max-unused 5", "--max-unused is '5'; expected 0% to 100%.")]
    [InlineData("--max-unused 101%", "--max-unused is '101%'; expected 0% to 100%.")]
    [InlineData("--give-up a/b", "--give-up is 'a/b'; expected a snapshot's id.")]
    public async Task Prune_WrongOption_IsNamedAndNothingIsDone(string options, string message)
    {
        var before = Objects();

        var outcome = await DrAsync(["prune", .. options.Split(' ')]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains(message, Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.Equal(before, Objects());
    }

    [Fact]
    public async Task Prune_ASnapshotCannotBeRead_SaysWhatIsInTheWay_UntilItIsGivenUp()
    {
        var broken = Path.Combine(repository, "snapshots", "number-2");
        File.SetAttributes(broken, FileAttributes.Normal);
        await File.WriteAllBytesAsync(broken, new byte[300]);

        var blocked = await DrAsync("prune", "--keep-last", "1");
        var document = JsonNode.Parse((await DrAsync("prune", "--json")).Output)!; // It is a document.
        var forgotten = await DrAsync("forget", "number-2");
        var givenUp = await DrAsync("prune", "--give-up", "number-2");

        Assert.Equal(9, blocked.Code);
        Assert.Contains("! no pack was removed: the snapshot 'number-2' cannot be read, and any pack may be its: ", blocked.Output, StringComparison.Ordinal);
        Assert.StartsWith("the snapshot 'number-2' cannot be read", (string?)document["blocked"]![0], StringComparison.Ordinal); // The document has them.
        Assert.Equal(9, forgotten.Code);
        Assert.Contains("dr backup prune --give-up number-2", Unwrapped(forgotten.Error), StringComparison.Ordinal);
        Assert.Equal(0, givenUp.Code);
    }

    [Fact]
    public async Task Forget_RemovesWhatIsNamed()
    {
        var dry = await DrAsync("forget", "number-1", "number-3", "--dry-run");
        Assert.Contains("2 snapshots would be removed, 1 kept", dry.Output, StringComparison.Ordinal);
        Assert.Equal(3, Snapshots().Count);

        var done = await DrAsync("forget", "number-1", "number-3");

        Assert.Equal((0, ""), (done.Code, done.Error));
        Assert.Matches("number-3 .* removed +named: a person named it", done.Output);
        Assert.DoesNotContain("number-2", done.Output, StringComparison.Ordinal);
        Assert.Equal(["number-2"], Snapshots());
    }

    [Fact]
    public async Task Forget_OneIsHeldOrMissing_RemovesNone()
    {
        await DrAsync("hold", "add", "--workload", "shop", "--by", "ann", "--reason", "case 7");

        var held = await DrAsync("forget", "number-3", "number-1");
        var missing = await DrAsync("forget", "number-3", "number-9");
        var wrong = await DrAsync("forget", "a/b");

        Assert.Equal(7, held.Code);
        Assert.Contains("The snapshot 'number-1' cannot be removed: legal hold on workload 'shop' by ann: case 7; nothing was removed.", Unwrapped(held.Error), StringComparison.Ordinal);
        Assert.Equal(6, missing.Code);
        Assert.Contains("There is no snapshot 'number-9' in", Unwrapped(missing.Error), StringComparison.Ordinal);
        Assert.Equal(2, wrong.Code);
        Assert.Equal(3, Snapshots().Count);
    }

    [Fact]
    public async Task Hold_AddListRemove_KeepsWhatTheRulesWouldRemove()
    {
        var added = await DrAsync("hold", "add", "--snapshot", "number-1", "--by", "ann", "--reason", "case [7]");
        var listed = await DrAsync("hold", "list");
        var document = JsonNode.Parse((await DrAsync("hold", "list", "--json")).Output)!; // It is a document.
        var pruned = await DrAsync("prune", "--keep-last", "1", "--dry-run");
        var removed = await DrAsync("hold", "remove", "--snapshot", "number-1");
        var again = await DrAsync("hold", "remove", "--snapshot", "number-1");

        Assert.Equal((0, 0, 0, 0, 6), (added.Code, listed.Code, pruned.Code, removed.Code, again.Code));
        Assert.Contains("legal hold on snapshot 'number-1' by ann: case [7]", added.Output, StringComparison.Ordinal);
        Assert.Matches(@"number-1 +ann +\S+ \S+ +case \[7\]", listed.Output);
        Assert.Equal(("number-1", "ann", "case [7]"), ((string?)document["holds"]![0]!["snapshot"], (string?)document["holds"]![0]!["by"], (string?)document["holds"]![0]!["reason"])); // It has one.
        Assert.Matches("number-1 .* keep +hold: legal hold on snapshot 'number-1' by ann: case", pruned.Output);
        Assert.Contains("There is no legal hold on snapshot 'number-1' in", Unwrapped(again.Error), StringComparison.Ordinal);
        Assert.Contains("has no legal hold.", (await DrAsync("hold", "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add", "Neither --snapshot nor --workload is given; expected one of them.", 2)]
    [InlineData("add --snapshot one --workload shop", "Both --snapshot and --workload are given; expected one of them.", 2)]
    [InlineData("add --snapshot a/b", "--snapshot is 'a/b'; expected a snapshot's id.", 2)]
    [InlineData("add --snapshot number-9", "There is no snapshot 'number-9' in", 6)]
    public async Task Hold_WrongOption_IsNamed(string line, string message, int code)
    {
        var outcome = await DrAsync(["hold", .. line.Split(' '), "--by", "ann", "--reason", "case"]);

        Assert.Equal(code, outcome.Code);
        Assert.Contains(message, Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(repository, "holds", "snapshots", "number-9")));
    }

    private static string? Passphrase(string name) => name == "DR_REPOSITORY_PASSPHRASE" ? "open" : null;

    private static string Unwrapped(string text) => text.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal);

    private Task<DrOutcome> DrAsync(params string[] verb) => Dr.RunAsync(["backup", .. verb, "--repository", repository], Passphrase);

    private List<string> Objects() =>
        [.. Directory.EnumerateFiles(repository, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(repository, path)).Order(StringComparer.Ordinal)];

    private List<string?> Snapshots() => [.. Directory.EnumerateFiles(Path.Combine(repository, "snapshots")).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private int Packs() => Directory.EnumerateFiles(Path.Combine(repository, "packs"), "*", SearchOption.AllDirectories).Count();

    // Two days pass: the folder's clock is what its files say. Snapshots say their restore points themselves, which must not be later.
    private void Age()
    {
        var snapshots = Path.Combine(repository, "snapshots");
        foreach (var file in Directory.EnumerateFiles(repository, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(snapshots, StringComparison.Ordinal)))
        {
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddDays(-2));
        }
    }
}
