using System.Text;
using DrFunctions.App.Deployments;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.App.Incidents;

public sealed class AlertFunctionTests(DeploymentFixture fixture) : IClassFixture<DeploymentFixture>
{
    private const string Unknown = $"{ShopPlan.Group}/Microsoft.Web/sites/of-somebody-else";

    private Api Api => fixture.Api;

    private DateTimeOffset Now => fixture.App.Time.GetUtcNow();

    public static TheoryData<string> Garbage =>
    [
        "{}",
        "42",
        "\"text\"",
        "[[]]",
        """[{"eventType":"\ud800","subject":"\udc00","data":{"\ud800":1}}]""",
        """[{"\ud800":1,"traceparent":"\udc00"}]""",
        """{"eventType":"Contoso.Something","subject":"s","eventTime":"yesterday","data":null}""",
        """{"specversion":"1.0","type":"Contoso.Something","source":"s","id":"1","time":"2030-02-30T00:00:00Z","data":[1]}""",
        """{"eventType":"x","eventType":"y","data":{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":5}}}""",
        """{"eventType":"x","data":{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"monitorCondition":"Fired","alertTargetIDs":[]}}}}""",
        $$"""{"eventType":"long","data":"{{new string('a', 65_515)}}🦊{{new string('b', 100_000)}}"}""",
    ];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Alert_Garbage_IsTakenAndKeptAsUnreadable(string body)
    {
        var before = await UnreadableAsync();

        var answer = await Api.DeliverAsync(body);
        var again = await Api.DeliverAsync(body);

        Assert.Equal((202, 202), (answer.Status, again.Status));
        Assert.Equal(before + 1, await UnreadableAsync());
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task ReceiveAlert_Garbage_IsTakenAndKeptAsUnreadable(string body)
    {
        var before = await UnreadableAsync();

        var answer = await Api.PostTextAsync("api/alerts", $"[{body},7]");

        Assert.Equal((200, "unreadable"), (answer.Status, answer["signals.0.disposition"]));
        Assert.Equal(before + 1, await UnreadableAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<alert/>")]
    [InlineData("{")]
    [InlineData("{} {}")]
    public async Task ReceiveAlert_NotJson_IsRefused(string body)
    {
        var answer = await Api.PostTextAsync("api/alerts", body);

        Assert.Equal((400, "BodyInvalid"), (answer.Status, answer["error.code"]));
    }

    [Fact]
    public async Task ReceiveAlert_WithSeveralTargets_ReachesEveryWorkload()
    {
        var (one, site) = await ApplyAsync();
        var (two, other) = await ApplyAsync();
        var alert = Alerts.Webhook("several", Now, "Fired", site, other, Unknown);

        var answer = await Api.PostTextAsync("api/alerts", alert);
        await Api.PostTextAsync("api/alerts", alert);
        await Api.DeliverAsync(Alerts.Carry("several", Now, alert));

        Assert.Equal((200, one, "correlated", two), (answer.Status, answer["signals.0.workload"], answer["signals.0.disposition"], answer["signals.1.workload"]));
        foreach (var workload in new[] { one, two })
        {
            var incidents = await Api.IncidentAsync(workload, seen => seen.At("incidents.0.verdict") is not null, "judged");
            Assert.Equal("1", incidents["incidents.0.signalCount"]);
            Assert.Single((await Api.GetAsync($"api/signals?workload={workload}")).List("signals"));
        }
    }

    [Fact]
    public async Task ReceiveAlert_Resolved_TakesTheAlertBack()
    {
        var (workload, site) = await ApplyAsync();
        await Api.PostTextAsync("api/alerts", Alerts.Webhook("flaps", Now, "Fired", site));
        await Api.IncidentAsync(workload, seen => seen["incidents.0.alerts.0.isRed"] == "True", "red");

        await Api.PostTextAsync("api/alerts", Alerts.Webhook("flaps", Now, "Resolved", site));
        await fixture.App.MoveAsync(TimeSpan.FromSeconds(10));

        await Api.IncidentAsync(workload, seen => seen["incidents.0.alerts.0.isRed"] == "False", "well again");
    }

    [Theory]
    [InlineData("limit=0", "limit: '0', expected a whole number from 1 to 1000.")]
    [InlineData("limit=1001", "limit: '1001', expected a whole number from 1 to 1000.")]
    [InlineData("limit=x", "limit: 'x', expected a whole number from 1 to 1000.")]
    [InlineData("after=x", "after: 'x', expected the 'next' of the page before.")]
    [InlineData("workload=X", "workload: 'X', expected a workload's name.")]
    public async Task ListSignals_ABadQuery_NamesTheField(string query, string message)
    {
        var answer = await Api.GetAsync($"api/signals?{query}");

        Assert.Equal((400, message), (answer.Status, answer["error.message"]));
    }

    [Fact]
    public async Task ListSignals_PageByPage_ComesToTheEnd()
    {
        var (workload, site) = await ApplyAsync();
        foreach (var id in new[] { "p1", "p2", "p3" })
        {
            await Api.DeliverAsync(Alerts.Common(id, site, Now, "Resolved"));
        }

        var first = await Api.GetAsync($"api/signals?workload={workload}&limit=2");
        var second = await Api.GetAsync($"api/signals?workload={workload}&limit=2&after={first["next"]}");

        Assert.Equal((2, 1, null), (first.List("signals").Count, second.List("signals").Count, second.At("next")));
    }

    [Fact]
    public async Task Alert_NotJson_IsRefused() => Assert.Equal(400, (await Api.DeliverAsync("<alert/>")).Status);

    [Fact]
    public async Task Alert_UnknownResource_IsKeptWithTheReason()
    {
        await Api.DeliverAsync(Alerts.Common("unknown", Unknown, Now));

        var signal = (await Api.GetAsync("api/signals")).List("signals").Single(each => each.GetProperty("resource").GetString() == Unknown);
        Assert.Equal("ignored", signal.GetProperty("disposition").GetString());
        Assert.Equal($"no plan names the resource '{Unknown}'", signal.GetProperty("reason").GetString());
        Assert.False(signal.TryGetProperty("workload", out _));
    }

    [Fact]
    public async Task Alert_ThatCallsForNothing_StartsNothing()
    {
        var (workload, site) = await ApplyAsync();

        await Api.DeliverAsync(Alerts.Common("well", site, Now, "Resolved"));
        await Api.DeliverAsync(Alerts.Common("by-hand", site, Now, context: new { properties = new { cause = "UserInitiated" } }));
        await Api.DeliverAsync(Alerts.Health("stopped", site, Now, "Unavailable", "Customer Initiated"));
        await Api.DeliverAsync(Alerts.Health("back", site, Now, "Available", "Platform Initiated"));

        var signals = (await Api.GetAsync($"api/signals?workload={workload}")).List("signals");
        Assert.Equal(4, signals.Count);
        Assert.Equal(["ignored", "ignored", "resolving", "resolving"], signals.Select(signal => signal.GetProperty("disposition").GetString()).Order());
        Assert.Equal(2, signals.Count(signal => signal.GetProperty("reason").GetString() == "a person did it on purpose"));
        Assert.Empty((await Api.GetAsync($"api/plans/{workload}/incidents")).List("incidents"));
        Assert.Null(await fixture.App.Host.DurableClient.GetInstanceAsync($"incident-{workload}"));
    }

    [Fact]
    public async Task Alert_ABatch_IsTakenEventByEvent()
    {
        var (workload, site) = await ApplyAsync();
        var one = Alerts.Common("one", site, Now, "Resolved")[1..^1];
        var two = Alerts.Common("two", site, Now, "Resolved")[1..^1];

        Assert.Equal(202, (await Api.DeliverAsync($"[{one},{{}},{two},{one}]")).Status);

        Assert.Equal(2, (await Api.GetAsync($"api/signals?workload={workload}")).List("signals").Count);
    }

    [Fact]
    public async Task Alert_WhileThePrimaryAnswers_WaitsAndClosesAfterPatience()
    {
        var (workload, site) = await ApplyAsync();
        await Api.DeliverAsync(Alerts.Common("healthy", site, Now));
        var open = await Api.IncidentAsync(workload, seen => seen.At("incidents.0.verdict") is not null, "judged");
        Assert.Equal(("open", "wait"), (open["incidents.0.state"], open["incidents.0.verdict.decision"]));

        await fixture.App.MoveAsync(TimeSpan.FromMinutes(15));

        var closed = await Api.IncidentAsync(workload, seen => seen["incidents.0.state"] == "closed", "closed");
        Assert.StartsWith("patience ended: red.control-probe: 200 in ", closed["incidents.0.outcome"], StringComparison.Ordinal);
        Assert.Null(closed.At("incidents.0.runId"));
        Assert.Empty((await Api.GetAsync($"api/plans/{workload}/runs")).List("runs"));
    }

    [Fact]
    public async Task Alert_WhileAPlanIsDamaged_ReachesTheOthersAndOtherwiseComesAgain()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("good", app.Plan.For("good").Yaml);
        await app.Documents.TryCreateAsync("plans/bad/versions/v000001", new StoredPlan(1, "bad", "v000001", Now, "workload: ["), default);
        await app.Documents.TryCreateAsync("plans/bad/current", Encoding.UTF8.GetBytes("""{"schema":1,"version":"v000001"}"""), default);
        await app.Documents.TryCreateAsync("plans/worse/current", Encoding.UTF8.GetBytes("{"), default);

        Assert.Equal(202, (await app.Api.DeliverAsync(Alerts.Common("good", Site("good"), Now, "Resolved"))).Status);
        Assert.Equal(500, (await app.Api.DeliverAsync(Alerts.Common("unknown", Unknown, Now))).Status);

        var kept = await app.Api.GetAsync("api/signals?workload=good");
        Assert.Single(kept.List("signals"));
        Assert.Equal(2, (await app.Api.GetAsync("api/signals")).List("signals").Count);
        Assert.Contains("'bad'", app.Logs.Troubles, StringComparison.Ordinal);
        var plans = await app.Api.GetAsync("api/plans");
        Assert.Equal((200, "bad", "good"), (plans.Status, plans["plans.0.workload"], plans["plans.1.workload"]));
        Assert.Equal(
            ("bad", "PlanUnreadable", "worse", "DocumentUnreadable"),
            (plans["damaged.0.workload"], plans["damaged.0.code"], plans["damaged.1.workload"], plans["damaged.1.code"]));
    }

    private static string Site(string workload) => $"{ShopPlan.Group}/Microsoft.Web/sites/{workload}-shop-westeurope";

    private async Task<(string Workload, string Site)> ApplyAsync()
    {
        var workload = fixture.NextWorkload();
        await Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Yaml);
        return (workload, Site(workload));
    }

    private async Task<int> UnreadableAsync() =>
        (await Api.GetAsync("api/signals")).List("signals").Count(each => each.GetProperty("disposition").GetString() == "unreadable");
}
