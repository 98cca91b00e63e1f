using DrFunctions.Simulator.TrafficManager;

namespace DrFunctions.Simulator.Tests.TrafficManager;

internal static class AnEndpoint
{
    public static TrafficEndpoint Named(string name, int priority = 1, params string[] places) => new()
    {
        Kind = EndpointKind.External,
        Name = name,
        Target = name + ".example.org",
        Enabled = true,
        Weight = 1,
        Priority = priority,
        GeoMapping = [.. places],
    };

    public static TrafficProfile Profile(RoutingMethod routing, params TrafficEndpoint[] endpoints) => new()
    {
        ResourceGroup = "shop",
        Name = "shop",
        Enabled = true,
        Routing = routing,
        RelativeName = "shop",
        TtlInSeconds = 1,
        Monitor = new()
        {
            Protocol = MonitorProtocol.HTTP,
            Port = 80,
            Path = "/",
            Interval = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromSeconds(5),
            ToleratedFailures = 0,
        },
        Endpoints = [.. endpoints],
    };
}
