using DrFunctions.Cli.Tests.Api;
using DrFunctions.Cli.Tests.Incidents;

namespace DrFunctions.Cli.Tests.Signals;

public sealed class SignalListCommandTests
{
    private const string Signals = """
        {"signals":[
        {"id":"b","receivedAt":"2030-01-01T00:05:00Z","occurredAt":"2030-01-01T00:05:00Z","eventType":"x","resource":"r","workload":"shop","disposition":"correlated","reason":"the plan names it","stands":true},
        {"id":"a","receivedAt":"2030-01-01T00:00:00Z","occurredAt":"2030-01-01T00:00:00Z","eventType":"x","resource":"r","workload":"shop","disposition":"correlated","reason":"the plan names it","stands":false}]}
        """;

    [Fact]
    public async Task List_OfAWorkload_ShowsWhichAlertsStand()
    {
        await using var app = await FakeApp.StartAsync(_ => (200, Signals));

        var outcome = await IncidentDr.RunAsync(app, "signal", "list", "--workload", "shop");

        Assert.Equal((ExitCodes.Success, ""), (outcome.Code, outcome.Error));
        var rows = outcome.Output.Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Contains(rows, row => row.Contains("00:05:00Z") && row.Contains("yes"));
        Assert.Contains(rows, row => row.Contains("00:00:00Z") && row.Contains("-") && !row.Contains("yes"));
    }
}
