using System.Globalization;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Tests.Routing;

/// <summary>Profiles from a short text: <c>w1+</c> is the endpoint w, priority 1, enabled; <c>w1+=20</c> has a weight, <c>w1+=DE,FR</c> places.</summary>
internal static class Profiles
{
    public static TrafficProfile A(string method, string endpoints) => new(
        ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/shop"),
        method,
        "Online",
        "shop.trafficmanager.net",
        TimeSpan.FromSeconds(10),
        [.. endpoints.Split(' ').Select(Endpoint)]);

    public static string Text(RoutingSettings settings) =>
        $"{settings.Method} {string.Join(' ', settings.Endpoints.Select(one => $"{one.Name}{one.Priority}{(one.Enabled ? '+' : '-')}{Share(one)}"))}";

    /// <summary>The profile once the settings are written.</summary>
    public static TrafficProfile With(TrafficProfile profile, RoutingSettings settings) => profile with
    {
        RoutingMethod = settings.Method,
        Endpoints =
        [
            .. profile.Endpoints.Select(one => settings.Named(one.Name) is { } setting
                ? one with
                {
                    Enabled = setting.Enabled,
                    Priority = setting.Priority ?? one.Priority,
                    Weight = setting.Weight ?? one.Weight,
                    Places = setting.Places ?? one.Places,
                }
                : one),
        ],
    };

    private static string Share(EndpointSetting setting) =>
        setting.Places is { } places ? $"={string.Join(',', places)}" : setting.Weight is { } weight ? FormattableString.Invariant($"={weight}") : "";

    private static TrafficEndpoint Endpoint(string text)
    {
        var parts = text.Split('=');
        var share = parts.ElementAtOrDefault(1);
        return new TrafficEndpoint(
            parts[0][..1], $"{text[0]}.example", parts[0][^1] == '+', int.Parse(parts[0][1..^1], CultureInfo.InvariantCulture), "Online")
        {
            Weight = int.TryParse(share, CultureInfo.InvariantCulture, out var weight) ? weight : 0,
            Places = share is null || weight > 0 ? [] : share.Split(','),
        };
    }
}
