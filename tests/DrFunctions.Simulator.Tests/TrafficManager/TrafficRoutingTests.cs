using DrFunctions.Simulator.TrafficManager;
using static DrFunctions.Simulator.TrafficManager.EndpointMonitorStatus;

namespace DrFunctions.Simulator.Tests.TrafficManager;

public class TrafficRoutingTests
{
    [Theory]
    [InlineData("first", Online, Online, Online)]
    [InlineData("first", CheckingEndpoint, Online, Online)]
    [InlineData("first", Unmonitored, Online, Online)]
    [InlineData("second", Degraded, Online, Online)]
    [InlineData("third", Degraded, Stopped, CheckingEndpoint)]
    [InlineData("second", Disabled, Online, Degraded)]
    [InlineData("first", Degraded, Degraded, Degraded)]
    [InlineData("second", Stopped, Degraded, Degraded)]
    [InlineData(null, Stopped, Disabled, Stopped)]
    public void Choose_Priority_TakesTheFirstThatIsNotDegraded(string? expected, object first, object second, object third)
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Priority, AnEndpoint.Named("third", 30), AnEndpoint.Named("first", 10), AnEndpoint.Named("second", 20));

        var chosen = TrafficRouting.Choose(
            profile, [(EndpointMonitorStatus)third, (EndpointMonitorStatus)first, (EndpointMonitorStatus)second], Geography.World, 0);

        Assert.Equal(expected, chosen?.Name);
    }

    [Theory]
    [InlineData("US-CA", "california")]
    [InlineData("us-tx", "america")]
    [InlineData("CA", "america")]
    [InlineData("GEO-NA", "america")]
    [InlineData("DE", "world")]
    [InlineData("WORLD", "world")]
    public void Choose_Geographic_TakesTheSmallestPlaceAround(string client, string expected)
    {
        var profile = AnEndpoint.Profile(
            RoutingMethod.Geographic,
            AnEndpoint.Named("world", 1, "WORLD"), AnEndpoint.Named("america", 2, "GEO-NA"), AnEndpoint.Named("california", 3, "US-CA"));

        Assert.Equal(expected, TrafficRouting.Choose(profile, [Online, Online, Online], client, 0)?.Name);
    }

    [Theory]
    [InlineData(Degraded, "germany")]
    [InlineData(Stopped, null)]
    [InlineData(Disabled, "europe")]
    public void Choose_Geographic_KeepsAPlaceWithItsEndpoint(object germany, string? expected)
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Geographic, AnEndpoint.Named("europe", 1, "GEO-EU"), AnEndpoint.Named("germany", 2, "DE"));

        Assert.Equal(expected, TrafficRouting.Choose(profile, [Online, (EndpointMonitorStatus)germany], "DE", 0)?.Name);
    }

    [Fact]
    public void Choose_GeographicPlaceNotMapped_IsNoData()
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Geographic, AnEndpoint.Named("europe", 1, "GEO-EU"));

        Assert.Null(TrafficRouting.Choose(profile, [Online], "JP", 0));
    }

    [Fact]
    public void Choose_Weighted_SharesByWeightAmongTheHealthy()
    {
        var profile = AnEndpoint.Profile(
            RoutingMethod.Weighted,
            AnEndpoint.Named("a") with { Weight = 3 }, AnEndpoint.Named("b") with { Weight = 1 }, AnEndpoint.Named("c") with { Weight = 1000 });

        var chosen = Enumerable.Range(0, 400).Select(ticket => TrafficRouting.Choose(profile, [Online, Online, Degraded], Geography.World, ticket)!.Name);

        Assert.Equal([("a", 300), ("b", 100)], chosen.CountBy(name => name).Select(each => (each.Key, each.Value)).Order());
    }

    [Fact]
    public void Choose_MethodNotCarried_SaysSo()
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Performance, AnEndpoint.Named("a"));

        var exception = Assert.Throws<NotSupportedException>(() => TrafficRouting.Choose(profile, [Online], Geography.World, 0));

        Assert.Equal("The simulator does not route by Performance.", exception.Message);
    }
}
