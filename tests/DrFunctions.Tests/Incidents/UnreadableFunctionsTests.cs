using DrFunctions.App.Deployments;

namespace DrFunctions.App.Incidents;

public sealed class UnreadableFunctionsTests
{
    [Fact]
    public async Task Alert_ThatNobodyUnderstands_OpensOneIncidentThatAPersonCloses()
    {
        await using var app = await Deployment.StartAsync();
        Assert.Empty((await app.Api.GetAsync("api/unreadable")).List("unreadable"));

        Assert.Equal(202, (await app.Api.DeliverAsync("""{"eventType":"Contoso.One"}""")).Status);
        Assert.Equal(202, (await app.Api.DeliverAsync("""{"eventType":"Contoso.One"}""")).Status);
        Assert.Equal(200, (await app.Api.PostTextAsync("api/alerts", "[7]")).Status);

        var open = await app.Api.GetAsync("api/unreadable");
        Assert.Single(open.List("unreadable"));
        Assert.Equal(("unreadable-000001", "2", "True"), (open["unreadable.0.id"], open["unreadable.0.count"], open["unreadable.0.isOpen"]));
        Assert.Equal("events of type 'Contoso.One' are not understood", open["unreadable.0.reasons.0"]);

        Assert.Equal((403, "RoleMissing"), await SeenAsync("rita", "unreadable-000001"));
        Assert.Equal((404, "IncidentNotFound"), await SeenAsync("otto", "unreadable-000002"));
        Assert.Equal((200, ""), await SeenAsync("otto", "unreadable-000001"));
        Assert.Equal((200, ""), await SeenAsync("otto", "unreadable-000001"));
        Assert.Equal((403, "RoleMissing"), await SeenAsync("bert", "unreadable-000001"));

        await app.Api.PostTextAsync("api/alerts", "[8]");
        var after = await app.Api.GetAsync("api/unreadable");
        Assert.Equal(
            ("unreadable-000002", "True", "unreadable-000001", "False", "otto", "mended"),
            (after["unreadable.0.id"], after["unreadable.0.isOpen"], after["unreadable.1.id"], after["unreadable.1.isOpen"], after["unreadable.1.acknowledgedBy.name"], after["unreadable.1.note"]));

        async Task<(int, string)> SeenAsync(string name, string id)
        {
            var answer = await app.Api.As(name).PostAsync($"api/unreadable/{id}/acknowledge", new { reason = "mended" });
            return (answer.Status, answer.Code);
        }
    }

    [Theory]
    [InlineData("unreadable-000001", "{}", 400, "FieldInvalid")]
    [InlineData("unreadable-000001", """{"reason":7}""", 400, "BodyInvalid")]
    [InlineData("unreadable-000001", """{"reason":"x"}""", 404, "IncidentNotFound")]
    [InlineData("..%2Flocks%2Fshop", """{"reason":"x"}""", 404, "IncidentNotFound")]
    public async Task Acknowledge_ABadRequest_IsRefused(string id, string body, int status, string code)
    {
        await using var app = await Deployment.StartAsync();

        var answer = await app.Api.PostTextAsync($"api/unreadable/{id}/acknowledge", body);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }
}
