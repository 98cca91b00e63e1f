namespace DrFunctions.Recovery.Routing;

/// <summary>
/// Decides how a geographic profile must look so that the users of one endpoint go to another. Pure. Geographic routing leads users
/// to a place's endpoint whether it is healthy or not: without this nobody leaves a region that failed.
/// </summary>
public static class GeographicRemap
{
    /// <summary>
    /// Places of few people: a geographic endpoint must keep one place, and a disabled endpoint's place is passed over, so that its
    /// users are led as if it were mapped nowhere.
    /// </summary>
    private static readonly string[] Placeholders = ["BV", "TF", "HM", "GS", "IO", "PN", "TK", "NU"];

    /// <summary>
    /// The settings of all endpoints: the failed one is disabled and keeps one placeholder, the target, enabled, has its places too.
    /// A profile that is so already is left as it is.
    /// </summary>
    /// <exception cref="RecoveryException">
    /// <c>RoutingMethodUnsupported</c>, <c>EndpointMissing</c>; <c>PlacesUnknown</c>: an endpoint has no places, or there is no free
    /// place to leave.
    /// </exception>
    public static RoutingSettings Move(TrafficProfile profile, string failed, string target)
    {
        ArgumentNullException.ThrowIfNull(profile);
        RoutingRefusal.RequireMethod(profile, RoutingMethods.Geographic);
        var from = RoutingRefusal.Require(profile, failed);
        var to = RoutingRefusal.Require(profile, target);
        if (from.Places.Count == 0 || to.Places.Count == 0)
        {
            throw Unknown(profile, $"endpoint '{(from.Places.Count == 0 ? failed : target)}' has no places");
        }

        var settings = RoutingSettings.Of(profile);
        if (IsMoved(from))
        {
            return settings with
            {
                Endpoints = [.. settings.Endpoints.Select(one => one.IsNamed(target) ? one with { Enabled = true } : one)],
            };
        }

        var taken = profile.Endpoints.SelectMany(endpoint => endpoint.Places).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var placeholder = Placeholders.FirstOrDefault(place => !taken.Contains(place))
            ?? throw Unknown(profile, $"none of {string.Join(", ", Placeholders)} is free for '{failed}' to keep");
        return settings with
        {
            Endpoints =
            [
                .. settings.Endpoints.Select(one => one.IsNamed(failed) ? one with { Enabled = false, Places = [placeholder] }
                    : one.IsNamed(target) ? one with { Enabled = true, Places = [.. to.Places, .. from.Places] }
                    : one),
            ],
        };
    }

    /// <summary>
    /// The settings of all endpoints: the target, enabled, has these places beside its own, and the others keep the rest. The
    /// placeholder that a move left it goes with it. A profile that is so already is left as it is.
    /// </summary>
    /// <exception cref="RecoveryException">
    /// <c>RoutingMethodUnsupported</c>, <c>EndpointMissing</c>; <c>PlacesUnknown</c>: an endpoint would have no place left.
    /// </exception>
    public static RoutingSettings GiveBack(TrafficProfile profile, string target, IReadOnlyList<string> places)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(places);
        RoutingRefusal.RequireMethod(profile, RoutingMethods.Geographic);
        var to = RoutingRefusal.Require(profile, target);
        var kept = IsMoved(to) ? [] : to.Places.Where(place => !Has(places, place));
        var settings = RoutingSettings.Of(profile);
        var given = settings with
        {
            Endpoints =
            [
                .. settings.Endpoints.Select(one => one.IsNamed(target)
                    ? one with { Enabled = true, Places = [.. kept, .. places] }
                    : one with { Places = one.Places is { } own ? [.. own.Where(place => !Has(places, place))] : null }),
            ],
        };
        return given.Endpoints.FirstOrDefault(one => one.Places is { Count: 0 }) is { } empty
            ? throw Unknown(profile, $"'{empty.Name}' would keep no place without {string.Join(", ", places)}")
            : given;
    }

    private static bool Has(IReadOnlyList<string> places, string place) => places.Contains(place, StringComparer.OrdinalIgnoreCase);

    private static bool IsMoved(TrafficEndpoint from) =>
        !from.Enabled && from.Places.Count == 1 && Placeholders.Contains(from.Places[0], StringComparer.OrdinalIgnoreCase);

    private static RecoveryException Unknown(TrafficProfile profile, string why) => new(
        "PlacesUnknown",
        $"The profile '{profile.Id.Name}' cannot be mapped anew: {why}.",
        isTransient: false,
        "Map places to both endpoints, or move the users by hand.");
}
