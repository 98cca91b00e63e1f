using System.Text.Json;
using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Plans;

public sealed class PlanEvaluateCommandTests
{
    private static readonly object s_error = Finding("DR-TM-013", "error", "WORLD is mapped to no enabled endpoint");
    private static readonly object s_warning = Finding("DR-DRILL-001", "warning", "no drill of this plan has completed");

    [Fact]
    public async Task Evaluate_FindingsWithAnError_ListsAllOfEachAndFails()
    {
        await using var app = await StartAsync("actionRequired", s_error, s_warning);

        var outcome = await RunAsync(app, "shop");

        Assert.Equal(ExitCodes.Failed, outcome.Code);
        Assert.Equal(("POST", "/api/plans/shop/evaluation"), Asked(app));
        Assert.Contains("action required", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("error DR-TM-013 /subscriptions/s/profile", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("found    WORLD is mapped to no enabled endpoint", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("expected what was expected", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("next     what to do", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("warning DR-DRILL-001", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("notVerified")]
    [InlineData("unknown")]
    public async Task Evaluate_WithoutAnError_Succeeds(string verdict)
    {
        await using var app = await StartAsync(verdict, s_warning);

        Assert.Equal(ExitCodes.Success, (await RunAsync(app, "shop")).Code);
    }

    [Fact]
    public async Task Evaluate_AsJson_IsTheEvaluationAndNothingElse()
    {
        await using var app = await StartAsync("actionRequired", s_error);

        var outcome = await RunAsync(app, "shop", "--json");

        Assert.Equal(ExitCodes.Failed, outcome.Code);
        using var json = JsonDocument.Parse(outcome.Output);
        Assert.Equal("actionRequired", json.RootElement.GetProperty("verdict").GetString());
        var finding = json.RootElement.GetProperty("findings").EnumerateArray().Single();
        Assert.Equal(("DR-TM-013", "error"), (finding.GetProperty("code").GetString(), finding.GetProperty("severity").GetString()));
    }

    [Fact]
    public async Task Evaluate_TheLastOne_IsReadAndNotMade()
    {
        await using var app = await StartAsync("ready");

        Assert.Equal(ExitCodes.Success, (await RunAsync(app, "shop", "--last")).Code);
        Assert.Equal(("GET", "/api/plans/shop/evaluation"), Asked(app));
    }

    [Theory]
    [InlineData(404, "PlanNotFound", "There is no plan for 'shop'.")]
    [InlineData(404, "NotEvaluated", "The plan of 'shop' was not evaluated yet.")]
    [InlineData(403, "NotAllowed", "This needs the role operator.")]
    [InlineData(503, "StoreUnavailable", "The documents cannot be read.")]
    public async Task Evaluate_TheAppRefuses_FailsAndSaysWhy(int status, string code, string message)
    {
        await using var app = await FakeApp.StartAsync(_ => (status, JsonSerializer.Serialize(new { error = new { code, message, hint = "do this" } })));

        var outcome = await RunAsync(app, "shop", "--last");

        Assert.NotEqual(ExitCodes.Success, outcome.Code);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task Evaluate_TheAnswerIsNone_FailsAndSaysSo(string body)
    {
        await using var app = await FakeApp.StartAsync(_ => (200, body));

        var outcome = await RunAsync(app, "shop");

        Assert.NotEqual(ExitCodes.Success, outcome.Code);
        Assert.NotEmpty(outcome.Error);
    }

    [Theory]
    [InlineData("plan", "evaluate")]
    [InlineData("plan", "evaluate", "shop", "bar")]
    [InlineData("plan", "evaluate", "shop", "--first")]
    public async Task Evaluate_WrongWords_AreRefusedBeforeAnythingIsAsked(params string[] args)
    {
        await using var app = await StartAsync("ready");

        var outcome = await Dr.RunAsync([.. args, "--url", app.Url.ToString()], Key);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Empty(app.Requests);
    }

    [Fact]
    public async Task Evaluate_AFindingThatHoldsMarkup_IsShownAsItIs()
    {
        await using var app = await StartAsync("actionRequired", Finding("DR-TM-003", "error", "the endpoint '[red]x[/]' is not the plan's"));

        Assert.Contains("the endpoint '[red]x[/]' is not the plan's", (await RunAsync(app, "shop")).Output, StringComparison.Ordinal);
    }

    private static (string Method, string Path) Asked(FakeApp app)
    {
        var request = Assert.Single(app.Requests);
        return (request.Method, request.Path);
    }

    private static object Finding(string code, string severity, string found) =>
        new { code, severity, resource = "/subscriptions/s/profile", found, expected = "what was expected", hint = "what to do" };

    private static Task<FakeApp> StartAsync(string verdict, params object[] findings) => FakeApp.StartAsync(_ => (200, JsonSerializer.Serialize(
        new { schema = 1, workload = "shop", planVersion = "v1", evaluatedAt = "2030-01-01T00:00:00Z", verdict, findings })));

    private static Task<DrOutcome> RunAsync(FakeApp app, params string[] args) =>
        Dr.RunAsync(["plan", "evaluate", .. args, "--url", app.Url.ToString()], Key);

    private static string? Key(string name) => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null;
}
