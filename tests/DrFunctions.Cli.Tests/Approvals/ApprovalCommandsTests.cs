using System.Text.Json;
using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Approvals;

public sealed class ApprovalCommandsTests
{
    private const string Waiting = """
        {"runId":"shop-1","workload":"shop","step":"ask","question":"Move users?","startedBy":"ada (personal key)","outcome":"waiting","required":2,"missing":1,
        "approvers":["ann","bob"],"approved":["ann"],"declined":[],"wantedAt":"2026-03-01T03:00:00Z","expiresAt":"2026-03-01T04:00:00Z"}
        """;

    [Theory]
    [InlineData("approve shop-1 --reason agreed", """{"decision":"approve","reason":"agreed"}""")]
    [InlineData("approve shop-1 --reason agreed --step ask", """{"decision":"approve","reason":"agreed","step":"ask"}""")]
    [InlineData("decline shop-1 --reason tomorrow", """{"decision":"decline","reason":"tomorrow"}""")]
    public async Task Word_IsSentAsItWasSaid(string line, string body)
    {
        await using var app = await FakeApp.StartAsync(_ => (201, Decided("approve", "waiting")));

        var outcome = await RunAsync(app, line);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        var sent = Assert.Single(app.Requests);
        Assert.Equal(("POST", "/api/runs/shop-1/approvals", body), (sent.Method, sent.Path, sent.Body));
    }

    [Theory]
    [InlineData("approve", "waiting", "approved by ann (personal key) at 2026-03-01 03:10:00Z: Move users?; 1 of 2 approvals are missing, until 2026-03-01 04:00:00Z.")]
    [InlineData("approve", "approved", "approved by ann (personal key) at 2026-03-01 03:10:00Z: Move users?; the run goes on.")]
    [InlineData("decline", "declined", "declined by ann (personal key) at 2026-03-01 03:10:00Z: Move users?; the run stops here.")]
    [InlineData("approve", "expired", "approved by ann (personal key) at 2026-03-01 03:10:00Z: Move users?; the time is over.")]
    public async Task Word_Recorded_SaysWhatFollows(string word, string stands, string expected)
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Decided(word, stands)));

        var outcome = await RunAsync(app, $"{word} shop-1 --reason why");

        Assert.Contains(expected, OneLine(outcome.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Word_AsJson_IsTheAppsAnswer()
    {
        await using var app = await FakeApp.StartAsync(_ => (201, Decided("approve", "approved")));

        var outcome = await RunAsync(app, "approve shop-1 --reason why --json");

        using var document = JsonDocument.Parse(outcome.Output);
        Assert.Equal("ann (personal key)", document.RootElement.GetProperty("by").GetString());
        Assert.Equal("approved", document.RootElement.GetProperty("approval").GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(403, "NotYours", "'eve' is not one of the approvers ann, bob.", ExitCodes.Unauthorized)]
    [InlineData(404, "RunNotFound", "There is no run 'shop-1'.", ExitCodes.NotFound)]
    [InlineData(409, "AlreadyDeclined", "'ann' declined before. That stays.", ExitCodes.Failed)]
    [InlineData(409, "ApprovalExpired", "The time to approve is over.", ExitCodes.Failed)]
    public async Task Word_Refused_SaysWhyAndWhatNext(int status, string code, string message, int expected)
    {
        await using var app = await FakeApp.StartAsync(_ => (status, $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}","hint":"Ask somebody."}}"""));

        var outcome = await RunAsync(app, "approve shop-1 --reason why");

        Assert.Equal(expected, outcome.Code);
        Assert.Contains($"error: {message}", OneLine(outcome.Error), StringComparison.Ordinal);
        Assert.Contains("next: Ask somebody.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve shop-1")]
    [InlineData("approve --reason why")]
    [InlineData("decline shop-1 --reason")]
    [InlineData("decline shop-1 --reason why --because")]
    [InlineData("approvals shop-1")]
    public async Task Line_WithAMistake_IsBadInputAndAsksNobody(string line)
    {
        await using var app = await FakeApp.StartAsync(_ => (500, ""));

        Assert.Equal(ExitCodes.BadInput, (await RunAsync(app, line)).Code);
        Assert.Empty(app.Requests);
    }

    [Fact]
    public async Task Approvals_ListWhoIsMissingAndWhetherTheCallerMay()
    {
        var other = Waiting.Replace("shop-1", "shop-2", StringComparison.Ordinal).Replace("\"approvers\":[\"ann\",\"bob\"],", "\"notYours\":\"'ada' started the run\",", StringComparison.Ordinal);
        await using var app = await FakeApp.StartAsync(_ => (200, $$"""{"approvals":[{{Waiting}},{{other}}]}"""));

        var text = OneLine((await RunAsync(app, "approvals")).Output);
        var json = (await RunAsync(app, "approvals --json")).Output;

        Assert.All(["shop-1", "Move users?", "1 of 2", "ann, bob", "may decide", "shop-2", "every approver", "'ada' started the run"], word => Assert.Contains(word, text, StringComparison.Ordinal));
        using var document = JsonDocument.Parse(json);
        Assert.Equal(["shop-1", "shop-2"], document.RootElement.GetProperty("approvals").EnumerateArray().Select(one => one.GetProperty("runId").GetString()));
    }

    [Fact]
    public async Task Approvals_None_SaysSo()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, """{"approvals":[]}"""));

        Assert.Contains("Nothing waits for an approval.", (await RunAsync(app, "approvals")).Output, StringComparison.Ordinal);
    }

    private static Task<DrOutcome> RunAsync(FakeApp app, string line) =>
        Dr.RunAsync([.. line.Split(' '), "--url", app.Url.ToString()], name => name is "DR_KEY" or "DR_FUNCTION_KEY" ? "k" : null);

    private static string Decided(string word, string stands) =>
        $$"""{"decision":"{{word}}","by":"ann (personal key)","at":"2026-03-01T03:10:00Z","approval":{{Waiting.Replace("waiting", stands, StringComparison.Ordinal)}}}""";

    // However wide the terminal is.
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
