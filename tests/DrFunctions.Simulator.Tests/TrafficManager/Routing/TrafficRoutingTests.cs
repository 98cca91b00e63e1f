using System.Net;
using DrFunctions.Simulator.TrafficManager;
using DrFunctions.Simulator.TrafficManager.Routing;
using static DrFunctions.Simulator.TrafficManager.EndpointMonitorStatus;

namespace DrFunctions.Simulator.Tests.TrafficManager.Routing;

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

        Assert.Equal(expected, Choose(profile, "WORLD", (EndpointMonitorStatus)third, (EndpointMonitorStatus)first, (EndpointMonitorStatus)second));
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

        Assert.Equal(expected, Choose(profile, client, Online, Online, Online));
    }

    [Theory]
    [InlineData(Degraded, "germany")]
    [InlineData(Stopped, null)]
    [InlineData(Disabled, "europe")]
    public void Choose_Geographic_KeepsAPlaceWithItsEndpoint(object germany, string? expected)
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Geographic, AnEndpoint.Named("europe", 1, "GEO-EU"), AnEndpoint.Named("germany", 2, "DE"));

        Assert.Equal(expected, Choose(profile, "DE", Online, (EndpointMonitorStatus)germany));
    }

    [Fact]
    public void Choose_GeographicPlaceNotMapped_IsNothing()
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Geographic, AnEndpoint.Named("europe", 1, "GEO-EU"));

        Assert.Null(Choose(profile, "JP", Online));
    }

    [Fact]
    public void Choose_Weighted_SharesByWeightAmongTheHealthy()
    {
        var profile = AnEndpoint.Profile(
            RoutingMethod.Weighted,
            AnEndpoint.Named("a") with { Weight = 3 }, AnEndpoint.Named("b") with { Weight = 1 }, AnEndpoint.Named("c") with { Weight = 1000 });

        var chosen = Draw(profile, "WORLD", 400, Online, Online, Degraded).OfType<string>();

        Assert.Equal([("a", 300), ("b", 100)], chosen.CountBy(name => name).Select(each => (each.Key, each.Value)).Order());
    }

    [Theory]
    [InlineData("NL", Online, Online, "westeurope")]
    [InlineData("IE", Online, Online, "northeurope")]
    [InlineData("JP", Online, Online, "japaneast")]
    [InlineData("US-NY", Online, Online, "northeurope")]
    [InlineData("NL", Degraded, Online, "northeurope")]
    [InlineData("NL", Stopped, Disabled, "japaneast")]
    [InlineData("GEO-EU", Online, Online, "westeurope")]
    public void Choose_Performance_TakesTheNearestHealthyRegion(string client, object west, object north, string expected)
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Performance, At("westeurope", "West Europe"), At("northeurope", "northeurope"), At("japaneast", "Japan East"));

        Assert.Equal(expected, Choose(profile, client, (EndpointMonitorStatus)west, (EndpointMonitorStatus)north, Online));
    }

    [Theory]
    [InlineData("NL", "a,b")]
    [InlineData("WORLD", "a,b,c")]
    public void Choose_PerformanceEquallyNear_SharesEqually(string client, string expected)
    {
        var profile = AnEndpoint.Profile(RoutingMethod.Performance, At("a", "westeurope"), At("b", "West Europe"), At("c", "northeurope"));

        var chosen = Draw(profile, client, 600, Online, Online, Online).OfType<string>().CountBy(name => name).OrderBy(each => each.Key).ToList();

        Assert.Equal(expected.Split(','), chosen.Select(each => each.Key));
        Assert.Single(chosen.Select(each => each.Value).Distinct());
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("GEO-EU>northeurope=1", "b")]
    [InlineData("GEO-EU>northeurope=1 DE>northeurope=500", "a")]
    public void Choose_PerformanceWithScenarioLatencies_TakesTheSmallestPlacesValue(string latencies, string expected)
    {
        var given = latencies.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split('>', '=')).Select(each => new ScenarioLatency
        {
            From = each[0],
            To = each[1],
            Milliseconds = int.Parse(each[2], System.Globalization.CultureInfo.InvariantCulture),
        });
        var profile = AnEndpoint.Profile(RoutingMethod.Performance, At("a", "westeurope"), At("b", "North Europe"));

        var chosen = new TrafficRouting(new LatencyTable(given)).Choose(profile, [Online, Online], new TrafficClient("DE", IPAddress.Any), RecordTypes.IPv4Address, 0);

        Assert.Equal([expected], chosen.Select(endpoint => endpoint.Name));
    }

    [Theory]
    [InlineData("203.0.113.7", Online, Online, "office")]
    [InlineData("203.0.113.0", Online, Online, "office")]
    [InlineData("203.0.113.128", Online, Online, "rest")]
    [InlineData("198.51.100.7", Online, Online, "office")]
    [InlineData("2001:db8::1", Online, Online, "office")]
    [InlineData("192.0.2.1", Online, Online, "rest")]
    [InlineData("203.0.113.7", Degraded, Online, "rest")]
    [InlineData("203.0.113.7", Disabled, Online, "rest")]
    [InlineData("203.0.113.7", Degraded, Degraded, null)]
    [InlineData("192.0.2.1", Online, Stopped, null)]
    public void Choose_Subnet_TakesTheOneThatHoldsTheClientElseTheOneWithoutSubnets(string client, object office, object rest, string? expected)
    {
        var profile = AnEndpoint.Profile(
            RoutingMethod.Subnet,
            AnEndpoint.Named("office") with { Subnets = [Range("203.0.113.0", null, 25), Range("198.51.100.5", "198.51.100.9", null), Range("2001:db8::", null, 32)] },
            AnEndpoint.Named("rest"));

        Assert.Equal(expected, Choose(profile, client, (EndpointMonitorStatus)office, (EndpointMonitorStatus)rest));
    }

    [Theory]
    [InlineData(null, RecordTypes.IPv4Address, "a,b,c,d", 2)]
    [InlineData(3, RecordTypes.IPv4Address, "a,b,c,d", 3)]
    [InlineData(10, RecordTypes.IPv4Address, "a,b,c,d", 4)]
    [InlineData(10, RecordTypes.IPv6Address, "v6", 1)]
    [InlineData(10, RecordTypes.Any, "a,b,c,d,v6", 5)]
    [InlineData(10, RecordTypes.DomainName, "", 0)]
    public void Choose_MultiValue_ShowsAsManyHealthyOnesAsAllowed(int? most, object wanted, string among, int count)
    {
        var profile = AnEndpoint.Profile(
            RoutingMethod.MultiValue,
            [.. "abcd".Select((name, i) => AnEndpoint.Named(name.ToString()) with { Target = $"192.0.2.{i}" }),
                AnEndpoint.Named("v6") with { Target = "2001:db8::1" }, AnEndpoint.Named("ill") with { Target = "192.0.2.99" }])
            with
        { MaxReturn = most };
        var client = new TrafficClient("WORLD", IPAddress.Any);
        var routing = new TrafficRouting(new LatencyTable([]));

        var seen = Enumerable.Range(0, 20).Select(draw => routing.Choose(
            profile, [Online, CheckingEndpoint, Online, Unmonitored, Online, Degraded], client, (RecordTypes)wanted, (ulong)draw)).ToList();

        Assert.All(seen, endpoints => Assert.Equal(count, endpoints.DistinctBy(endpoint => endpoint.Name).Count()));
        Assert.Equal(among.Split(',', StringSplitOptions.RemoveEmptyEntries), seen.SelectMany(endpoints => endpoints).Select(endpoint => endpoint.Name).Distinct().Order());
    }

    private static string? Choose(TrafficProfile profile, string client, params EndpointMonitorStatus[] statuses) => Draw(profile, client, 1, statuses).Single();

    /// <summary>The names chosen by the first draws; a client that is an address is somewhere.</summary>
    private static IEnumerable<string?> Draw(TrafficProfile profile, string client, int draws, params EndpointMonitorStatus[] statuses)
    {
        var asking = IPAddress.TryParse(client, out var address) ? new TrafficClient("WORLD", address) : new TrafficClient(client, IPAddress.Any);
        var routing = new TrafficRouting(new LatencyTable([]));
        return Enumerable.Range(0, draws).Select(draw => routing.Choose(profile, statuses, asking, RecordTypes.IPv4Address, (ulong)draw).SingleOrDefault()?.Name);
    }

    private static TrafficEndpoint At(string name, string location) => AnEndpoint.Named(name) with { Location = location };

    private static AddressRange Range(string first, string? last, int? scope)
    {
        Assert.True(AddressRange.TryCreate(first, last, scope, out var range, out var reason), reason);
        return range;
    }
}
