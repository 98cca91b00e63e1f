using System.Text.Json;
using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Incidents;

public sealed class VerdictCommandTests
{
    private const string Verdict = """
        {"workload":"shop","planVersion":"v1","runbook":"failover","at":"2030-01-01T00:00:00Z","decision":"wait","reason":"dataLoss: unknown",
        "rules":[{"name":"activeInPrimary","passed":true,"found":"primary","expected":"primary"},
        {"name":"noActiveRun","passed":false,"found":"shop-run-1","expected":"none"},
        {"name":"cooldown","passed":true,"found":"12 s since the last run","expected":"at least 1800 s","override":"cooldown","overriddenBy":"ann"},
        {"name":"dataLoss","passed":false,"found":"unknown: [files] is unknown","expected":"at most 900 s, or a named approver","override":"dataLoss"}],
        "loss":{"maxLossSeconds":900,"rpoSeconds":900,"detail":"files is unknown: nothing of it was copied yet"},
        "standing":[{"alert":"a","isRed":true,"at":"2030-01-01T00:00:00Z","title":"site down"}]}
        """;

    [Fact]
    public async Task Verdict_OfAWorkload_SaysEveryRuleWithItsValueAndWhatOverridesIt()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Verdict));

        var outcome = await IncidentDr.RunAsync(app, "verdict", "shop");

        Assert.Equal(("GET", "/api/plans/shop/verdict"), IncidentDr.Only(app));
        Assert.Equal((ExitCodes.Success, ""), (outcome.Code, outcome.Error));
        Assert.Equal(
            "wait: an alert now would wait (plan v1, runbook failover) activeInPrimary ✓ primary noActiveRun ✗ shop-run-1; expected none (cannot be overridden)"
            + " cooldown ! 12 s since the last run; overridden by ann, expected at least 1800 s"
            + " dataLoss ✗ unknown: [files] is unknown; expected at most 900 s, or a named approver (override: dataLoss) stands since 2030-01-01 00:00:00Z: site down",
            string.Join(' ', outcome.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task Verdict_AsJson_IsTheAnswerWithItsNumbers()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Verdict));

        var outcome = await IncidentDr.RunAsync(app, "verdict", "shop", "--json");

        using var json = JsonDocument.Parse(outcome.Output);
        Assert.Equal("wait", json.RootElement.GetProperty("decision").GetString());
        Assert.Equal(900, json.RootElement.GetProperty("loss").GetProperty("maxLossSeconds").GetDouble());
        Assert.Equal(
            ["activeInPrimary", "noActiveRun", "cooldown", "dataLoss"],
            json.RootElement.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Verdict_OfAWorkloadWithoutPlan_IsNotFound()
    {
        await using var app = await FakeApp.StartAsync(_ => (404, """{"error":{"code":"PlanNotFound","message":"There is no plan for 'shop'.","hint":"Apply one."}}"""));

        var outcome = await IncidentDr.RunAsync(app, "verdict", "shop");

        Assert.Equal((ExitCodes.NotFound, ""), (outcome.Code, outcome.Output));
        Assert.Contains("There is no plan for 'shop'.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verdict")]
    [InlineData("verdict", "shop", "other")]
    [InlineData("verdict", "shop", "--now")]
    public async Task Verdict_WithAMistake_IsBadInputAndAsksNobody(params string[] line)
    {
        await using var app = await FakeApp.StartAsync(_ => (500, ""));

        var outcome = await IncidentDr.RunAsync(app, line);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Empty(app.Requests);
    }
}
