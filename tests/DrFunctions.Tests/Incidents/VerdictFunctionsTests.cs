using System.Text;
using DrFunctions.App.Deployments;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.App.Incidents;

public sealed class VerdictFunctionsTests
{
    [Fact]
    public async Task GetVerdict_BeforeAndAfterTheRegionIsLost_SaysWhatAnAlertWouldDoAndChangesNothing()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan);
        var before = await AllAsync(app.Documents);

        var well = await app.Api.GetAsync("api/plans/shop/verdict");
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        var lost = await app.Api.GetAsync("api/plans/shop/verdict");

        Assert.Equal((200, "wait", "start"), (well.Status, well["decision"], lost["decision"]));
        Assert.StartsWith("red.control-probe: 200 in ", well["reason"], StringComparison.Ordinal);
        Assert.Equal(("failover", "900", "900"), (lost["runbook"], lost["loss.maxLossSeconds"], lost["loss.rpoSeconds"]));
        Assert.Matches("files is safe until 2030-01-01 00:0.:..Z .backup-copy.$", lost["loss.detail"]);
        Assert.Contains(lost.List("rules"), rule => rule.GetProperty("name").GetString() == "cooldown" && rule.GetProperty("override").GetString() == "cooldown");
        Assert.Equal(before, await AllAsync(app.Documents));
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/incidents")).List("incidents"));
        Assert.Equal(404, (await app.Api.GetAsync("api/plans/other/verdict")).Status);
    }

    [Fact]
    public async Task Alert_WhenMoreWouldBeLostThanMayBe_WaitsForAPersonWithTheNumberInTheRecord()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty().With("patience: 15m", "patience: 15m\n  maxLoss: 0s").Waiting());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);

        await app.Api.DeliverAsync(Alerts.Common("lossy", ShopPlan.West, app.Time.GetUtcNow()));

        var open = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.verdict.conditionsHold"] == "True", "judged");
        var rule = open.List("incidents.0.verdict.rules").Single(rule => rule.GetProperty("name").GetString() == "dataLoss");
        Assert.Equal(("open", "wait", "at most 0 s, or a named approver"), (open["incidents.0.state"], open["incidents.0.verdict.decision"], rule.GetProperty("expected").GetString()));
        Assert.Matches("^[0-9.]+ s: files is safe until ", rule.GetProperty("found").GetString());

        // A key that many may hold is nobody's name, and an operator is no approver.
        Assert.NotEqual(200, (await ApproveAsync(null)).Status);
        Assert.Equal(403, (await ApproveAsync("otto")).Status);
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));

        var approved = await ApproveAsync("anna");
        Assert.Equal((200, "approve", "anna", "lose it"), (approved.Status, approved["kind"], approved["by.name"], approved["reason"]));
        var closed = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
        Assert.Equal("started shop-000001-failover", closed["incidents.0.outcome"]);
        var run = await app.Api.RunAsync("shop-000001-failover", seen => seen.Status == 200, "is there");
        Assert.Matches("dataLoss: [0-9.]+ s: files is safe until .*; approved by anna", run["reason"]);

        Task<Answer> ApproveAsync(string? name) => app.Api.As(name).PostAsync("api/plans/shop/incidents/shop-000001/approve", new { reason = "lose it" });
    }

    // Two must approve; who says so twice is one person, whoever declined stays so, and who comes when it is over decides nothing.
    [Fact]
    public async Task Incident_OfApproversWhoRepeatThemselvesDeclineOrAreLate_DoesAsTheyTogetherSay()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty().With("patience: 15m", "patience: 15m\n  approval: { from: always, count: 2, expires: 10m }").Waiting());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.Api.DeliverAsync(Alerts.Common("asks", ShopPlan.West, app.Time.GetUtcNow()));
        await app.Api.IncidentAsync("shop", seen => seen["incidents.0.verdict.conditionsHold"] == "True", "judged");

        var first = await DecideAsync("anna", "approve");
        var again = await DecideAsync("anna", "approve");
        Assert.Equal((200, first["at"]), (again.Status, again["at"]));
        await app.MoveAsync(TimeSpan.FromSeconds(30));
        var half = await app.Api.IncidentAsync("shop", seen => Rule(seen)?.StartsWith("1 approved", StringComparison.Ordinal) == true, "half approved");
        Assert.Equal("wait", half["incidents.0.verdict.decision"]);
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));

        // A decline ends it, and the second approval does not bring it back.
        Assert.Equal(200, (await DecideAsync("bert", "decline")).Status);
        var closed = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "declined");
        Assert.Contains("declined by bert", closed["incidents.0.outcome"], StringComparison.Ordinal);
        Assert.Equal((404, "IncidentNotFound"), ((await DecideAsync("bert", "approve")).Status, (await DecideAsync("bert", "approve")).Code));
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));

        Task<Answer> DecideAsync(string name, string word) => app.Api.As(name).PostAsync($"api/plans/shop/incidents/shop-000001/{word}", new { reason = "I looked" });

        static string? Rule(Answer seen) => seen.At("incidents.0.verdict") is null ? null
            : seen.List("incidents.0.verdict.rules").Single(rule => rule.GetProperty("name").GetString() == "approval").GetProperty("found").GetString();
    }

    [Fact]
    public async Task Incident_OfAnApproverWhoIsLate_ClosesWithoutARun()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty().With("patience: 15m", "patience: 15m\n  maxLoss: 9h\n  approval: { from: always, count: 1, expires: 20m }").Waiting());
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.Api.DeliverAsync(Alerts.Common("late", ShopPlan.West, app.Time.GetUtcNow()));
        await app.Api.IncidentAsync("shop", seen => seen["incidents.0.verdict.conditionsHold"] == "True", "judged");

        // Longer than the patience, which does not count while people are asked.
        await app.MoveAsync(TimeSpan.FromMinutes(18));
        var waiting = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "open", "still asks");
        Assert.Equal("wait", waiting["incidents.0.verdict.decision"]);
        await app.MoveAsync(TimeSpan.FromMinutes(5));
        var closed = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "expired");

        Assert.StartsWith("patience ended: approval: 0 approved, expired", closed["incidents.0.outcome"], StringComparison.Ordinal);
        Assert.Equal(404, (await app.Api.As("anna").PostAsync("api/plans/shop/incidents/shop-000001/approve", new { reason = "I was away" })).Status);
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/runs")).List("runs"));
    }

    [Fact]
    public async Task Incident_DeclinedOrOverridden_DoesAsThePersonSays()
    {
        await using var app = await Deployment.StartAsync();
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.PrepareAsync(app.Plan.Hasty().Waiting());

        // The primary is well: only a person's word starts anything.
        await app.Api.DeliverAsync(Alerts.Common("first", ShopPlan.West, app.Time.GetUtcNow()));
        await app.Api.IncidentAsync("shop", seen => seen.At("incidents.0.verdict") is not null, "judged");
        Assert.Equal(200, (await app.Api.As("bert").PostAsync("api/plans/shop/incidents/shop-000001/decline", new { reason = "not today" })).Status);
        var declined = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "declined");
        Assert.StartsWith("blocked: red.control-probe: 200 in", declined["incidents.0.outcome"], StringComparison.Ordinal);
        Assert.Contains("approval: declined by bert, expected not declined", declined["incidents.0.outcome"], StringComparison.Ordinal);

        await app.Api.DeliverAsync(Alerts.Common("second", ShopPlan.West, app.Time.GetUtcNow()));
        await Eventually.SeeAsync(
            async () =>
            {
                await app.TickAsync();
                return await app.Api.GetAsync("api/plans/shop/incidents");
            },
            seen => seen["incidents.0.id"] == "shop-000002" && seen.At("incidents.0.verdict") is not null,
            "judged");
        Assert.Equal(400, (await OverrideAsync("noActiveRun")).Status);
        Assert.Equal(200, (await OverrideAsync("red.control-probe")).Status);
        var started = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
        Assert.Equal("started shop-000002-failover", started["incidents.0.outcome"]);
        Assert.Contains(started.List("incidents.0.verdict.rules"), rule =>
            rule.GetProperty("name").GetString() == "red.control-probe" && rule.GetProperty("overriddenBy").GetString() == "anna");

        Task<Answer> OverrideAsync(string rule) =>
            app.Api.As("anna").PostAsync("api/plans/shop/incidents/shop-000002/override", new { reason = "I see it burn", rule });
    }

    [Fact]
    public async Task Probe_EveryMinute_KeepsWhatItSawAndOpensAnIncidentWhereThePlanNeedsNoAlert()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty().With("runbook: failover", "runbook: failover\n  red: [control-probe]").Waiting());
        await app.Host.RunTimerAsync("Probe");
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Cloud.SetRegionDarkAsync("northeurope", true);

        await app.MoveAsync(TimeSpan.FromMinutes(1));
        await app.Host.RunTimerAsync("Probe");

        var incidents = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
        Assert.Equal("started shop-000001-failover", incidents["incidents.0.outcome"]);
        var lag = Encoding.UTF8.GetString((await app.Documents.ReadAsync("lag/shop/2030010100", default))!.Content.Span);
        Assert.Matches("\"primary\":\"healthy\".*\"safeUntil\":\"2030-01-01T00:0.*\"primary\":\"dead\"", lag);
    }

    [Fact]
    public async Task Primary_DiesAfterPatienceEnded_StartsByTheAlertThatStands()
    {
        await using var app = await Deployment.StartAsync();
        await app.PrepareAsync(app.Plan.Hasty().With("patience: 15m", "patience: 2m\n  maxLoss: 9h"));
        await app.Api.DeliverAsync(Alerts.Common("stands", ShopPlan.West, app.Time.GetUtcNow()));
        await app.Api.IncidentAsync("shop", seen => seen["incidents.0.verdict.decision"] == "wait", "judged");
        await app.MoveAsync(TimeSpan.FromMinutes(3));
        var closed = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "patience ended");
        Assert.StartsWith("patience ended: red.control-probe: 200", closed["incidents.0.outcome"], StringComparison.Ordinal);
        Assert.Single(closed.List("standing"));
        var verdict = await app.Api.GetAsync("api/plans/shop/verdict");
        Assert.Equal((closed["standing.0.alert"], "1 fired: " + closed["standing.0.title"]), (verdict["standing.0.alert"], Found(verdict, "red.azure-monitor")));
        Assert.Equal("True", (await app.Api.GetAsync("api/signals?workload=shop"))["signals.0.stands"]);

        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.MoveAsync(TimeSpan.FromHours(1));
        await app.Host.RunTimerAsync("Probe");

        var incidents = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.id"] == "shop-000002" && seen["incidents.0.state"] == "closed", "decided");
        Assert.Equal("started shop-000002-failover", incidents["incidents.0.outcome"]);
        Assert.Equal("completed", (await app.Api.EndedAsync("shop-000002-failover"))["state"]);
        Assert.Empty((await app.Api.GetAsync("api/plans/shop/incidents")).List("standing"));
        Assert.Equal("False", (await app.Api.GetAsync("api/signals?workload=shop"))["signals.1.stands"]);

        static string? Found(Answer answer, string rule) =>
            answer.List("rules").Single(each => each.GetProperty("name").GetString() == rule).GetProperty("found").GetString();
    }

    [Theory]
    [InlineData("acknowledge", """{"reason":"x"}""", 404, "RunNotFound")]
    [InlineData("acknowledge", "{}", 400, "FieldInvalid")]
    [InlineData("incidents/shop-000001/approve", "{}", 400, "FieldInvalid")]
    [InlineData("incidents/shop-000001/approve", """{"reason":"x","rule":"dwell"}""", 400, "FieldInvalid")]
    [InlineData("incidents/shop-000001/override", """{"reason":"x"}""", 400, "FieldInvalid")]
    [InlineData("incidents/shop-000001/decline", """{"reason":7}""", 400, "BodyInvalid")]
    [InlineData("incidents/shop-000001/decline", """{"reason":"x"}""", 404, "IncidentNotFound")]
    public async Task Decide_ABadRequest_IsRefusedAndChangesNothing(string path, string body, int status, string code)
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Yaml);
        var before = await AllAsync(app.Documents);

        var answer = await app.Api.PostTextAsync($"api/plans/shop/{path}", body);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal(before, await AllAsync(app.Documents));
    }

    [Fact]
    public async Task Acknowledge_TheLastRun_LetsTheNextAlertStartBeforeTheCooldownIsOver()
    {
        await using var app = await Deployment.StartAsync();
        await app.Cloud.SetRegionDarkAsync("northeurope", true);
        await app.PrepareAsync(app.Plan.Hasty().Waiting());
        var run = await app.Api.StartAsync();
        Assert.Equal((409, "NotAcknowledgeable"), await AcknowledgeAsync("otto", new { reason = "too early" }));
        await app.Api.PostAsync($"api/runs/{run}/decisions", new { kind = "cancel", reason = "a drill" });
        await app.Api.EndedAsync(run);
        await app.Cloud.SetRegionDarkAsync("westeurope", true);
        await app.Api.DeliverAsync(Alerts.Common("again", ShopPlan.West, app.Time.GetUtcNow()));
        var waiting = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.verdict.conditionsHold"] == "True", "judged");
        Assert.Equal("wait", waiting["incidents.0.verdict.decision"]);

        Assert.Equal((409, "NotAcknowledgeable"), await AcknowledgeAsync("otto", new { reason = "another", runId = "shop-x" }));
        Assert.Equal((403, "RoleMissing"), await AcknowledgeAsync("rita", new { reason = "seen to" }));
        Assert.Equal((200, ""), await AcknowledgeAsync("otto", new { reason = "seen to" }));

        var closed = await app.Api.IncidentAsync("shop", seen => seen["incidents.0.state"] == "closed", "decided");
        Assert.Equal("started shop-000001-failover", closed["incidents.0.outcome"]);
        Assert.Contains(closed.List("incidents.0.verdict.rules"), rule => rule.GetProperty("found").GetString()!.EndsWith("since the last run, which otto acknowledged", StringComparison.Ordinal));

        async Task<(int, string)> AcknowledgeAsync(string name, object body)
        {
            var answer = await app.Api.As(name).PostAsync("api/plans/shop/acknowledge", body);
            return (answer.Status, answer.Code);
        }
    }

    // But for what the timers and the hub itself write.
    private static async Task<string> AllAsync(IDocumentStore documents)
    {
        var all = new StringBuilder();
        await foreach (var key in documents.ListAsync("", default))
        {
            if (!key.StartsWith("lag/", StringComparison.Ordinal) && !key.StartsWith("schedules/", StringComparison.Ordinal))
            {
                all.AppendLine($"{key} {(await documents.ReadAsync(key, default))?.ETag}");
            }
        }

        return all.ToString();
    }
}
