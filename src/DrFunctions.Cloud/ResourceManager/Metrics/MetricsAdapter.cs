using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.Metrics;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager.Metrics;

/// <summary>Azure Monitor's metrics, which Resource Manager answers below each resource. Thread-safe.</summary>
/// <param name="client">Sends the requests.</param>
/// <param name="time">Tells how far back to look.</param>
public sealed class MetricsAdapter(ResourceManagerClient client, TimeProvider time) : IMetrics
{
    // The newest stable version of Microsoft.Insights in Azure's REST API specification (metrics_API.json). Data points have "timeStamp" and
    // a member for each aggregation that was asked for, absent in a minute without a value.
    private const string ApiVersion = "2024-02-01";

    /// <inheritdoc/>
    public async Task<MetricPoint?> ReadNewestAsync(ResourceId resource, string metric, TimeSpan back, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var answer = await client.SendAsync(
            new ResourceRequest(RequestMethod.Get, resource, ApiVersion)
            {
                Action = "providers/Microsoft.Insights/metrics",
                Query = [("metricnames", metric), ("aggregation", "Maximum"), ("interval", "PT1M"), ("timespan", $"{Time(now - back)}/{Time(now)}")],
            },
            cancellationToken);
        var metrics = answer.Object().At("value") as JsonArray ?? throw ResourceAnswer.Unreadable(answer.What, "without a value");
        return metrics
            .SelectMany(each => each.At("timeseries") as JsonArray ?? [])
            .SelectMany(series => series.At("data") as JsonArray ?? [])

            // A minute without a value has its time only.
            .Select(point => point.TimeOrNull("timeStamp") is { } at && Number(point.At("maximum")) is { } value ? new MetricPoint(at, value) : null)
            .OfType<MetricPoint>()
            .MaxBy(point => point.At);
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
