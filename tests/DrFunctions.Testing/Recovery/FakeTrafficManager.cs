using DrFunctions.Recovery;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>One profile in memory, as strict as the service: unknown endpoints and doubled priorities are refused.</summary>
public sealed class FakeTrafficManager(Interception interception, List<string> effects, TrafficProfile profile) : ITrafficManager
{
    /// <summary>The profile as it is.</summary>
    public TrafficProfile Profile { get; set; } = profile;

    /// <summary>Who DNS answers with: the enabled endpoint of the lowest priority; null when none is enabled.</summary>
    public TrafficEndpoint? Served => Profile.Endpoints.Where(endpoint => endpoint.Enabled).MinBy(endpoint => endpoint.Priority);

    public Task<TrafficProfile> ReadAsync(ResourceId profile, CancellationToken cancellationToken) =>
        interception.CallAsync("ReadProfile", () => Known(profile));

    public Task WriteEndpointsAsync(ResourceId profile, IReadOnlyList<EndpointSetting> endpoints, CancellationToken cancellationToken) =>
        interception.CallAsync("WriteProfile", () =>
        {
            var before = Known(profile);
            if (endpoints.Count != before.Endpoints.Count || endpoints.Select(one => one.Priority).Distinct().Count() != endpoints.Count)
            {
                throw new RecoveryException("BadRequest", "All endpoints with unique priorities were expected.", isTransient: false, "Correct the call.");
            }

            var after = before.Endpoints
                .Select(endpoint => endpoints.Single(one => one.Name == endpoint.Name) is var setting
                    ? endpoint with { Enabled = setting.Enabled, Priority = setting.Priority }
                    : endpoint)
                .ToList();
            if (!after.SequenceEqual(before.Endpoints))
            {
                Profile = before with { Endpoints = after };
                effects.Add($"shift to {Served?.Name ?? "nobody"}");
            }

            return true;
        });

    private TrafficProfile Known(ResourceId profile) => profile == Profile.Id
        ? Profile
        : throw new RecoveryException("ResourceNotFound", $"'{profile}' does not exist.", isTransient: false, "Correct the plan.");
}
