using DrFunctions.App.Deployments;

namespace DrFunctions.App.Approvals;

/// <summary>Runs that wait for people.</summary>
public sealed class ApprovalTests(DeploymentFixture fixture) : IClassFixture<DeploymentFixture>
{
    private Api Api => fixture.Api;

    [Fact]
    public async Task Run_ThatTwoMustApprove_GoesOnWhenBothHave()
    {
        var (workload, run) = await StartAsync("approval: { question: Start the standby?, required: 2, expiry: 10m }");

        var waiting = await FindAsync(workload);
        Assert.Equal(("Start the standby?", "ada (personal key)", "2", "waiting"), (waiting["question"], waiting["startedBy"], waiting["missing"], waiting["outcome"]));
        Assert.Contains("started the run", waiting["notYours"], StringComparison.Ordinal);

        Assert.Equal((403, "NotYours"), Seen(await SayAsync(Api, run)));
        Assert.Equal((403, "RoleMissing"), Seen(await SayAsync(Api.As("otto"), run)));
        var first = await SayAsync(Api.As("anna"), run);
        Assert.Equal((201, "approve", "anna (personal key)", "1"), (first.Status, first["decision"], first["by"], first["approval.missing"]));
        var again = await SayAsync(Api.As("anna"), run);
        Assert.Equal((200, "1", first["at"]), (again.Status, again["approval.missing"], again["at"]));
        Assert.Equal("running", (await Api.GetAsync($"api/runs/{run}"))["steps.0.state"]);

        var last = await SayAsync(Api.As("bert"), run, step: "approval");
        Assert.Equal((201, "approved"), (last.Status, last["approval.outcome"]));
        var ended = await Api.EndedAsync(run);
        Assert.Equal(("completed", "approved by anna, bert"), (ended["state"], ended["steps.0.summary"]));
        Assert.Equal((409, "NothingWaits"), Seen(await SayAsync(Api, run)));
        var late = await SayAsync(Api.As("anna"), run); // whoever got no answer asks again
        Assert.Equal((200, first["at"], "approved"), (late.Status, late["at"], late["approval.outcome"]));
        Assert.DoesNotContain($"\"{workload}\"", (await Api.GetAsync("api/approvals")).Text, StringComparison.Ordinal);
        Assert.Contains("approved by anna, bert", (await Api.GetAsync($"api/runs/{run}/report")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatIsDeclined_StartsNothing()
    {
        var (workload, run) = await StartAsync("approval: { question: Start the standby?, required: 2, expiry: 10m }");
        await FindAsync(workload);

        await SayAsync(Api.As("anna"), run);
        var declined = await SayAsync(Api.As("bert"), run, "decline");
        Assert.Equal((201, "declined"), (declined.Status, declined["approval.outcome"]));
        var changed = await SayAsync(Api.As("bert"), run);
        Assert.Equal(409, changed.Status);
        Assert.Contains(changed.Code, new[] { "AlreadyDeclined", "NothingWaits" }); // the run may have seen the decline by now

        var seen = await Api.RunAsync(run, found => found["steps.0.state"] == "failed", "declined");
        Assert.Equal("ApprovalDeclined", seen["steps.0.error.code"]);
        Assert.Contains(seen["steps.1.state"], new[] { "pending", "cancelled" });
        Assert.Contains("bert", seen["steps.0.error.message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatNobodyApprovesInTime_StartsNothing()
    {
        await using var app = await Deployment.StartAsync();
        await app.Api.ApplyAsync("shop", app.Plan.Steps("approval: { question: Start the standby?, expiry: 2m }", "startWebApp: { region: secondary }").Yaml);
        var run = await app.Api.StartAsync();
        await Eventually.SeeAsync(() => app.Api.GetAsync("api/approvals"), seen => seen.Text.Contains(run, StringComparison.Ordinal), "it waits");

        await app.MoveAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(409, (await SayAsync(app.Api.As("anna"), run)).Status);

        var ended = await app.Api.RunAsync(run, found => found["steps.0.state"] == "failed", "expired");
        Assert.Equal("ApprovalExpired", ended["steps.0.error.code"]);
        Assert.Contains(ended["steps.1.state"], new[] { "pending", "cancelled" });
        Assert.Equal("""{"approvals":[]}""", (await app.Api.GetAsync("api/approvals")).Text);
    }

    [Fact]
    public async Task Word_ThatCannotBeRead_IsRefusedAndNotRecorded()
    {
        var (workload, run) = await StartAsync("approval: { question: Start the standby?, expiry: 10m }");
        await FindAsync(workload);
        var anna = Api.As("anna");

        foreach (var (body, expected) in new (object, string)[]
        {
            (new { decision = "approve" }, "reason: missing"),
            (new { decision = "approve", reason = " " }, "reason: missing"),
            (new { decision = "approve", reason = new string('x', 1025) }, "reason: 1025 characters"),
            (new { decision = "yes", reason = "r" }, "decision: 'yes', expected 'approve' or 'decline'."),
            (new { reason = "r" }, "decision: ''"),
        })
        {
            var answer = await anna.PostAsync($"api/runs/{run}/approvals", body);
            Assert.Equal(400, answer.Status);
            Assert.StartsWith(expected, answer.Message, StringComparison.Ordinal);
        }

        Assert.Equal((409, "StepNotWaiting"), Seen(await SayAsync(anna, run, step: "restore")));
        Assert.Equal((404, "RunNotFound"), Seen(await SayAsync(anna, "nobody")));
        Assert.Equal((404, "RunNotFound"), Seen(await SayAsync(anna, "..%2Flocks")));
        Assert.Equal((413, "BodyTooLarge"), Seen(await anna.PostTextAsync($"api/runs/{run}/approvals", new string(' ', 20_000))));
        Assert.Equal("1", (await FindAsync(workload))["missing"]);
    }

    private static (int Status, string Code) Seen(Answer answer) => (answer.Status, answer.Code);

    private static Task<Answer> SayAsync(Api api, string run, string decision = "approve", string? step = null) =>
        api.PostAsync($"api/runs/{run}/approvals", new { step, decision, reason = "looks right" });

    private async Task<(string Workload, string Run)> StartAsync(string approval)
    {
        var workload = fixture.NextWorkload();
        await Api.ApplyAsync(workload, fixture.App.Plan.For(workload).Steps(approval, "startWebApp: { region: secondary }").Yaml);
        return (workload, await Api.StartAsync(workload));
    }

    private async Task<Answer> FindAsync(string workload)
    {
        var list = await Eventually.SeeAsync(
            () => Api.GetAsync("api/approvals"), seen => seen.Text.Contains($"\"{workload}\"", StringComparison.Ordinal), $"an approval of {workload}");
        var found = list.List("approvals").Single(each => each.GetProperty("workload").GetString() == workload);
        return new Answer(200, found.GetRawText(), null);
    }
}
