using System.Net;
using System.Net.Sockets;
using DrFunctions.Cli.Api;

namespace DrFunctions.Cli.Tests.Api;

public sealed class DrClientTests
{
    [Fact]
    public async Task ApplyPlan_SendsTheTextAndReadsTheVersion()
    {
        await using var app = await FakeApp.StartAsync(_ => (201, """{"workload":"shop","version":"v1","later":"unknown members are ignored"}"""));
        using var client = new DrClient(app.Connection);

        var applied = await client.ApplyPlanAsync("shop", "workload: shop\n", CancellationToken.None);

        Assert.Equal(new AppliedPlan("shop", "v1"), applied);
        var request = Assert.Single(app.Requests);
        Assert.Equal(("PUT", "/api/plans/shop", "workload: shop\n"), (request.Method, request.Path, request.Body));
        Assert.Equal(("the-function-key", "the-secret-key"), (request.Headers["x-functions-key"], request.Headers["x-dr-key"]));
    }

    [Theory]
    [InlineData(401, "", "refused the function key (401 to GET /api/plans).")]
    [InlineData(401, """{"error":{"code":"KeyUnknown","message":"The personal key is nobody's."}}""",
        "refused the personal key from DR_KEY (401 to GET /api/plans): The personal key is nobody's.")]
    [InlineData(403, """{"error":{"code":"RoleMissing","message":"roles of ann (personal key): 'reader', expected 'operator' for ApplyPlan."}}""",
        "roles of ann (personal key): 'reader', expected 'operator' for ApplyPlan.")]
    [InlineData(403, "", "refused GET /api/plans.")]
    public async Task AnyCall_ThatIsRefused_SaysWhichKeyOrRoleIsMissingAndNeverTheKey(int status, string body, string expected)
    {
        await using var app = await FakeApp.StartAsync(_ => (status, body));
        using var client = new DrClient(app.Connection);

        var failure = await Assert.ThrowsAsync<CliException>(() => client.ListPlansAsync(CancellationToken.None));

        Assert.Equal(ExitCodes.Unauthorized, ExitCodes.Of(failure));
        Assert.EndsWith(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret-key", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-function-key", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_WhenNothingListens_AsksWhetherTheAppRuns()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();
        using var client = new DrClient(new AppConnection(new Uri($"http://127.0.0.1:{port}/"), "f", "k", "DR_KEY"));

        var failure = await Assert.ThrowsAsync<CliException>(() => client.ReadRunAsync("r", CancellationToken.None));

        Assert.Equal(ExitCodes.Unreachable, ExitCodes.Of(failure));
        Assert.True(failure.IsTransient);
        Assert.Contains("does not answer: Connection refused.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("dr up", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_WhenTheAnswerNeverComes_EndsWithTheTimeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/");
        using var client = new DrClient(new AppConnection(url, "f", "k", "DR_KEY"), TimeSpan.FromMilliseconds(200));

        var failure = await Assert.ThrowsAsync<CliException>(() => client.ReadRunAsync("r", CancellationToken.None));

        Assert.Equal("Unreachable", failure.Code);
        Assert.Contains("no answer within", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartRun_WhileOneIsActive_NamesItAndHowToWatchIt()
    {
        await using var app = await FakeApp.StartAsync(_ => (409,
            """{"error":{"code":"RunActive","message":"'shop' already has an active run.","activeRunId":"shop-1"}}"""));
        using var client = new DrClient(app.Connection);

        var failure = await Assert.ThrowsAsync<CliException>(
            () => client.StartRunAsync("shop", "failover", new RunStart("unplanned", "why"), CancellationToken.None));

        Assert.Equal(ExitCodes.Conflict, ExitCodes.Of(failure));
        Assert.Contains("The active run is shop-1.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("dr run watch shop-1", failure.Hint, StringComparison.Ordinal);
        Assert.Equal("""{"mode":"unplanned","reason":"why"}""", Assert.Single(app.Requests).Body);
    }

    [Fact]
    public async Task ApplyPlan_WithMistakes_TellsEveryOne()
    {
        await using var app = await FakeApp.StartAsync(_ => (400,
            """{"error":{"code":"PlanInvalid","message":"2 mistakes.","hint":"Correct them.","details":[{"line":3,"column":5,"path":"objectives.rpo","message":"no"},{"line":9,"column":1,"path":"","message":"bad"}]}}"""));
        using var client = new DrClient(app.Connection);

        var failure = await Assert.ThrowsAsync<CliException>(() => client.ApplyPlanAsync("shop", "x", CancellationToken.None));

        Assert.Equal(ExitCodes.BadInput, ExitCodes.Of(failure));
        Assert.Equal(["3:5 objectives.rpo: no", "9:1 bad"], failure.Details);
    }

    [Theory]
    [InlineData(404, "", "NotFound", false)]
    [InlineData(500, "<html>", "Failed", true)]
    [InlineData(503, """{"error":{"code":"DocumentStoreUnavailable","message":"gone"}}""", "DocumentStoreUnavailable", true)]
    [InlineData(500, """{"error":{"code":"DocumentUnreadable","message":"odd"}}""", "DocumentUnreadable", false)]
    [InlineData(200, "not json", "Failed", false)]
    public async Task AnyCall_RefusedOrUnreadable_KeepsTheCodeAndSaysWhetherToTryAgain(int status, string body, string code, bool isTransient)
    {
        await using var app = await FakeApp.StartAsync(_ => (status, body));
        using var client = new DrClient(app.Connection);

        var failure = await Assert.ThrowsAsync<CliException>(() => client.ListPlansAsync(CancellationToken.None));

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task DeliverEvents_LooksLikeEventGrid_AndCarriesNoFunctionKey()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, ""));
        using var client = new DrClient(app.Connection);

        await client.DeliverEventsAsync("Alert", "sys/key", "[]", CancellationToken.None);

        var request = Assert.Single(app.Requests);
        Assert.Equal("/runtime/webhooks/EventGrid?functionName=Alert&code=sys%2Fkey", request.Path);
        Assert.Equal("Notification", request.Headers["aeg-event-type"]);
        Assert.False(request.Headers.ContainsKey("x-functions-key"));
    }

    [Fact]
    public async Task RunTimer_UsesTheMasterKey()
    {
        await using var app = await FakeApp.StartAsync(_ => (202, ""));
        using var client = new DrClient(app.Connection);

        await client.RunTimerAsync("Tick", "master", CancellationToken.None);

        var request = Assert.Single(app.Requests);
        Assert.Equal(("/admin/functions/Tick", """{"input":""}""", "master"), (request.Path, request.Body, request.Headers["x-functions-key"]));
    }
}
