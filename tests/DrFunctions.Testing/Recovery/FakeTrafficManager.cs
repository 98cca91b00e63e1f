using DrFunctions.Recovery;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>One profile in memory, as strict as the service: a profile that changed, doubled priorities and places are refused.</summary>
public sealed class FakeTrafficManager(Interception interception, List<string> effects, TrafficProfile profile) : ITrafficManager
{
    /// <summary>The profile as it is.</summary>
    public TrafficProfile Profile { get; set; } = profile;

    /// <summary>Who DNS answers with: the enabled endpoint of the lowest priority; null when none is enabled.</summary>
    public TrafficEndpoint? Served => Profile.Endpoints.Where(endpoint => endpoint.Enabled).MinBy(endpoint => endpoint.Priority);

    public Task<TrafficProfile> ReadAsync(ResourceId profile, CancellationToken cancellationToken) =>
        interception.CallAsync("ReadProfile", () => Known(profile));

    public Task WriteAsync(TrafficProfile seen, RoutingSettings wanted, CancellationToken cancellationToken) =>
        interception.CallAsync("WriteProfile", () =>
        {
            var before = Known(seen.Id);
            if (wanted.AreOf(before))
            {
                return true;
            }

            if (!RoutingSettings.Of(seen).AreOf(before))
            {
                throw new RecoveryException("ProfileChanged", $"'{seen.Id}' changed.", isTransient: true, "Decide anew.");
            }

            var priorities = wanted.Endpoints.Select(one => one.Priority).OfType<int>().ToList();
            var places = wanted.Endpoints.SelectMany(one => one.Places ?? []).ToList();
            if (wanted.Endpoints.Count != before.Endpoints.Count
                || priorities.Distinct().Count() != priorities.Count
                || places.Distinct(StringComparer.OrdinalIgnoreCase).Count() != places.Count)
            {
                throw new RecoveryException(
                    "BadRequest", "All endpoints with unique priorities and places were expected.", isTransient: false, "Correct the call.");
            }

            Profile = before with
            {
                RoutingMethod = wanted.Method,
                Endpoints = [.. before.Endpoints.Select(endpoint => Apply(endpoint, wanted.Endpoints.Single(one => one.IsNamed(endpoint.Name))))],
            };
            effects.Add($"shift to {(Profile.RoutesBy(RoutingMethods.Priority) ? Served?.Name ?? "nobody" : Shares())}");
            return true;
        });

    private static TrafficEndpoint Apply(TrafficEndpoint endpoint, EndpointSetting setting) => endpoint with
    {
        Enabled = setting.Enabled,
        Priority = setting.Priority ?? endpoint.Priority,
        Weight = setting.Weight ?? endpoint.Weight,
        Places = setting.Places ?? endpoint.Places,
    };

    private string Shares() => string.Join(' ', Profile.Endpoints.Where(endpoint => endpoint.Enabled)
        .Select(endpoint => endpoint.Places.Count > 0 ? $"{endpoint.Name}={string.Join('+', endpoint.Places)}" : $"{endpoint.Name}={endpoint.Weight}"));

    private TrafficProfile Known(ResourceId profile) => profile == Profile.Id
        ? Profile
        : throw new RecoveryException("ResourceNotFound", $"'{profile}' does not exist.", isTransient: false, "Correct the plan.");
}
