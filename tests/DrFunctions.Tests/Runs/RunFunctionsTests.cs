using DrFunctions.App.Deployments;

namespace DrFunctions.App.Runs;

public sealed class RunFunctionsTests(WaitingFixture fixture) : IClassFixture<WaitingFixture>
{
    private Api Api => fixture.Api;

    [Fact]
    public async Task Start_Accepted_CanBeReadAtOnceWhereItsLocationSays()
    {
        var workload = await fixture.ApplyAsync();

        var started = await Api.PostAsync(Starts(workload), new { mode = "unplanned", reason = "smoke" });
        var run = await Api.GetAsync(started.Location!);

        Assert.Equal((202, $"/api/runs/{started["runId"]}"), (started.Status, started.Location));
        Assert.Equal((200, "running", "ada (personal key)", "smoke", "unplanned"), (run.Status, run["state"], run["startedBy"], run["reason"], run["mode"]));
        Assert.Equal(("1", "v000001", "unknown", "unknown"), (run["epoch"], run["planVersion"], run["attained.rto"], run["attained.rpo"]));
    }

    [Fact]
    public async Task Start_EmptyBody_SaysWhoDidItByHand()
    {
        var workload = await fixture.ApplyAsync();

        var started = await Api.SendAsync(HttpMethod.Post, Starts(workload), null);
        var run = await Api.GetAsync($"api/runs/{started["runId"]}");

        Assert.Equal((202, "ada (personal key)", "started by hand"), (started.Status, run["startedBy"], run["reason"]));
    }

    [Fact]
    public async Task Start_UnknownRunbook_NamesTheKnownOnes()
    {
        var workload = await fixture.ApplyAsync();

        var answer = await Api.PostAsync($"api/plans/{workload}/runbooks/failhome/runs", new { });

        Assert.Equal((404, "RunbookNotFound"), (answer.Status, answer.Code));
        Assert.Equal($"The plan of '{workload}' has no runbook 'failhome'; it has 'failback', 'failover'.", answer.Message);
    }

    [Fact]
    public async Task Start_WhileActive_NamesTheActiveRun()
    {
        var workload = await fixture.ApplyAsync();
        var active = await Api.StartAsync(workload);

        var answer = await Api.PostAsync(Starts(workload), new { });

        Assert.Equal((409, "RunActive", active), (answer.Status, answer.Code, answer["error.activeRunId"]));
        Assert.Contains($"dr run watch {active}", answer["error.hint"], StringComparison.Ordinal);
        Assert.Equal(active, (await Api.GetAsync($"api/plans/{workload}"))["lock.runId"]);
    }

