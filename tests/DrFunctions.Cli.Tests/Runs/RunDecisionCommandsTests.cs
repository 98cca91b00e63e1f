using System.Text.Json;
using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Runs;

public sealed class RunDecisionCommandsTests
{
    private const string Run = """
        {"runId":"r","workload":"shop","runbook":"failover","mode":"unplanned","planVersion":"v000001","epoch":1,"state":"running","startedBy":"ada","reason":"why",
        "startedAt":"2026-03-01T03:00:00Z","steps":[],"objectives":{"rpoSeconds":900,"rtoSeconds":3600},"attained":{"rto":"unknown","rpo":"unknown"}}
        """;

    private const string Refusal = """{"error":{"code":"NotWaiting","message":"The run 'r' waits for no decision: 'restore' is under way.","hint":"Cancel it."}}""";

    [Theory]
    [InlineData("retry r restore --reason why --set timeout=2h", """{"kind":"retry","step":"restore","reason":"why","parameters":{"timeout":"2h"}}""")]
    [InlineData("skip r fence --reason why --override-fence", """{"kind":"skip","step":"fence","reason":"why","overrides":"fence"}""")]
    [InlineData("undo r --reason why", """{"kind":"undo","reason":"why"}""")]
    [InlineData("force r --reason why", """{"kind":"force","reason":"why"}""")]
    [InlineData("cancel r --reason why", """{"kind":"cancel","reason":"why"}""")]
    public async Task Decision_Refused_SaysWhatTheRunDoes(string line, string body)
    {
        await using var app = await FakeApp.StartAsync(_ => (409, Refusal));

        var outcome = await Dr.RunAsync(["run", .. line.Split(' '), "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        var sent = Assert.Single(app.Requests);
        Assert.Equal(("POST", "/api/runs/r/decisions", body), (sent.Method, sent.Path, sent.Body));
        Assert.NotEqual(ExitCodes.Success, outcome.Code);
        Assert.Contains("error: The run 'r' waits for no decision: 'restore' is under way.", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("next: Cancel it.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retry r restore --reason why")]
    [InlineData("skip r restore --reason why")]
    [InlineData("undo r --reason why")]
    [InlineData("force r --reason why")]
    [InlineData("cancel r --reason why")]
    public async Task Decision_Recorded_SaysHowToFollowTheRunOrIsTheRunAsJson(string line)
    {
        await using var app = await FakeApp.StartAsync(_ => (202, Run));

        var text = await RunAsync(app, line);
        var json = await RunAsync(app, $"{line} --json");

        Assert.Equal((ExitCodes.Success, ExitCodes.Success), (text.Code, json.Code));
        Assert.Contains($"{line.Split(' ')[0]} recorded; follow the run with: dr run watch r", text.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal("r", document.RootElement.GetProperty("runId").GetString());
    }

    [Theory]
    [InlineData(400, "StepFieldsInvalid", ExitCodes.BadInput)]
    [InlineData(403, "OverrideNotAllowed", ExitCodes.Unauthorized)]
    [InlineData(404, "RunNotFound", ExitCodes.NotFound)]
    [InlineData(409, "OccasionOver", ExitCodes.Failed)]
    [InlineData(503, "DocumentStoreUnavailable", ExitCodes.Failed)]
    public async Task Decision_Refused_ExitsWithTheReasonsCode(int status, string code, int expected)
    {
        await using var app = await FakeApp.StartAsync(_ => (status, $$$"""{"error":{"code":"{{{code}}}","message":"not so","hint":"Do this."}}"""));

        var outcome = await RunAsync(app, "retry r restore --reason why");

        Assert.Equal(expected, outcome.Code);
        Assert.Contains("error: not so", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skip r --reason why")]
    [InlineData("skip r fence --override-fence")]
    [InlineData("undo r step --reason why")]
    [InlineData("undo r")]
    [InlineData("force --reason why")]
    [InlineData("cancel r --reason")]
    [InlineData("cancel r --reason why --force")]
    [InlineData("retry r restore")]
    [InlineData("retry r --reason why")]
    [InlineData("retry r restore --reason why --set timeout")]
    [InlineData("retry r restore --reason why --set =1")]
    [InlineData("retry r restore --reason why --set a=1 --set a=2")]
    [InlineData("start shop failover --mode sometimes")]
    public async Task Decision_WithAMistake_IsBadInputAndAsksNobody(string line)
    {
        await using var app = await FakeApp.StartAsync(_ => (500, ""));

        var outcome = await Dr.RunAsync(["run", .. line.Split(' '), "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Empty(app.Requests);
    }

    private static Task<DrOutcome> RunAsync(FakeApp app, string line) =>
        Dr.RunAsync(["run", .. line.Split(' '), "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);
}
