using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>The one metric of Azure Monitor that servers have here: how far a replica is behind, minute by minute.</summary>
internal sealed class MetricsApi(ServerStore servers, RegionOutages outages, TimeProvider time)
{
    public const string Lag = "physical_replication_delay_in_seconds";

    private static readonly TimeSpan s_usual = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>The stable versions of Azure's REST API specification that list metrics (<c>metrics_API.json</c>), newest first.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["2024-02-01", "2023-10-01", "2021-05-01", "2019-07-01", "2018-01-01"];

    public ArmResponse Handle(ArmRequest request, FlexibleServer server)
    {
        if (request.Method != "GET")
        {
            throw request.MethodNotAllowed();
        }

        var names = (request.Query.GetValueOrDefault("metricnames") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Array.Find(names, name => !ArmRouter.Is(name, Lag)) is { } unknown)
        {
            throw ArmRejection.BadRequest("BadRequest", $"Failed to find metric configuration for provider: Microsoft.DBforPostgreSQL, resource Type: flexibleServers, metric: {unknown}, Valid metrics: {Lag}");
        }

        if (request.Query.GetValueOrDefault("interval") is { } interval && interval != "PT1M")
        {
            throw ArmRejection.BadRequest("BadRequest", $"Invalid time grain '{interval}': the simulator has PT1M.");
        }

        var (from, to) = Span(request.Query.GetValueOrDefault("timespan"));
        var points = new JsonArray();
        for (var minute = Floor(from); minute < to; minute += s_minute)
        {
            points.Add(Point(server, minute));
        }

        return ArmResponse.Ok(new JsonObject
        {
            ["cost"] = Math.Max(0, (int)(to - from).TotalMinutes - 1),
            ["timespan"] = $"{Text(from)}/{Text(to)}",
            ["interval"] = "PT1M",
            ["value"] = new JsonArray(new JsonObject
            {
                ["id"] = $"{server.Id}/providers/Microsoft.Insights/metrics/{Lag}",
                ["type"] = "Microsoft.Insights/metrics",
                ["name"] = new JsonObject { ["value"] = Lag, ["localizedValue"] = "Read Replica Lag" },
                ["displayDescription"] = "Read Replica Lag in seconds",
                ["unit"] = "Seconds",
                ["timeseries"] = server.IsReplica ? new JsonArray(new JsonObject { ["metadatavalues"] = new JsonArray(), ["data"] = points }) : [],
                ["errorCode"] = "Success",
            }),
            ["namespace"] = FlexibleServer.Type,
            ["resourceregion"] = server.Location,
        });
    }

    // Only minutes that are over have values, and a server that is dark sends none.
    private JsonObject Point(FlexibleServer server, DateTimeOffset minute)
    {
        var point = new JsonObject { ["timeStamp"] = Text(minute) };
        var end = minute + s_minute;
        if (end <= time.GetUtcNow() && !(outages.Since(server.Location) < end) && servers.TryFind(server.SourceId ?? "", out var primary))
        {
            var behind = end - outages.SyncedUntil(primary.Location, server.Location, server.Lag);
            point["maximum"] = Math.Max(server.Lag.TotalSeconds, behind.TotalSeconds);
        }

        return point;
    }

    private (DateTimeOffset From, DateTimeOffset To) Span(string? text)
    {
        if (text is null)
        {
            return (time.GetUtcNow() - s_usual, time.GetUtcNow());
        }

        if (text.Split('/') is [var first, var second] && Time(first) is { } from && Time(second) is { } to && from < to && to - from <= s_longest)
        {
            return (from, to);
        }

        throw ArmRejection.BadRequest("BadRequest", $"Invalid timespan '{text}': expected two times, the earlier one first, at most a day apart.");
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static DateTimeOffset Floor(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % s_minute.Ticks), TimeSpan.Zero);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
