using System.Text.Json;
using DrFunctions.Recovery.Workloads;
using static DrFunctions.Recovery.Signals.EventJson;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Reads <c>Microsoft.ResourceNotifications.HealthResources</c> events: a resource's availability changed, or a note says why.
/// </summary>
internal static class HealthEvent
{
    private const string Prefix = "Microsoft.ResourceNotifications.HealthResources.";

    public static bool IsOne(string type) => type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Names the health of a resource as one alert, by whichever way its news come.</summary>
    public static string AlertOf(ResourceId resource) => Hash("resource-health", resource.Value.ToUpperInvariant());

    public static Signal Read(JsonElement data, string id, string type, string subject, string time, DateTimeOffset receivedAt)
    {
        var properties = Member(Member(data, "resourceInfo"), "properties");
        var at = Text(properties, "occurredTime") ?? time;
        var resources = Resources([Text(properties, "targetResourceId") ?? subject]);
        return new Signal(
            id, type, subject, resources, Condition(properties), Past(at, receivedAt), receivedAt, type)
        {
            StatedAt = Stated(at, receivedAt),
            Alert = resources.Count > 0 ? AlertOf(resources[0]) : id,
        };
    }

    private static SignalCondition Condition(JsonElement properties) => Text(properties, "availabilityState")?.ToUpperInvariant() switch
    {
        _ when Is(properties, "context", "Customer Initiated") => SignalCondition.Intended,
        "UNAVAILABLE" or "DEGRADED" => SignalCondition.Fired,
        "AVAILABLE" => SignalCondition.Resolved,
        "UNKNOWN" => SignalCondition.Informed, // Understood: Azure cannot see the resource, and blindness is not death.

        // A note on why; whether the resource works is another event's to tell.
        null when Text(properties, "annotationName") is { Length: > 0 } => SignalCondition.Informed,
        _ => SignalCondition.Unreadable,
    };
}
