using System.Text.Json;
using Azure.Messaging.EventGrid;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cli.Demo;

/// <summary>An Azure Monitor alert as Event Grid delivers it.</summary>
internal static class AlertEvent
{
    /// <summary>The event's type in this project.</summary>
    public const string EventType = "DrFunctions.AzureMonitorAlert";

    /// <summary>One fired alert about a resource: the common alert schema, in the Event Grid schema, in an array of one.</summary>
    /// <param name="resource">The resource that is in trouble.</param>
    /// <param name="region">Its region.</param>
    /// <param name="alertId">The alert's id; the same alert delivered again has the same.</param>
    /// <param name="firedAt">When it fired.</param>
    public static string Create(ResourceId resource, string region, string alertId, DateTimeOffset firedAt)
    {
        var alert = new
        {
            schemaId = "azureMonitorCommonAlertSchema",
            data = new
            {
                essentials = new
                {
                    alertId,
                    alertRule = $"{resource.Name} does not answer",
                    severity = "Sev1",
                    signalType = "Metric",
                    monitorCondition = "Fired",
                    monitoringService = "Platform",
                    alertTargetIDs = new[] { resource.Value },
                    configurationItems = new[] { resource.Name },
                    originAlertId = alertId[(alertId.LastIndexOf('/') + 1)..],
                    firedDateTime = firedAt.UtcDateTime,
                    description = $"Health check failed in {region}.",
                    essentialsVersion = "1.0",
                    alertContextVersion = "1.0",
                },
                alertContext = new { },
            },
        };
        var delivered = new EventGridEvent(resource.Value, EventType, "1.0", BinaryData.FromObjectAsJson(alert))
        {
            Id = alertId[(alertId.LastIndexOf('/') + 1)..],
            Topic = $"{resource.Value[..resource.Value.IndexOf("/providers/", StringComparison.OrdinalIgnoreCase)]}/providers/Microsoft.EventGrid/topics/alerts",
            EventTime = firedAt,
        };
        return JsonSerializer.Serialize(new[] { delivered });
    }
}
