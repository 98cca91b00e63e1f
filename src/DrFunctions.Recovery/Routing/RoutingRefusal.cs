namespace DrFunctions.Recovery.Routing;

/// <summary>Why a profile cannot be routed as asked. Nothing was written.</summary>
internal static class RoutingRefusal
{
    /// <exception cref="RecoveryException">Code <c>EndpointMissing</c>: the profile has no endpoint of that name.</exception>
    public static TrafficEndpoint Require(TrafficProfile profile, string name) => profile.EndpointNamed(name) ?? throw new RecoveryException(
        "EndpointMissing",
        $"The profile '{profile.Id.Name}' has no endpoint '{name}'; it has {string.Join(", ", profile.Endpoints.Select(e => $"'{e.Name}'"))}.",
        isTransient: false,
        "Correct the plan's traffic.endpoints.");

    /// <exception cref="RecoveryException">Code <c>RoutingMethodUnsupported</c>: the profile routes by none of these methods.</exception>
    public static void RequireMethod(TrafficProfile profile, params ReadOnlySpan<string> methods)
    {
        foreach (var method in methods)
        {
            if (profile.RoutesBy(method))
            {
                return;
            }
        }

        throw new RecoveryException(
            "RoutingMethodUnsupported",
            $"The profile '{profile.Id.Name}' routes by '{profile.RoutingMethod}', expected '{string.Join("' or '", methods.ToArray())}'.",
            isTransient: false,
            "Change the profile's routing method, or shift the users by hand.");
    }
}
