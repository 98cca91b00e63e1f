using System.Text.Json;
using static DrFunctions.Recovery.Signals.EventJson;

namespace DrFunctions.Recovery.Signals;

/// <summary>Reads Azure Monitor's common alert schema, as a webhook sends it or as the data of an event.</summary>
internal static class CommonAlert
{
    private const string Schema = "azureMonitorCommonAlertSchema";
    private const int MaxRegions = 100;

    /// <summary>The signal, or null when the JSON is of another schema.</summary>
    /// <param name="root">What may be an alert.</param>
    /// <param name="type">The type of the event that carried it.</param>
    /// <param name="subject">The event's subject.</param>
    /// <param name="fallbackId">The event's id, for an alert that has none.</param>
    /// <param name="receivedAt">Now.</param>
    public static Signal? Read(JsonElement root, string type, string subject, string fallbackId, DateTimeOffset receivedAt)
    {
        if (Text(root, "schemaId") != Schema || Member(Member(root, "data"), "essentials") is not { ValueKind: JsonValueKind.Object } essentials)
        {
            return null;
        }

        var properties = Member(Member(Member(root, "data"), "alertContext"), "properties");
        var service = (Text(essentials, "monitoringService") ?? "").Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        var state = Text(essentials, "monitorCondition") ?? "";
        var fired = Text(essentials, "firedDateTime") ?? "";
        var targets = Targets(essentials);
        var resources = Resources(targets);
        var condition = service switch
        {
            "SERVICEHEALTH" => OfServiceHealth(properties),
            "RESOURCEHEALTH" => OfResourceHealth(properties, state),
            _ => Is(properties, "cause", "UserInitiated") && OfMonitor(state) == SignalCondition.Fired ? SignalCondition.Intended : OfMonitor(state),
        };
        var alertId = Text(essentials, "alertId") ?? "";

        // Whoever forwards an alert may do so twice, in two events; the alert's own id knows.
        var id = alertId.Length > 0 ? Hash(alertId, state, fired) : fallbackId;
        var at = condition == SignalCondition.Resolved ? Text(essentials, "resolvedDateTime") ?? fired : fired;
        return new Signal(
            id, type, subject, resources, condition, Past(at, receivedAt), receivedAt,
            $"{Text(essentials, "alertRule") ?? "alert"} ({Text(essentials, "severity") ?? "no severity"}) {state}")
        {
            Alert = service switch
            {
                // Every message about an incident is an alert of its own; the tracking id is the incident's.
                "SERVICEHEALTH" when Text(properties, "trackingId") is { Length: > 0 } tracking => Hash("service-health", tracking),
                "RESOURCEHEALTH" when resources.Count > 0 => HealthEvent.AlertOf(resources[0]),
                _ => alertId.Length > 0 ? Hash(alertId) : id,
            },
            StatedAt = Stated(at, receivedAt),
            Regions = service == "SERVICEHEALTH" ? ImpactedRegions(properties) : [],
            Subscription = resources.Count == 0 ? targets.Select(SubscriptionOf).FirstOrDefault(one => one is not null) : null,
        };
    }

    private static List<string?> Targets(JsonElement essentials) => Member(essentials, "alertTargetIDs") is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)]
        : [];

    private static SignalCondition OfMonitor(string state) => state.ToUpperInvariant() switch
    {
        "FIRED" => SignalCondition.Fired,
        "RESOLVED" => SignalCondition.Resolved,
        _ => SignalCondition.Unreadable,
    };

    // Arrives as "Fired" whatever it says: the stage tells, and only incidents are outages.
    private static SignalCondition OfServiceHealth(JsonElement properties) => Is(properties, "incidentType", "Incident")
        ? Text(properties, "stage")?.ToUpperInvariant() switch
        {
            "ACTIVE" or "INPROGRESS" => SignalCondition.Fired,
            "RESOLVED" or "COMPLETE" or "RCA" or "CANCELED" => SignalCondition.Resolved,
            _ => SignalCondition.Unreadable,
        }
        : Text(properties, "incidentType") is null ? SignalCondition.Unreadable : SignalCondition.Informed;

    // Says whether the platform or a person took the resource down. Also arrives as "Fired" when the resource is well again.
    private static SignalCondition OfResourceHealth(JsonElement properties, string state) =>
        Text(properties, "currentHealthStatus")?.ToUpperInvariant() switch
        {
            "AVAILABLE" => SignalCondition.Resolved,
            "UNKNOWN" => SignalCondition.Informed, // Understood: Azure cannot see the resource, and blindness is not death.
            _ when OfMonitor(state) == SignalCondition.Fired && Is(properties, "cause", "UserInitiated") => SignalCondition.Intended,
            _ => OfMonitor(state),
        };

    // A JSON text inside the JSON: [{"ImpactedRegions":[{"RegionName":"West Europe"}],"ServiceName":"…"}].
    private static List<string> ImpactedRegions(JsonElement properties)
    {
        var names = new List<string?>();
        try
        {
            using var services = JsonDocument.Parse(Text(properties, "impactedServices") ?? "[]");
            names.AddRange(Items(services.RootElement)
                .SelectMany(service => Items(Member(service, "ImpactedRegions")))
                .Select(region => Text(region, "RegionName")));
        }
        catch (JsonException)
        {
            // The region beside it has to do.
        }

        names.AddRange((Text(properties, "region") ?? "").Split(','));
        return [.. names
            .Select(name => (name ?? "").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant())
            .Where(name => name.Length > 0)
            .Distinct()
            .Take(MaxRegions)];
    }

    private static IEnumerable<JsonElement> Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string? SubscriptionOf(string? target) =>
        target?.Split('/') is ["", var word, { Length: > 0 } id] && word.Equals("subscriptions", StringComparison.OrdinalIgnoreCase) ? id : null;
}
