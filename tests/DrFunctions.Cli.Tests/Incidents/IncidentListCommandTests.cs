using System.Text.Json;
using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Incidents;

public sealed class IncidentListCommandTests
{
    private const string Incidents = """
        {"incidents":[
        {"schema":1,"id":"shop-000002","workload":"shop","state":"open","openedAt":"2030-01-01T00:05:00Z","detectedAt":"2030-01-01T00:05:00Z","signals":["b"],
        "planVersion":"v1","verdict":{"decision":"wait","rules":[{"name":"dwell","passed":false,"found":"3 s","expected":"at least 30 s"}],"conditionsHold":true}},
        {"schema":1,"id":"shop-000001","workload":"shop","state":"closed","openedAt":"2030-01-01T00:00:00Z","detectedAt":"2030-01-01T00:00:00Z","signals":["a"],
        "planVersion":"v1","verdict":{"decision":"start","rules":[],"conditionsHold":true},"outcome":"started shop-000001-failover","runId":"shop-000001-failover","closedAt":"2030-01-01T00:01:00Z"}],
        "standing":[{"alert":"a","isRed":true,"at":"2030-01-01T00:04:00Z","title":"site [west] down"}]}
        """;

    private const string Unreadable = """
        {"unreadable":[
        {"schema":1,"id":"unreadable-000002","openedAt":"2030-01-01T00:05:00Z","lastAt":"2030-01-01T00:06:00Z","count":1200,"examples":["b"],"reasons":["events of type 'x' are not understood"],"isOpen":true},
        {"schema":1,"id":"unreadable-000001","openedAt":"2030-01-01T00:00:00Z","lastAt":"2030-01-01T00:00:00Z","count":1,"examples":["a"],"reasons":["the alert names no resource"],
        "acknowledgedBy":{"name":"otto","roles":"operator","authentication":"personalKey"},"acknowledgedAt":"2030-01-01T00:01:00Z","note":"mended","isOpen":false}]}
        """;

    [Fact]
    public async Task List_OfAWorkload_ShowsTheDecisionAndWhy()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Incidents));

        var outcome = await IncidentDr.RunAsync(app, "incident", "list", "shop");

        Assert.Equal(("GET", "/api/plans/shop/incidents"), IncidentDr.Only(app));
        Assert.Equal((ExitCodes.Success, ""), (outcome.Code, outcome.Error));
        foreach (var word in new[] { "shop-000002", "open", "wait", "shop-000001", "closed", "start", "shop-000001-failover", "stands since 2030-01-01 00:04:00Z: site [west] down" })
        {
            Assert.Contains(word, outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task List_AsJson_IsTheAnswer()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Incidents));

        var outcome = await IncidentDr.RunAsync(app, "incident", "list", "shop", "--json");

        using var json = JsonDocument.Parse(outcome.Output);
        Assert.Equal(["shop-000002", "shop-000001"], json.RootElement.GetProperty("incidents").EnumerateArray().Select(each => each.GetProperty("id").GetString()));
        Assert.Equal("started shop-000001-failover", json.RootElement.GetProperty("incidents")[1].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task List_WithoutAWorkload_ShowsTheUnreadableSignals()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Unreadable));

        var outcome = await IncidentDr.RunAsync(app, "incident", "list");

        Assert.Equal(("GET", "/api/unreadable"), IncidentDr.Only(app));
        foreach (var word in new[] { "unreadable-000002", "open", "1200", "unreadable-000001", "closed", "otto" })
        {
            Assert.Contains(word, outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task List_UnreadableSignalsAsJson_IsTheAnswer()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Unreadable));

        var outcome = await IncidentDr.RunAsync(app, "incident", "list", "--json");

        using var json = JsonDocument.Parse(outcome.Output);
        Assert.Equal([1200L, 1L], json.RootElement.GetProperty("unreadable").EnumerateArray().Select(each => each.GetProperty("count").GetInt64()));
    }

    [Theory]
    [InlineData("""{"incidents":[]}""", "No incidents.", "incident", "list", "shop")]
    [InlineData("""{"unreadable":[]}""", "No unreadable signals.", "incident", "list")]
    public async Task List_OfNothing_SaysSo(string answer, string said, params string[] line)
    {
        await using var app = await FakeApp.StartAsync(_ => (200, answer));

        var outcome = await IncidentDr.RunAsync(app, line);

        Assert.Equal((ExitCodes.Success, said), (outcome.Code, outcome.Output.Trim()));
    }

    [Fact]
    public async Task List_OfTwoWorkloads_IsBadInputAndAsksNobody()
    {
        await using var app = await FakeApp.StartAsync(_ => (500, ""));

        var outcome = await IncidentDr.RunAsync(app, "incident", "list", "shop", "other");

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Empty(app.Requests);
    }
}
