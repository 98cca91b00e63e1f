using DrFunctions.App.Deployments;
using DrFunctions.Recovery.People;
using DrFunctions.Testing.Fuzzing;

namespace DrFunctions.App.Http;

/// <summary>Hostile requests to every address of the app.</summary>
public sealed class HostileRequestTests(DeploymentFixture fixture) : IClassFixture<DeploymentFixture>
{
    private const string Alert = """
        {"id":"1","source":"/subscriptions/0","subject":"s","type":"t","time":"2030-01-01T00:00:00Z","specversion":"1.0","data":{"a":1}}
        """;

    [Fact]
    public async Task HostileRequests_AreAnsweredAndStartNoRun()
    {
        var workload = fixture.NextWorkload();
        var plan = fixture.App.Plan.For(workload).Yaml;
        await fixture.Api.ApplyAsync(workload, plan);
        var requests = HostileRequests.From(FuzzSettings.Seed, Targets(workload, plan)).Take(FuzzSettings.Requests(usual: 1_500));

        var outcomes = await HostileClient.SendAsync(fixture.App.Host.Address, requests);

        Report(outcomes.Where(outcome => outcome.Status >= 500 && outcome.Status is not (501 or 505)), "answered 5xx");
        Report(outcomes.Where(outcome => outcome.Answer.Contains("   at ", StringComparison.Ordinal)), "answered with a stack trace");
        Report(outcomes.Where(outcome => outcome is { Status: >= 200 and < 300, Request: { HasKey: false, Target.Key: not null } }
            && outcome.Request.Target.Path.StartsWith("/api/plans", StringComparison.Ordinal)
            && outcome.Answer.Contains(workload, StringComparison.Ordinal)), "served without a key");
        Report(outcomes.Where(outcome => outcome is { Status: >= 200 and < 300, Request.Target: { Headers.Count: 0, Key: not null } target }
            && target.Key == fixture.App.Host.FunctionKey && target.Path != "/api/alerts" && !outcome.Answer.Contains("healthy", StringComparison.Ordinal)), "served to nobody known");
        Assert.Contains(outcomes, outcome => outcome.Status == 200);

        // No runbook of that name exists, so nothing was a reason to start a run; the plan is the one that was applied.
        var runs = await fixture.Api.GetAsync($"api/plans/{workload}/runs");
        Assert.Equal("{\"runs\":[]}", runs.Text);
        Assert.Equal(200, (await fixture.Api.GetAsync("api/health")).Status);
        Assert.Equal(200, (await fixture.Api.GetAsync($"api/plans/{workload}")).Status);
    }

    private static void Report(IEnumerable<HostileOutcome> outcomes, string what)
    {
        var found = outcomes.ToList();
        Assert.True(found.Count == 0, $"{found.Count} requests were {what} (seed {FuzzSettings.Seed}):{Environment.NewLine}"
            + string.Join(Environment.NewLine, found.Take(12).Select(outcome => $"{outcome.Status}: {outcome.Request}")));
    }

    private List<FuzzTarget> Targets(string workload, string plan)
    {
        var host = fixture.App.Host;
        var key = host.FunctionKey;
        var start = """{"mode":"unplanned","reason":"r"}""";
        IReadOnlyList<string> person = [$"x-dr-key: {Persons.KeyOf(Persons.Everything)}"];
        List<FuzzTarget> api =
        [

            new("PUT", $"/api/plans/{workload}", Key: key, Bodies: [plan, plan.Replace("rpo", "rto", StringComparison.Ordinal)]),
            new("GET", "/api/plans", Key: key),
            new("GET", $"/api/plans/{workload}", Key: key),
            new("GET", "/api/plans/{id}", Key: key),
            new("POST", $"/api/plans/{workload}/runbooks/nothing/runs", Key: key, Bodies: [start]),
            new("POST", "/api/plans/{id}/runbooks/failover/runs", Key: key, Bodies: [start]),
            new("GET", $"/api/plans/{workload}/runs", Key: key),
            new("GET", $"/api/plans/{workload}/incidents", Key: key),
            new("GET", $"/api/plans/{workload}/backups", Key: key),
            new("GET", "/api/signals", $"workload={workload}&limit=2", key),
            new("GET", "/api/unreadable", Key: key),
            new("POST", "/api/unreadable/{id}/acknowledge", Key: key, Bodies: ["""{"reason":"r"}"""]),
            new("POST", "/api/alerts", Key: key, Bodies: [Alert, """{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{}}}"""]),
            new("GET", $"/api/plans/{workload}/verdict", Key: key),
            new("POST", $"/api/plans/{workload}/acknowledge", Key: key, Bodies: ["""{"reason":"r"}"""]),
            new("POST", $"/api/plans/{workload}/incidents/{{id}}/override", Key: key, Bodies: ["""{"reason":"r","rule":"dwell"}"""]),
            new("GET", "/api/runs/{id}", Key: key),
            new("GET", "/api/runs/{id}/evidence", Key: key),
            new("GET", "/api/runs/{id}/report", Key: key),
            new("GET", "/api/approvals", Key: key),
            new("POST", "/api/runs/{id}/approvals", Key: key, Bodies: ["""{"step":"s","decision":"approve","reason":"r"}"""]),
            new("POST", "/api/runs/{id}/decisions", Key: key, Bodies: ["""{"kind":"cancel","reason":"r"}""", """{"kind":"retry","step":"s","parameters":{"a":"b"},"reason":"r"}"""]),
        ];
        string[] bad = ["x-dr-key: ", $"x-dr-key: {PersonalKeys.Hash(Persons.KeyOf("rita"))}", "X-MS-CLIENT-PRINCIPAL: e30=", "Authorization: Bearer x"];
        return
        [
            .. api.Select(target => target with { Headers = person }),
            .. api,
            .. bad.Select(header => new FuzzTarget("GET", "/api/plans", Key: key) { Headers = [header] }),
            new("GET", "/api/health"),
            new("POST", "/runtime/webhooks/EventGrid", "functionName=Alert", host.EventGridKey, Alert, $"[{Alert}]"),
            new("GET", "/runtime/webhooks/durabletask/instances/{id}", Key: host.DurableTaskKey),
            new("POST", "/runtime/webhooks/durabletask/instances/{id}/raiseEvent/e", Key: host.DurableTaskKey, Bodies: ["{}"]),
            new("GET", "/admin/functions", Key: host.MasterKey),
        ];
    }
}
