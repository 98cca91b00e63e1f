using System.Net;
using static DrFunctions.Simulator.Tests.FlexibleServers.ServerScenario;

namespace DrFunctions.Simulator.Tests.FlexibleServers;

public class MetricsTests
{
    private const string Path = "/providers/Microsoft.Insights/metrics?api-version=2018-01-01";

    [Theory]
    [InlineData("&metricnames=happiness", "Failed to find metric configuration")]
    [InlineData("&metricnames=physical_replication_delay_in_seconds&interval=PT1S", "Invalid time grain 'PT1S'")]
    [InlineData("&metricnames=physical_replication_delay_in_seconds&timespan=today", "Invalid timespan 'today'")]
    [InlineData("&metricnames=physical_replication_delay_in_seconds&timespan=2030-01-02T00:00:00Z/2030-01-01T00:00:00Z", "Invalid timespan")]
    [InlineData("&metricnames=physical_replication_delay_in_seconds&timespan=2000-01-01T00:00:00Z/2030-01-01T00:00:00Z", "Invalid timespan")]
    public async Task Metrics_AskedForWhatIsNotThere_AreRefused(string query, string message)
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (status, body, _) = await simulation.SendAsync("GET", North + Path + query);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(message, (string?)body!["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_WhileTheReplicasRegionIsDark_HaveNoValues()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.SetRegionDarkAsync("northeurope", true);
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        var now = simulation.Time.GetUtcNow();

        var (_, body, _) = await simulation.SendAsync(
            "GET", $"{North}{Path}&metricnames=physical_replication_delay_in_seconds&timespan={now.AddMinutes(-4):yyyy-MM-ddTHH:mm:ssZ}/{now:yyyy-MM-ddTHH:mm:ssZ}");

        var points = body!["value"]![0]!["timeseries"]![0]!["data"]!.AsArray();
        Assert.InRange(points.Count, 4, 5);
        Assert.All(points, point => Assert.Null(point!["maximum"]));
    }
}
