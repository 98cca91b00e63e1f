using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Writes profiles and endpoints as Traffic Manager's wire shows them.</summary>
internal sealed class ProfileWriter(string subscriptionId)
{
    public const string ProfileType = "Microsoft.Network/trafficManagerProfiles";

    /// <param name="profile">The profile.</param>
    /// <param name="monitored">Its endpoints' monitor states, in their order.</param>
    /// <param name="listed">In a list the service leaves the profile's monitor status null.</param>
    public JsonObject Write(TrafficProfile profile, IReadOnlyList<EndpointMonitorStatus> monitored, bool listed = false)
    {
        var json = new JsonObject
        {
            ["id"] = IdOf(profile),
            ["name"] = profile.Name,
            ["type"] = ProfileType,
            ["location"] = "global",
        };
        if (profile.Tags is not null)
        {
            json["tags"] = profile.Tags.DeepClone();
        }

        json["properties"] = new JsonObject
        {
            ["profileStatus"] = Switch(profile.Enabled),
            ["trafficRoutingMethod"] = profile.Routing.ToString(),
            ["dnsConfig"] = new JsonObject { ["relativeName"] = profile.RelativeName, ["fqdn"] = profile.Fqdn, ["ttl"] = profile.TtlInSeconds },
            ["monitorConfig"] = WriteMonitor(profile.Monitor, listed ? null : MonitorStatus.OfProfile(profile.Enabled, monitored)),
            ["endpoints"] = new JsonArray([.. profile.Endpoints.Zip(monitored, (endpoint, status) => WriteEndpoint(profile, endpoint, status))]),
            ["trafficViewEnrollmentStatus"] = Switch(profile.TrafficView),
        };
        if (profile.MaxReturn is { } most)
        {
            json["properties"]!["maxReturn"] = most; // written above
        }

        if (profile.AllowedRecordTypes is { } allowed)
        {
            json["properties"]!["allowedEndpointRecordTypes"] = allowed.ToString(); // written above
        }

        return json;
    }

    public JsonObject WriteEndpoint(TrafficProfile profile, TrafficEndpoint endpoint, EndpointMonitorStatus status)
    {
        var properties = new JsonObject
        {
            ["endpointStatus"] = Switch(endpoint.Enabled),
            ["endpointMonitorStatus"] = status.ToString(),
        };
        if (endpoint.TargetResourceId is not null)
        {
            properties["targetResourceId"] = endpoint.TargetResourceId;
        }

        properties["target"] = endpoint.Target;
        properties["weight"] = endpoint.Weight;
        properties["priority"] = endpoint.Priority;
        properties["endpointLocation"] = endpoint.Location;
        properties["NestedProfile"] = null;
        WriteChild(properties, endpoint);
        if (endpoint.GeoMapping.Length > 0)
        {
            properties["geoMapping"] = new JsonArray([.. endpoint.GeoMapping.Select(code => JsonValue.Create(code))]);
        }

        if (endpoint.Subnets.Length > 0)
        {
            properties["subnets"] = new JsonArray([.. endpoint.Subnets.Select(WriteSubnet)]);
        }

        WriteHeaders(properties, endpoint.Headers);
        if (endpoint.AlwaysServe is { } always)
        {
            properties["alwaysServe"] = Switch(always);
        }

        return new JsonObject
        {
            ["id"] = IdOf(profile, endpoint),
            ["name"] = endpoint.Name,
            ["type"] = $"{ProfileType}/{endpoint.TypeSegment}",
            ["properties"] = properties,
        };
    }

    private static void WriteChild(JsonObject properties, TrafficEndpoint endpoint)
    {
        if (endpoint.MinChildEndpoints is { } least)
        {
            properties["minChildEndpoints"] = least;
        }

        if (endpoint.MinChildEndpointsIPv4 is { } leastIPv4)
        {
            properties["minChildEndpointsIPv4"] = leastIPv4;
        }

        if (endpoint.MinChildEndpointsIPv6 is { } leastIPv6)
        {
            properties["minChildEndpointsIPv6"] = leastIPv6;
        }
    }

    private static JsonObject WriteSubnet(AddressRange range)
    {
        var json = new JsonObject { ["first"] = range.First.ToString() };
        if (range.Scope is { } scope)
        {
            json["scope"] = scope;
        }
        else if (!range.Last.Equals(range.First))
        {
            json["last"] = range.Last.ToString();
        }

        return json;
    }

    private static JsonObject WriteMonitor(MonitorConfig monitor, ProfileMonitorStatus? status)
    {
        var json = new JsonObject
        {
            ["profileMonitorStatus"] = status?.ToString(),
            ["protocol"] = monitor.Protocol.ToString(),
            ["port"] = monitor.Port,
            ["path"] = monitor.Path,
            ["intervalInSeconds"] = (int)monitor.Interval.TotalSeconds,
            ["toleratedNumberOfFailures"] = monitor.ToleratedFailures,
            ["timeoutInSeconds"] = (int)monitor.Timeout.TotalSeconds,
        };
        WriteHeaders(json, monitor.Headers);
        if (monitor.ExpectedStatus.Length > 0)
        {
            json["expectedStatusCodeRanges"] =
                new JsonArray([.. monitor.ExpectedStatus.Select(range => new JsonObject { ["min"] = range.Min, ["max"] = range.Max })]);
        }

        return json;
    }

    private static void WriteHeaders(JsonObject owner, ImmutableArray<CustomHeader> headers)
    {
        if (headers.Length > 0)
        {
            owner["customHeaders"] =
                new JsonArray([.. headers.Select(header => new JsonObject { ["name"] = header.Name, ["value"] = header.Value })]);
        }
    }

    public string IdOf(TrafficProfile profile) =>
        new ArmScope(subscriptionId, profile.ResourceGroup).ResourceId(profile.ResourceGroup, ProfileType, profile.Name);

    public string IdOf(TrafficProfile profile, TrafficEndpoint endpoint) => $"{IdOf(profile)}/{endpoint.TypeSegment}/{endpoint.Name}";

    private static string Switch(bool enabled) => enabled ? "Enabled" : "Disabled";
}
