using System.Globalization;
using System.Text.Json;

namespace DrFunctions.App.Deployments;

/// <summary>Alerts as Event Grid delivers them.</summary>
internal static class Alerts
{
    /// <summary>A common-schema alert in the Event Grid schema, in an array of one.</summary>
    public static string Common(string id, string resource, DateTimeOffset at, string condition = "Fired", object? context = null) =>
        Event(id, "DrFunctions.AzureMonitorAlert", at, Alert(id, at, condition, context, [resource]));

    /// <summary>The same alert as an action group sends it to a webhook, about any number of resources.</summary>
    public static string Webhook(string id, DateTimeOffset at, string condition, params string[] resources) =>
        JsonSerializer.Serialize(Alert(id, at, condition, null, resources));

    /// <summary>A webhook's body as the data of an event on a custom topic.</summary>
    public static string Carry(string id, DateTimeOffset at, string alert) =>
        Event(id, "Contoso.Forwarded", at, JsonSerializer.Deserialize<JsonElement>(alert));

    /// <summary>A resource-health event.</summary>
    public static string Health(string id, string resource, DateTimeOffset at, string state, string context) => Event(
        id,
        "Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged",
        at,
        new
        {
            resourceInfo = new { id = resource, properties = new { targetResourceId = resource, availabilityState = state, context } },
        });

    /// <summary>A Service Health incident of a region in the simulated subscription, as an action group sends it to a webhook.</summary>
    public static string Region(string id, string region, DateTimeOffset at, string stage = "Active") => JsonSerializer.Serialize(new
    {
        schemaId = "azureMonitorCommonAlertSchema",
        data = new
        {
            essentials = new
            {
                alertId = $"/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/{id}",
                alertRule = "Azure is down",
                severity = "Sev4",
                signalType = "Activity Log",
                monitorCondition = "Fired",
                monitoringService = "ServiceHealth",
                alertTargetIDs = new[] { ShopPlan.Group[..ShopPlan.Group.IndexOf("/resourceGroups", StringComparison.Ordinal)] },
                firedDateTime = at.UtcDateTime,
            },
            alertContext = new { properties = new { region, incidentType = "Incident", trackingId = "ABC1-DEF", stage } },
        },
    });

    private static object Alert(string id, DateTimeOffset at, string condition, object? context, string[] resources) => new
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
                alertTargetIDs = resources,
                firedDateTime = at.UtcDateTime,
                essentialsVersion = "1.0",
            },
            alertContext = context ?? new { },
        },
    };

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
