namespace DrFunctions.Recovery.Routing;

/// <summary>Decides how a profile must look so that a share of the users goes to one endpoint. Pure.</summary>
public static class WeightRamp
{
    /// <summary>All users. The sum of the weights that a stage gives is this, so that one is a tenth of a percent.</summary>
    public const int All = 1000;

    /// <summary>
    /// The settings of all endpoints. Below all users the profile routes by weight: the target, enabled, has its share of 1000,
    /// and the other enabled endpoints share the rest in the proportion that they had before. With all of them the profile routes as
    /// it did before: by priority with the target first and the others, enabled, after it; or by weight with the others disabled,
    /// since a weight cannot be 0.
    /// </summary>
    /// <param name="before">The profile's settings before the first stage.</param>
    /// <param name="target">The endpoint that users are led to.</param>
    /// <param name="permille">1 to 1000 of a thousand users.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permille"/> is not 1 to 1000.</exception>
    /// <exception cref="RecoveryException">
    /// <c>EndpointMissing</c>: there is no such endpoint; <c>RoutingMethodUnsupported</c>: it is no profile of priorities or weights;
    /// <c>NothingToRampFrom</c>: no other endpoint is enabled.
    /// </exception>
    public static RoutingSettings At(RoutingSettings before, string target, int permille)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentOutOfRangeException.ThrowIfLessThan(permille, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permille, All);
        return permille < All ? Shared(before, target, permille)
            : Same(before.Method, RoutingMethods.Weighted) ? Alone(before, target)
            : First(before, target);
    }

    /// <summary>Whether a ramp can be done on a profile of these settings.</summary>
    /// <exception cref="RecoveryException">It cannot; see <see cref="At"/>.</exception>
    public static void Require(TrafficProfile profile, string target)
    {
        ArgumentNullException.ThrowIfNull(profile);
        RoutingRefusal.RequireMethod(profile, RoutingMethods.Priority, RoutingMethods.Weighted);
        RoutingRefusal.Require(profile, target);
        _ = Shared(RoutingSettings.Of(profile), target, 1);
    }

    private static RoutingSettings Shared(RoutingSettings before, string target, int permille)
    {
        // By priority only the first enabled endpoint has users; the others are for the time when it fails.
        var served = before.Endpoints.Where(one => one.Enabled && !one.IsNamed(target)).ToList();
        if (!Same(before.Method, RoutingMethods.Weighted))
        {
            served = [.. served.OrderBy(one => one.Priority ?? int.MaxValue).Take(1)];
        }

        if (served.Count == 0)
        {
            throw new RecoveryException(
                "NothingToRampFrom",
                $"No endpoint beside '{target}' is enabled: expected one that has the users whom the ramp moves.",
                isTransient: false,
                "Enable the other region's endpoint, or use shiftTraffic.");
        }

        var rest = All - permille;
        var sum = served.Sum(one => Same(before.Method, RoutingMethods.Weighted) ? one.Weight ?? 1 : 1);
        return new RoutingSettings(RoutingMethods.Weighted,
        [
            .. before.Endpoints.Select(one => one.IsNamed(target) ? one with { Enabled = true, Weight = permille }
                : served.Contains(one) ? one with { Weight = Math.Max(1, rest * (served.Count == 1 ? sum : one.Weight ?? 1) / sum) }
                : one with { Enabled = false }),
        ]);
    }

    private static RoutingSettings Alone(RoutingSettings before, string target) => before with
    {
        Endpoints = [.. before.Endpoints.Select(one => one with { Enabled = one.IsNamed(target) })],
    };

    private static RoutingSettings First(RoutingSettings before, string target) => before with
    {
        Endpoints = PriorityOrder.Assign(
            before.Endpoints.Select(one => one.IsNamed(target) ? one with { Enabled = true } : one), one => one.IsNamed(target) ? 0 : 1),
    };

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
