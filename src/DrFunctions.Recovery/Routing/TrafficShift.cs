namespace DrFunctions.Recovery.Routing;

/// <summary>Decides how a priority profile must look so that all users go to one endpoint. Pure.</summary>
public static class TrafficShift
{
    /// <summary>
    /// The settings of all endpoints: the target first and enabled, the one that failed disabled and last, the others as they
    /// are, in their order in between. Disabled, the failed endpoint does not come back by itself when it answers again.
    /// </summary>
    /// <exception cref="RecoveryException">The profile has no such endpoint, or does not route by priority.</exception>
    public static IReadOnlyList<EndpointSetting> To(TrafficProfile profile, string target, string failed)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (!string.Equals(profile.RoutingMethod, "Priority", StringComparison.OrdinalIgnoreCase))
        {
            throw new RecoveryException(
                "RoutingMethodUnsupported",
                $"The profile '{profile.Id.Name}' routes by '{profile.RoutingMethod}', expected 'Priority'.",
                isTransient: false,
                "Change the profile's routing method, or shift the users by hand.");
        }

        foreach (var name in new[] { target, failed })
        {
            if (!profile.Endpoints.Any(endpoint => Same(endpoint.Name, name)))
            {
                throw new RecoveryException(
                    "EndpointMissing",
                    $"The profile '{profile.Id.Name}' has no endpoint '{name}'; it has {string.Join(", ", profile.Endpoints.Select(e => $"'{e.Name}'"))}.",
                    isTransient: false,
                    "Correct the plan's traffic.endpoints.");
            }
        }

        return
        [
            .. profile.Endpoints
                .OrderBy(endpoint => Same(endpoint.Name, target) ? 0 : Same(endpoint.Name, failed) ? 2 : 1)
                .ThenBy(endpoint => endpoint.Priority)
                .Select((endpoint, index) => new EndpointSetting(
                    endpoint.Name,
                    Same(endpoint.Name, target) || (!Same(endpoint.Name, failed) && endpoint.Enabled),
                    index + 1)),
        ];
    }

    /// <summary>Whether the profile already has these settings.</summary>
    public static bool Holds(TrafficProfile profile, IReadOnlyList<EndpointSetting> settings)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Count == profile.Endpoints.Count && settings.All(setting => profile.Endpoints.Any(endpoint =>
            Same(endpoint.Name, setting.Name) && endpoint.Enabled == setting.Enabled && endpoint.Priority == setting.Priority));
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
