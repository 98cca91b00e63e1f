using System.Text.Json.Nodes;
using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Backups;

/// <summary><c>dr backup start</c> and <c>dr backup jobs</c> against an app.</summary>
public sealed class BackupJobCommandTests
{
    private const string Id = "20300101000000000-0000abcd";

    [Fact]
    public async Task Start_Restore_SendsWhatWasSaid()
    {
        await using var app = await FakeApp.StartAsync(_ => (202, Job("running")));

        var outcome = await Dr.RunAsync(
            ["backup", "start", "restore", "shop", "--policy", "files", "--region", "northeurope", "--at", "2030-01-01", "--to", "NORTH:look-here", "--reason", "a look", "--idempotency-key", "k", "--url", app.Url.ToString()], Key);

        var request = Assert.Single(app.Requests);
        var body = JsonNode.Parse(request.Body)!; // It is a document.
        Assert.Equal((0, "POST", "/api/plans/shop/backups/jobs"), (outcome.Code, request.Method, request.Path));
        Assert.Equal(
            ("restore", "files", "northeurope", "2030-01-01T00:00:00+00:00", "NORTH", "look-here", "a look", "k"),
            ((string?)body["kind"], (string?)body["policy"], (string?)body["region"], (string?)body["at"], (string?)body["target"]?["connection"], (string?)body["target"]?["container"], (string?)body["reason"], (string?)body["idempotencyKey"]));
        Assert.Contains($"dr backup jobs shop {Id} --follow", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("succeeded", null, 0)]
    [InlineData("failed", "NotVerified", 9)]
    [InlineData("failed", "StorageRefused", 1)]
    public async Task Start_Follow_AsksUntilItsEnd(string state, string? code, int exit)
    {
        var asked = 0;
        await using var app = await FakeApp.StartAsync(request => request.Method == "POST" ? (202, Job("running")) : (200, Interlocked.Increment(ref asked) < 2 ? Job("running") : Job(state, code)));

        var outcome = await Dr.RunAsync(["backup", "start", "check", "shop", "--policy", "files", "--follow", "--url", app.Url.ToString()], Key);

        Assert.Equal(exit, outcome.Code);
        Assert.Equal(2, asked);
        Assert.Contains("1 of 2 parts", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"check of shop/files: {state}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("packsRead", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(code is not null, outcome.Output.Contains("what was found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Jobs_ListsThem()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, $$"""{"jobs":[{{Job("failed", "NotVerified")}},{{Job("running")}}]}"""));

        var told = await Dr.RunAsync(["backup", "jobs", "shop", "--url", app.Url.ToString()], Key);
        var document = JsonNode.Parse((await Dr.RunAsync(["backup", "jobs", "shop", "--json", "--url", app.Url.ToString()], Key)).Output)!; // It is a document.

        Assert.Equal(0, told.Code);
        Assert.Contains("what was found", told.Output, StringComparison.Ordinal);
        Assert.Equal(["failed", "running"], document["jobs"]!.AsArray().Select(job => (string?)job!["state"])); // It is a list of objects.
        Assert.Equal(3, (int?)document["jobs"]![0]!["result"]!["checked"]!["packsRead"]); // As the app sent it.
    }

    [Fact]
    public async Task Start_AnotherIsUnderWay_IsAConflict()
    {
        await using var app = await FakeApp.StartAsync(_ => (409, """{"error":{"code":"BackupJobActive","message":"'shop' has a job of the same kind and policy under way, 'x'."}}"""));

        var outcome = await Dr.RunAsync(["backup", "start", "copy", "shop", "--policy", "files", "--url", app.Url.ToString()], Key);

        Assert.Equal(7, outcome.Code);
        Assert.Contains("under way, 'x'", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start restore shop --policy files --to nowhere", "--to is 'nowhere'; expected CONNECTION:container")]
    [InlineData("start restore shop --policy files --at noon", "--at is 'noon'; expected a time")]
    [InlineData("jobs shop --follow", "--follow is given without a JOB")]
    public async Task AnyVerb_BadInput_NamesItAndAsksNothing(string line, string message)
    {
        await using var app = await FakeApp.StartAsync(_ => (500, ""));

        var outcome = await Dr.RunAsync(["backup", .. line.Split(' '), "--url", app.Url.ToString()], Key);

        Assert.Equal(2, outcome.Code);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(app.Requests);
    }

    private static string? Key(string name) => name is "DR_FUNCTION_KEY" or "DR_KEY" ? "key" : null;

    private static string Job(string state, string? code = null)
    {
        var error = code is null ? "" : $$""","error":{"code":"{{code}}","message":"what was found"}""";
        return $$$"""
            {"schema":1,"id":"{{{Id}}}","workload":"shop","planVersion":"1","request":{"kind":"check","policy":"files","useSource":false,"dryRun":false},"by":"ada","reason":"r","createdAt":"2030-01-01T00:00:00+00:00",
            "state":"{{{state}}}","progress":{"partsDone":1,"parts":2,"bytes":1000},"result":{"checked":{"packsRead":3}}{{{error}}}}
            """;
    }
}
