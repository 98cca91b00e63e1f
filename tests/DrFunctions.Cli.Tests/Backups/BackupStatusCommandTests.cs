using System.Text.Json;
using DrFunctions.Cli.Tests.Api;
using DrFunctions.Recovery.Backups;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Cli.Tests.Backups;

public sealed class BackupStatusCommandTests
{
    private static readonly DateTimeOffset s_at = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ObjectiveVerdict.Met, ExitCodes.Success)]
    [InlineData(ObjectiveVerdict.Unknown, ExitCodes.Success)]
    [InlineData(ObjectiveVerdict.Breached, ExitCodes.Failed)]
    public async Task Status_OfAPolicy_SaysWhatIsMissingAndFailsOnlyWhenSomethingIsBreached(ObjectiveVerdict test, int code)
    {
        var body = DocumentJson.Write(Status(test));
        await using var app = await FakeApp.StartAsync(_ => (200, System.Text.Encoding.UTF8.GetString(body.Span)));

        var outcome = await Dr.RunAsync(["backup", "status", "shop", "--url", app.Url.ToString()], Key);

        Assert.Equal(code, outcome.Code);
        Assert.Equal(("GET", "/api/plans/shop/backups/status"), (app.Requests.Single().Method, app.Requests.Single().Path));
        Assert.Contains("files (store files)", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("northeurope  no restore point is recorded", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("missing: a copy in northeurope", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("copy          unknown", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_OfAPolicyWithRetention_SaysWhatTheLastPruneDidInEachRegion()
    {
        var status = Status(ObjectiveVerdict.Met);
        var retention = new PruneStatus(ObjectiveVerdict.Breached, "northeurope: no pack was removed: why",
        [
            new RegionPruned("westeurope", s_at, 30, 2, 1_500_000, 2_000, s_at.AddDays(1), ["books: the run 'r' has it"], []),
            new RegionPruned("northeurope", s_at, 31, 1, 0, 0, null, [], ["northeurope: no pack was removed: why"]),
        ]);
        var body = DocumentJson.Write(status with { Policies = [status.Policies[0] with { Retention = retention }] });
        await using var app = await FakeApp.StartAsync(_ => (200, System.Text.Encoding.UTF8.GetString(body.Span)));

        var outcome = await Dr.RunAsync(["backup", "status", "shop", "--url", app.Url.ToString()], Key);

        Assert.Contains("retention     breached, northeurope: no pack was removed: why", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("westeurope  2 snapshots removed, 30 kept, 1.5 MB came back, 2.0 kB go with later prunes, from 2030-01-02 00:00:00Z on", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("! books: the run 'r' has it", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("northeurope  1 snapshots removed, 31 kept, 0 B came back\n", outcome.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("! northeurope: no pack was removed: why", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AsJson_IsTheStatusAndNothingElse()
    {
        var body = DocumentJson.Write(Status(ObjectiveVerdict.Met));
        await using var app = await FakeApp.StartAsync(_ => (200, System.Text.Encoding.UTF8.GetString(body.Span)));

        var outcome = await Dr.RunAsync(["backup", "status", "shop", "--json", "--url", app.Url.ToString()], Key);

        using var json = JsonDocument.Parse(outcome.Output);
        Assert.Equal("unknown", json.RootElement.GetProperty("policies")[0].GetProperty("copy").GetProperty("verdict").GetString());
    }

    private static string? Key(string name) => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null;

    private static BackupStatus Status(ObjectiveVerdict test)
    {
        var proof = new ProofStatus(test, "20300101T0000Z: why", s_at, 60);
        return new BackupStatus("shop", s_at, 900,
        [
            new PolicyStatus(
                "files",
                "files",
                [new RegionPoint("westeurope", s_at), new RegionPoint("northeurope", null)],
                new CopyLag(ObjectiveVerdict.Unknown, null, null),
                new ProofStatus(ObjectiveVerdict.Unknown, "no check is recorded"),
                proof,
                ThreeTwoOne.Of(new BackupPlaces("westeurope", "a", [new("westeurope", "a", true), new("northeurope", "b", false)]), proof)),
        ]);
    }
}