    [Fact]
    public async Task Start_TwentyAtOnce_IsOneRun()
    {
        var workload = await fixture.ApplyAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Api.PostAsync(Starts(workload), new { reason = "hurry" })));

        var run = Assert.Single(answers, answer => answer.Status == 202)["runId"];
        Assert.All(answers.Where(answer => answer.Status != 202), answer =>
            Assert.Equal((409, "RunActive", run), (answer.Status, answer.Code, answer["error.activeRunId"])));
        Assert.Equal(run, Assert.Single((await Api.GetAsync($"api/plans/{workload}/runs")).List("runs")).GetProperty("runId").GetString());
    }

    [Theory]
    [InlineData("{", "the body")]
    [InlineData("[1]", "the body")]
    [InlineData("\"text\"", "the body")]
    [InlineData("null", "The body is null")]
    [InlineData("""{"reason": 5}""", "'reason'")]
    [InlineData("""{"mode": 1}""", "'mode'")]
    public async Task Start_MalformedBody_NamesTheMember(string body, string named)
    {
        var workload = await fixture.ApplyAsync();

        var answer = await Api.PostTextAsync(Starts(workload), body);

        Assert.Equal((400, "BodyInvalid"), (answer.Status, answer.Code));
        Assert.Contains(named, answer.Message, StringComparison.Ordinal);
        Assert.Null((await Api.GetAsync($"api/plans/{workload}")).At("lock"));
    }

    [Theory]
    [InlineData("exercise")]
    [InlineData("0")]
    [InlineData("planned,unplanned")]
    [InlineData("")]
    public async Task Start_UnknownMode_NamesTheKnownOnes(string mode)
    {
        var answer = await Api.PostAsync(Starts(await fixture.ApplyAsync()), new { mode });

        Assert.Equal((400, "FieldInvalid", $"mode: '{mode}', expected 'unplanned', 'planned', 'drill'."), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Start_TooLong_NamesTheFieldAndTheLimit()
    {
        var answer = await Api.PostAsync(Starts(await fixture.ApplyAsync()), new { reason = new string('x', 1025) });

        Assert.Equal((400, "FieldTooLong", $"reason: 1025 characters, expected at most 1024."), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Cancel_Running_EndsItBetweenAttemptsAndSaysWhoAndWhy()
    {
        var workload = await fixture.ApplyAsync();
        var run = await Api.StartAsync(workload);
        await Api.RunAsync(run, seen => seen.Text.Contains("HealthPending", StringComparison.Ordinal), "has started the app");

        var answer = await Api.PostAsync($"api/runs/{run}/decisions", new { kind = "cancel", reason = "false alarm" });
        var ended = await Api.EndedAsync(run);
        var again = await Api.PostAsync($"api/runs/{run}/decisions", new { kind = "cancel", reason = "again" });

        Assert.Equal(202, answer.Status);
        Assert.Equal(("cancelled", "undone", "ada (personal key)", "false alarm"), (ended["state"], ended["steps.0.state"], ended["stop.by"], ended["stop.reason"]));
        Assert.Equal((409, "RunEnded", $"The run '{run}' has ended: it is cancelled."), (again.Status, again.Code, again.Message));
        Assert.Equal("released", (await Api.GetAsync($"api/plans/{workload}"))["lock.state"]);
        Assert.Equal(202, (await Api.PostAsync(Starts(workload), new { })).Status);
    }

    [Theory]
    [InlineData("", "FieldInvalid", "kind: '', expected 'retry', 'skip', 'undo', 'force', 'cancel'.")]
    [InlineData("""{"kind": "1", "reason": "r"}""", "FieldInvalid", "kind: '1', expected 'retry', 'skip', 'undo', 'force', 'cancel'.")]
    [InlineData("""{"kind": "approve", "reason": "r"}""", "FieldInvalid", "kind: 'approve', expected 'retry', 'skip', 'undo', 'force', 'cancel'.")]
    [InlineData("""{"kind": "cancel"}""", "FieldMissing", "reason: missing, expected why, so that the record says it.")]
    [InlineData("""{"kind": "cancel", "reason": " ", "cancelledBy": "somebody else"}""", "FieldMissing", "reason: missing, expected why, so that the record says it.")]
    [InlineData("""{"kind": "retry", "reason": "r"}""", "FieldMissing", "step: missing, expected the name of the step to retry.")]
    [InlineData("""{"kind": "undo", "step": "fence", "reason": "r"}""", "FieldInvalid", "step: 'fence', expected none: 'undo' is about the whole run.")]
    [InlineData("""{"kind": "skip", "step": "fence", "reason": "r", "parameters": {"timeout": "1m"}}""", "FieldInvalid", "parameters: 'timeout', expected none: only 'retry' takes them.")]
    [InlineData("""{"kind": "retry", "step": "fence", "reason": "r", "parameters": {"name": "x"}}""", "FieldInvalid", "parameters.name: 'x', expected none: a retry cannot change it.")]
    [InlineData("""{"kind": "skip", "step": "fence", "reason": "r", "overrides": "all"}""", "FieldInvalid", "overrides: 'all', expected 'fence', of a skip.")]
    public async Task Decide_BadInput_NamesFieldValueAndExpectation(string body, string code, string message)
    {
        var run = await Api.StartAsync(await fixture.ApplyAsync());

        var answer = await Api.PostTextAsync($"api/runs/{run}/decisions", body);

        Assert.Equal((400, code, message), (answer.Status, answer.Code, answer.Message));
        Assert.Equal("running", (await Api.GetAsync($"api/runs/{run}"))["state"]);
    }

    [Fact]
    public async Task Decide_TheRunWaitsForNothing_SaysWhatItDoes()
    {
        var run = await Api.StartAsync(await fixture.ApplyAsync());
        await Api.RunAsync(run, seen => seen["steps.0.state"] == "running", "has begun");

        var answer = await Api.PostAsync($"api/runs/{run}/decisions", new { kind = "retry", step = "startWebApp", reason = "r" });

        Assert.Equal(
            (409, "NotWaiting", $"The run '{run}' waits for no decision: 'startWebApp' is under way."), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Start_DryRun_ShowsWhatWouldBeDoneAndStartsNothing()
    {
        var workload = await fixture.ApplyAsync();

        var answer = await Api.PostAsync(Starts(workload), new { dryRun = true, mode = "drill" });

        Assert.Equal((200, "would start", "startWebApp", "False"), (answer.Status, answer["start"], answer["steps.0.kind"], answer["steps.0.checksOnly"]));
        Assert.Contains("shop-northeurope", answer["steps.0.does"], StringComparison.Ordinal);
        Assert.Contains("Microsoft.Web/sites/start/action", answer.Text, StringComparison.Ordinal);
        Assert.Null((await Api.GetAsync($"api/plans/{workload}")).At("lock"));
        Assert.Empty((await Api.GetAsync($"api/plans/{workload}/runs")).List("runs"));
    }

    [Fact]
    public async Task Commands_OfARun_AreTheStepsByHand()
    {
        var run = await Api.StartAsync(await fixture.ApplyAsync());

        var answer = await Api.GetAsync($"api/runs/{run}/commands");

        Assert.Equal(200, answer.Status);
        Assert.Contains("\naz webapp start --ids ", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("nobody%0A")]
    [InlineData("..%2F..%2Flocks%2Fshop")]
    [InlineData("a%5Cb")]
    [InlineData("UPPER")]
    public async Task AnyRoute_UnknownRun_Is404(string run)
    {
        Answer[] answers =
        [
            await Api.GetAsync($"api/runs/{run}"),
            await Api.GetAsync($"api/runs/{run}/evidence"),
            await Api.GetAsync($"api/runs/{run}/report"),
            await Api.PostAsync($"api/runs/{run}/decisions", new { kind = "cancel", reason = "r" }),
        ];

        Assert.All(answers, answer => Assert.Equal((404, "RunNotFound"), (answer.Status, answer.Code)));
    }

    [Fact]
    public async Task List_OfNamesThatBeginAlike_ShowsOwnRunsOnlyNewestFirst()
    {
        var workload = fixture.NextWorkload();
        var longer = $"{workload}-2";
        await Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Waiting().Yaml);
        await Api.ApplyAsync(longer, fixture.App.Plan.For(longer).Waiting().Yaml);
        var first = await Api.StartAsync(workload);
        await Api.PostAsync($"api/runs/{first}/decisions", new { kind = "cancel", reason = "r" });
        await Api.EndedAsync(first);
        var second = await Api.StartAsync(workload);
        await Api.StartAsync(longer);

        var runs = (await Api.GetAsync($"api/plans/{workload}/runs")).List("runs");

        Assert.Equal([second, first], runs.Select(run => run.GetProperty("runId").GetString()!));
        Assert.Equal([2, 1], runs.Select(run => run.GetProperty("epoch").GetInt32()));
    }

    [Fact]
    public async Task Report_OfHostileWords_ShowsThemAsText()
    {
        var workload = await fixture.ApplyAsync();
        var started = await Api.PostAsync(Starts(workload), new { reason = "<script>|\n# owned [a](http://x)" });

        var report = await Api.GetAsync($"api/runs/{started["runId"]}/report");

        Assert.Contains("by ada (personal key): &lt;script>\\| # owned \\[a\\](http://x)\n", report.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# owned", report.Text, StringComparison.Ordinal);
    }

    private static string Starts(string workload) => $"api/plans/{workload}/runbooks/failover/runs";
}
