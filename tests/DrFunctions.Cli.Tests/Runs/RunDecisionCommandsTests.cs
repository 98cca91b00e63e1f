using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Runs;

public sealed class RunDecisionCommandsTests
{
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
}
