using DrFunctions.Recovery;
using DrFunctions.Recovery.Routing;

namespace DrFunctions.Cloud.ResourceManager.TrafficManager;

/// <summary>Refuses settings that the service would refuse, by names that a plan's owner knows.</summary>
internal static class SettingsCheck
{
    private const int Highest = 1000;

    /// <exception cref="RecoveryException">
    /// <c>UnknownEndpoint</c>, <c>InvalidEndpoints</c>, <c>InvalidPriority</c>, <c>InvalidWeight</c> or <c>InvalidPlaces</c>.
    /// </exception>
    public static void Check(TrafficProfile profile, RoutingSettings wanted)
    {
        var id = profile.Id;
        if (wanted.Endpoints.FirstOrDefault(setting => profile.EndpointNamed(setting.Name) is null) is { } unknown)
        {
            throw new RecoveryException("UnknownEndpoint",
                $"Traffic Manager profile '{id}' has no endpoint '{unknown.Name}'; it has {string.Join(", ", profile.Endpoints.Select(one => $"'{one.Name}'"))}.",
                isTransient: false, "Correct the endpoint names in the plan, or create the endpoint.");
        }

        if (profile.Endpoints.FirstOrDefault(endpoint => wanted.Endpoints.Count(setting => setting.IsNamed(endpoint.Name)) != 1) is { } unnamed)
        {
            throw Invalid("Endpoints", $"endpoint '{unnamed.Name}' is not named exactly once", "Name every endpoint once: all are written at once.");
        }

        if (wanted.Endpoints.FirstOrDefault(setting => setting.Priority is < 1 or > Highest) is { } outside)
        {
            throw Invalid("Priority", $"priority {outside.Priority} of endpoint '{outside.Name}' is not between 1 and {Highest}", "Priorities are unique in a profile; name every endpoint.");
        }

        if (wanted.Endpoints.FirstOrDefault(setting => setting.Weight is < 1 or > Highest) is { } weightless)
        {
            throw Invalid("Weight", $"weight {weightless.Weight} of endpoint '{weightless.Name}' is not between 1 and {Highest}", "Disable an endpoint that is to have no users.");
        }

        var priorities = profile.Endpoints.Select(endpoint => (
            endpoint.Name, Priority: wanted.Named(endpoint.Name)?.Priority ?? (endpoint.Priority > 0 ? endpoint.Priority : null)));
        if (priorities.Where(one => one.Priority is not null).GroupBy(one => one.Priority).FirstOrDefault(group => group.Count() > 1) is { } taken)
        {
            throw Invalid("Priority", $"priority {taken.Key} would be that of {string.Join(" and ", taken.Select(one => $"'{one.Name}'"))}", "Priorities are unique in a profile; name every endpoint.");
        }

        var places = profile.Endpoints.SelectMany(
            endpoint => (wanted.Named(endpoint.Name)?.Places ?? endpoint.Places).Select(place => (Place: place.ToUpperInvariant(), endpoint.Name)));
        if (places.GroupBy(one => one.Place).FirstOrDefault(group => group.Count() > 1) is { } shared)
        {
            throw Invalid("Places", $"'{shared.Key}' would be mapped to {string.Join(" and ", shared.Select(one => $"'{one.Name}'"))}", "A place belongs to one endpoint.");
        }

        RecoveryException Invalid(string what, string why, string hint) => new(
            $"Invalid{what}", $"Traffic Manager profile '{id}': {why}.", isTransient: false, hint);
    }
}
