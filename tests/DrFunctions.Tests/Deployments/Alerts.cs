using System.Globalization;
using System.Text.Json;

namespace DrFunctions.App.Deployments;

/// <summary>Alerts as Event Grid delivers them.</summary>
internal static class Alerts
{
    /// <summary>A common-schema alert in the Event Grid schema, in an array of one.</summary>
    public static string Common(string id, string resource, DateTimeOffset at, string condition = "Fired", object? context = null) => Event(
        id,
        "DrFunctions.AzureMonitorAlert",
        at,
        new
        {
            schemaId = "azureMonitorCommonAlertSchema",
            data = new
            {
                essentials = new
                {
                    alertId = $"/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/{id}",
                    alertRule = "site does not answer",
                    severity = "Sev1",
                    monitorCondition = condition,
                    alertTargetIDs = new[] { resource },
                    firedDateTime = at.UtcDateTime,
                    essentialsVersion = "1.0",
                },
                alertContext = context ?? new { },
            },
        });

    /// <summary>A resource-health event.</summary>
    public static string Health(string id, string resource, DateTimeOffset at, string state, string context) => Event(
        id,
        "Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged",
        at,
        new
        {
            resourceInfo = new { id = resource, properties = new { targetResourceId = resource, availabilityState = state, context } },
        });

    private static string Event(string id, string type, DateTimeOffset at, object data) => JsonSerializer.Serialize(new[]
    {
        new
        {
            id,
            topic = "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventGrid/topics/alerts",
            subject = "alert",
            eventType = type,
            eventTime = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            dataVersion = "1.0",
            data,
        },
    });
}
