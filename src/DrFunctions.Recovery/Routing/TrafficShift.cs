namespace DrFunctions.Recovery.Routing;

/// <summary>Decides how a profile must look so that all users go to one endpoint. Pure.</summary>
public static class TrafficShift
{
    /// <summary>
    /// The settings of all endpoints: the one that failed is disabled, so that it does not come back by itself when it answers
    /// again, and the target is enabled. In a priority profile the target is first, the failed one last, the others as they are, in
    /// their order, in between. In a weighted one the others keep their weights.
    /// </summary>
    /// <exception cref="RecoveryException">The profile has no such endpoint, or routes neither by priority nor by weight.</exception>
    public static RoutingSettings To(TrafficProfile profile, string target, string failed)
    {
        ArgumentNullException.ThrowIfNull(profile);
        RoutingRefusal.RequireMethod(profile, RoutingMethods.Priority, RoutingMethods.Weighted);
        RoutingRefusal.Require(profile, target);
        RoutingRefusal.Require(profile, failed);
        var settings = RoutingSettings.Of(profile);
        var changed = settings.Endpoints.Select(one => one with
        {
            Enabled = one.IsNamed(target) || (!one.IsNamed(failed) && one.Enabled),
        });
        return settings with
        {
            Endpoints = profile.RoutesBy(RoutingMethods.Priority)
                ? PriorityOrder.Assign(changed, one => one.IsNamed(target) ? 0 : one.IsNamed(failed) ? 2 : 1)
                : [.. changed],
        };
    }
}
