using System.Text.Json;
using DrFunctions.Cli.Tests.Api;
using DrFunctions.Cli.Tests.Incidents;

namespace DrFunctions.Cli.Tests.Control;

public sealed class ControlCommandsTests
{
    private const string Taken = """
        {"account":"https://north/","region":"northeurope","role":"settling","actsFrom":"2030-01-01T00:05:00Z","otherAccountAnswers":false,"unmirrored":3,
        "term":{"schema":1,"term":4,"account":"https://north/","region":"northeurope","since":"2030-01-01T00:04:00Z","by":"ann (personal key)","reason":"west is gone","fence":"overridden"},
        "apps":[{"account":"https://north/","region":"northeurope","lastSignAt":"2030-01-01T00:04:00Z","agoSeconds":2},
        {"account":"https://west/","region":"swedencentral","lastSignAt":"2030-01-01T00:00:00Z","agoSeconds":240}]}
        """;

    private const string Alone = """{"account":"https://west/","region":"swedencentral","role":"inControl","apps":[],"unmirrored":0}""";

    [Fact]
    public async Task Take_SendsTheReasonAndTheOverride_AndShowsWhoIsInControl()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Taken));

        var outcome = await IncidentDr.RunAsync(app, "control", "take", "--reason", "west is gone", "--override", "fence");

        Assert.Equal(("POST", "/api/control/take"), IncidentDr.Only(app));
        using var body = JsonDocument.Parse(app.Requests.Single().Body);
        Assert.Equal(("west is gone", "fence"), (body.RootElement.GetProperty("reason").GetString(), body.RootElement.GetProperty("overrides").GetString()));
        Assert.Equal((ExitCodes.Success, ""), (outcome.Code, outcome.Error));
        foreach (var words in new[] { "takes over, and acts from", "ann (personal key): west is gone", "answered for", "in swedencentral, last seen 4 min", "does not answer", "3 documents or journals may not be there yet" })
        {
            Assert.Contains(words, outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Show_AppWithoutAMirror_SaysWhatWouldBeLost()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Alone));

        var outcome = await IncidentDr.RunAsync(app, "control", "show");

        Assert.Equal(("GET", "/api/control"), IncidentDr.Only(app));
        Assert.Contains("is in control", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Dr__MirrorStorage", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AsJson_IsTheAnswer()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Taken));

        using var json = JsonDocument.Parse((await IncidentDr.RunAsync(app, "control", "show", "--json")).Output);

        Assert.Equal(("settling", "overridden", 4), (
            json.RootElement.GetProperty("role").GetString(), json.RootElement.GetProperty("term").GetProperty("fence").GetString(), json.RootElement.GetProperty("term").GetProperty("term").GetInt32()));
    }

    [Fact]
    public async Task Take_WithoutAReason_IsRefused()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Taken));

        var outcome = await IncidentDr.RunAsync(app, "control", "take");

        Assert.Equal(ExitCodes.BadInput, outcome.Code);
        Assert.Contains("--reason", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(app.Requests);
    }
}
