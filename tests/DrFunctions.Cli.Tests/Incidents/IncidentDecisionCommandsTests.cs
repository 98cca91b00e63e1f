using DrFunctions.Cli.Tests.Api;

namespace DrFunctions.Cli.Tests.Incidents;

public sealed class IncidentDecisionCommandsTests
{
    [Theory]
    [InlineData("approve shop shop-000001 --reason burns", "/api/plans/shop/incidents/shop-000001/approve", """{"reason":"burns"}""", "approved; it counts at the next look")]
    [InlineData("decline shop shop-000001 --reason no", "/api/plans/shop/incidents/shop-000001/decline", """{"reason":"no"}""", "declined; it counts at the next look")]
    [InlineData("override shop shop-000001 --rule red.control-probe --reason no", "/api/plans/shop/incidents/shop-000001/override", """{"reason":"no","rule":"red.control-probe"}""", "overridden; it counts at the next look")]
    [InlineData("ack shop --reason seen", "/api/plans/shop/acknowledge", """{"reason":"seen"}""", "acknowledged; it counts at the next look")]
    [InlineData("seen unreadable-000001 --reason mended", "/api/unreadable/unreadable-000001/acknowledge", """{"reason":"mended"}""", "acknowledged")]
    public async Task Decision_Made_IsSentWithItsReason(string line, string path, string body, string said)
    {
        await using var app = await FakeApp.StartAsync(_ => (200, "{}"));

        var outcome = await IncidentDr.RunAsync(app, ["incident", .. line.Split(' ')]);

        var sent = Assert.Single(app.Requests);
        Assert.Equal(("POST", path, body), (sent.Method, sent.Path, sent.Body));
        Assert.Equal((ExitCodes.Success, $"✓ {said}", ""), (outcome.Code, outcome.Output.Trim(), outcome.Error));
    }

    [Theory]
    [InlineData("approve shop shop-000001 --reason burns", "approved")]
    [InlineData("decline shop shop-000001 --reason no", "declined")]
    [InlineData("override shop shop-000001 --rule dwell --reason no", "overridden")]
    [InlineData("ack shop --reason seen", "acknowledged")]
    [InlineData("seen unreadable-000001 --reason mended", "acknowledged")]
    public async Task Decision_AsJson_SaysWhatIsRecorded(string line, string recorded)
    {
        await using var app = await FakeApp.StartAsync(_ => (200, "{}"));

        var outcome = await IncidentDr.RunAsync(app, ["incident", .. line.Split(' '), "--json"]);

        Assert.Equal($$"""{"recorded":"{{recorded}}"}""", outcome.Output.Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings(""));
    }

    [Theory]
    [InlineData("approve shop shop-000001 --reason why", 403, "NotAllowed", ExitCodes.Unauthorized)]
    [InlineData("decline shop shop-000009 --reason why", 404, "IncidentNotFound", ExitCodes.NotFound)]
    [InlineData("override shop shop-000001 --rule luck --reason why", 400, "FieldInvalid", ExitCodes.BadInput)]
    [InlineData("ack shop --reason why", 409, "NotAcknowledgeable", ExitCodes.Failed)]
    [InlineData("seen unreadable-000009 --reason why", 404, "IncidentNotFound", ExitCodes.NotFound)]
    [InlineData("approve shop shop-000001 --reason why", 401, "Unauthorized", ExitCodes.Unauthorized)]
    public async Task Decision_Refused_SaysWhyAndWhatNext(string line, int status, string code, int exit)
    {
        await using var app = await FakeApp.StartAsync(_ => (status, $$$"""{"error":{"code":"{{{code}}}","message":"It cannot be.","hint":"Ask bert."}}"""));

        var outcome = await IncidentDr.RunAsync(app, ["incident", .. line.Split(' ')]);

        Assert.True(exit == outcome.Code, $"{outcome.Code}: {outcome.Error}");
        Assert.Equal("", outcome.Output);
        Assert.Contains("error: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve shop shop-000001")]
    [InlineData("approve shop --reason why")]
    [InlineData("decline --reason why")]
    [InlineData("override shop shop-000001 --reason why")]
    [InlineData("override shop shop-000001 --rule dwell")]
    [InlineData("approve shop shop-000001 --rule dwell --reason why")]
    [InlineData("ack shop")]
    [InlineData("ack --reason why")]
    [InlineData("seen --reason why")]
    [InlineData("seen unreadable-000001")]
    public async Task Decision_WithAMistake_IsBadInputAndAsksNobody(string line)
    {
        await using var app = await FakeApp.StartAsync(_ => (500, ""));

        var outcome = await IncidentDr.RunAsync(app, ["incident", .. line.Split(' ')]);

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Empty(app.Requests);
    }
}
