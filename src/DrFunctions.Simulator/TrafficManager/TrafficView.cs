using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.TrafficManager.Routing;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Where the queries of profiles that are enrolled in Traffic View came from and were led to, as heat maps show it. Thread safe.</summary>
internal sealed class TrafficView(ProfileWriter writer, LatencyTable latencies, TimeProvider time)
{
    /// <summary>What is kept at most, so that queries from everywhere do not fill the memory; more are not counted.</summary>
    private const int MaxFlows = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Flow, long> _flows = [];
    private DateTimeOffset _since = time.GetUtcNow();

    public void Record(TrafficProfile profile, TrafficClient client, TrafficDirection direction)
    {
        if (!profile.TrafficView)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var endpoint in direction.Endpoints)
            {
                var flow = new Flow(profile.Key, client, writer.IdOf(direction.Profile, endpoint), endpoint.Location);
                if (_flows.TryGetValue(flow, out var count) || _flows.Count < MaxFlows)
                {
                    _flows[flow] = count + 1;
                }
            }
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _flows.Clear();
            _since = time.GetUtcNow();
        }
    }

    /// <summary>Answers for the heat map of a profile; <c>topLeft</c> and <c>botRight</c> cut a rectangle out of it.</summary>
    public ArmResponse Handle(ArmRequest request, TrafficProfile profile)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            throw request.MethodNotAllowed();
        }

        var (topLeft, botRight) = (ReadCorner(request, "topLeft"), ReadCorner(request, "botRight"));
        ImmutableArray<KeyValuePair<Flow, long>> flows;
        DateTimeOffset since;
        lock (_gate)
        {
            flows = [.. _flows.Where(each => each.Key.Profile == profile.Key && IsInside(Geography.PositionOf(each.Key.Client.Place), topLeft, botRight))];
            since = _since;
        }

        var ids = flows.Select(each => each.Key.EndpointId).Distinct().Order(StringComparer.Ordinal).ToList();
        return ArmResponse.Ok(new JsonObject
        {
            ["id"] = writer.IdOf(profile) + "/heatMaps/latencyVolumeByLocation",
            ["name"] = "default",
            ["type"] = ProfileWriter.ProfileType + "/heatMaps/latencyVolumeByLocation",
            ["properties"] = new JsonObject
            {
                ["startTime"] = Write(since),
                ["endTime"] = Write(time.GetUtcNow()),
                ["endpoints"] = new JsonArray([.. ids.Select((id, index) => new JsonObject { ["endpointId"] = index + 1, ["resourceId"] = id })]),
                ["trafficFlows"] = new JsonArray([.. flows.GroupBy(each => each.Key.Client).Select(group => Write(group.Key, group, ids))]),
            },
        });
    }

    private JsonObject Write(TrafficClient client, IEnumerable<KeyValuePair<Flow, long>> flows, List<string> ids)
    {
        var json = new JsonObject();
        if (Geography.PositionOf(client.Place) is { } position)
        {
            json["latitude"] = position.Latitude;
            json["longitude"] = position.Longitude;
        }

        json["sourceIp"] = client.Address.ToString();
        json["queryExperiences"] = new JsonArray([.. flows.OrderBy(each => each.Key.EndpointId, StringComparer.Ordinal).Select(each => Write(each.Key, each.Value, ids))]);
        return json;
    }

    private JsonObject Write(Flow flow, long count, List<string> ids)
    {
        var json = new JsonObject { ["endpointId"] = ids.IndexOf(flow.EndpointId) + 1, ["queryCount"] = count };
        if (latencies.Between(flow.Client.Place, flow.Location) is var latency && double.IsFinite(latency))
        {
            json["latency"] = Math.Round(latency, 3);
        }

        return json;
    }

    private static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Position? ReadCorner(ArmRequest request, string name)
    {
        if (!request.Query.TryGetValue(name, out var text))
        {
            return null;
        }

        return text.Split(',') is [var latitude, var longitude]
            && double.TryParse(latitude, NumberStyles.Float, CultureInfo.InvariantCulture, out var north) && Math.Abs(north) <= 90
            && double.TryParse(longitude, NumberStyles.Float, CultureInfo.InvariantCulture, out var east) && Math.Abs(east) <= 180
            ? new Position(north, east)
            : throw ProfileErrors.BadRequest($"The value '{text}' of '{name}' is invalid: expected a latitude and a longitude in degrees, such as 52.4,4.9.");
    }

    private static bool IsInside(Position? position, Position? topLeft, Position? botRight) =>
        (topLeft is null && botRight is null)
        || (position is { } at
            && (topLeft is not { } corner || (at.Latitude <= corner.Latitude && at.Longitude >= corner.Longitude))
            && (botRight is not { } other || (at.Latitude >= other.Latitude && at.Longitude <= other.Longitude)));

    private sealed record Flow(string Profile, TrafficClient Client, string EndpointId, string? Location);
}
