using DrFunctions.Simulator.TrafficManager;
using static DrFunctions.Simulator.TrafficManager.EndpointMonitorStatus;

namespace DrFunctions.Simulator.Tests.TrafficManager;

public class MonitorStatusTests
{
    [Theory]
    [InlineData(false, false, true, true, false, "Disabled")]
    [InlineData(true, false, true, true, false, "Inactive")]
    [InlineData(true, true, true, true, true, "Stopped")]
    [InlineData(true, true, false, true, false, "Unmonitored")]
    [InlineData(true, true, false, false, null, "CheckingEndpoint")]
    [InlineData(true, true, false, false, true, "Online")]
    [InlineData(true, true, false, false, false, "Degraded")]
    public void OfEndpoint_FirstThatHolds_IsTheStatus(
        bool enabled, bool profileEnabled, bool stopped, bool alwaysServe, bool? healthy, string expected)
    {
        var endpoint = AnEndpoint.Named("a") with { Enabled = enabled, AlwaysServe = alwaysServe };

        var status = MonitorStatus.OfEndpoint(profileEnabled, endpoint, stopped, EndpointHealth.Unknown with { Verdict = healthy });

        Assert.Equal(expected, status.ToString());
    }

    [Theory]
    [InlineData("Online", 1, null, null, "oc")]
    [InlineData("Online", 2, null, null, "oo")]
    [InlineData("CheckingEndpoint", 2, null, null, "oc")]
    [InlineData("Degraded", 3, null, null, "oc")]
    [InlineData("Online", 1, 1, null, "4")]
    [InlineData("Degraded", 1, 1, null, "6o")]
    [InlineData("Degraded", 1, null, 1, "4o")]
    [InlineData("Online", 2, 1, 1, "46")]
    public void OfNested_EnoughOnline_IsOnline(string expected, int least, int? leastIPv4, int? leastIPv6, string child)
    {
        var endpoint = AnEndpoint.Named("a") with { MinChildEndpoints = least, MinChildEndpointsIPv4 = leastIPv4, MinChildEndpointsIPv6 = leastIPv6 };
        var online = child.Where(c => c != 'c').ToList();
        var health = new ChildHealth(
            true,
            new EndpointCount(online.Count, online.Count(c => c == '4'), online.Count(c => c == '6')),
            new EndpointCount(child.Length - online.Count, 0, 0));

        Assert.Equal(expected, MonitorStatus.OfNested(true, endpoint, health).ToString());
        Assert.Equal("Stopped", MonitorStatus.OfNested(true, endpoint, health with { Active = false }).ToString());
        Assert.Equal("Inactive", MonitorStatus.OfNested(false, endpoint, health).ToString());
        Assert.Equal("Disabled", MonitorStatus.OfNested(true, endpoint with { Enabled = false }, health).ToString());
    }

    [Theory]
    [InlineData("Disabled", false, Online)]
    [InlineData("Degraded", true, Online, Degraded)]
    [InlineData("Online", true, Online, CheckingEndpoint, Stopped)]
    [InlineData("Online", true, Unmonitored)]
    [InlineData("CheckingEndpoints", true, CheckingEndpoint, Disabled)]
    [InlineData("Inactive", true, Disabled, Stopped)]
    [InlineData("Inactive", true)]
    public void OfProfile_FirstThatHolds_IsTheStatus(string expected, bool enabled, params object[] endpoints) =>
        Assert.Equal(expected, MonitorStatus.OfProfile(enabled, [.. endpoints.Cast<EndpointMonitorStatus>()]).ToString());

    [Theory]
    [InlineData(0, "-", "f")]
    [InlineData(0, "+", "t")]
    [InlineData(3, "---", "n")]
    [InlineData(3, "----", "f")]
    [InlineData(3, "+---", "t")]
    [InlineData(3, "+----", "f")]
    [InlineData(3, "+---+---", "t")]
    [InlineData(3, "----+", "t")]
    [InlineData(9, "+---------", "t")]
    [InlineData(9, "+----------", "f")]
    public void After_Probes_FailsOnlyAfterMoreThanAreTolerated(int tolerated, string probes, string verdict)
    {
        var health = probes.Aggregate(EndpointHealth.Unknown, (before, probe) => before.After(new ProbeOutcome(probe == '+', "x"), tolerated));

        Assert.Equal(verdict, health.Verdict switch { null => "n", true => "t", false => "f" });
        Assert.Equal(probes.Length, health.Probes);
    }
}
