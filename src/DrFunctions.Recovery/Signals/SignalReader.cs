using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Reads one event of the Event Grid schema or of CloudEvents 1.0. Understood are the Azure Monitor common alert schema as the
/// event's data, and <c>Microsoft.ResourceNotifications.HealthResources</c> events; whatever else becomes an unreadable signal,
/// because Event Grid never sends again what was refused.
/// </summary>
public static class SignalReader
{
    private const string CommonAlertSchema = "azureMonitorCommonAlertSchema";
    private const string HealthResources = "Microsoft.ResourceNotifications.HealthResources.";

    /// <summary>Reads an event.</summary>
    /// <param name="body">The event, one JSON object.</param>
    /// <param name="receivedAt">Now.</param>
    public static Signal Read(string body, DateTimeOffset receivedAt)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(body));
            if (document.RootElement.ValueKind == JsonValueKind.Object && Read(document.RootElement, receivedAt) is { } signal)
            {
                return signal;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or with half a surrogate pair in what is read: unreadable, like JSON that is no event.
        }

        return new Signal(Hash(body), "", "", [], SignalCondition.Unreadable, receivedAt, receivedAt, "not an event");
    }

    private static Signal? Read(JsonElement root, DateTimeOffset receivedAt)
    {
        if ((Text(root, "eventType") ?? Text(root, "type")) is not { Length: > 0 } type)
        {
            return null;
        }

        var source = Text(root, "topic") ?? Text(root, "source") ?? "";
        var subject = Text(root, "subject") ?? "";
        var time = Text(root, "eventTime") ?? Text(root, "time") ?? "";
        var data = Member(root, "data");
        var id = Hash(source, type, subject, time, data.ValueKind == JsonValueKind.Undefined ? "" : data.GetRawText());

        if (Text(data, "schemaId") == CommonAlertSchema && Member(Member(data, "data"), "essentials") is { ValueKind: JsonValueKind.Object } essentials)
        {
            return CommonAlert(essentials, Member(Member(data, "data"), "alertContext"), id, type, subject, receivedAt);
        }

        var (condition, resource) = type.StartsWith(HealthResources, StringComparison.OrdinalIgnoreCase)
            ? Health(data, subject)
            : (SignalCondition.Unreadable, subject);
        return new Signal(id, type, subject, Resources([resource]), condition, Past(time, receivedAt), receivedAt, type);
    }

    private static Signal CommonAlert(
        JsonElement essentials, JsonElement context, string eventId, string type, string subject, DateTimeOffset receivedAt)
    {
        var state = Text(essentials, "monitorCondition") ?? "";
        var fired = Text(essentials, "firedDateTime") ?? "";
        var targets = Member(essentials, "alertTargetIDs") is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)
            : [];
        var condition = state.ToUpperInvariant() switch
        {
            "FIRED" when IsUserInitiated(context) => SignalCondition.Intended,
            "FIRED" => SignalCondition.Fired,
            "RESOLVED" => SignalCondition.Resolved,
            _ => SignalCondition.Unreadable,
        };
        var title = $"{Text(essentials, "alertRule") ?? "alert"} ({Text(essentials, "severity") ?? "no severity"}) {state}";

        // Whoever forwards an alert may do so twice, in two events; the alert's own id knows.
        var id = Text(essentials, "alertId") is { Length: > 0 } alertId ? Hash(alertId, state, fired) : eventId;
        return new Signal(id, type, subject, Resources(targets), condition, Past(fired, receivedAt), receivedAt, title);
    }

    // Resource Health alerts say whether the platform or a person took the resource down.
    private static bool IsUserInitiated(JsonElement context) =>
        string.Equals(Text(Member(context, "properties"), "cause"), "UserInitiated", StringComparison.OrdinalIgnoreCase);

    private static (SignalCondition Condition, string Resource) Health(JsonElement data, string subject)
    {
        var properties = Member(Member(data, "resourceInfo"), "properties");
        var resource = Text(properties, "targetResourceId") ?? subject;
        if (string.Equals(Text(properties, "context"), "Customer Initiated", StringComparison.OrdinalIgnoreCase))
        {
            return (SignalCondition.Intended, resource);
        }

        var condition = Text(properties, "availabilityState")?.ToUpperInvariant() switch
        {
            "UNAVAILABLE" or "DEGRADED" => SignalCondition.Fired,
            "AVAILABLE" => SignalCondition.Resolved,
            _ => SignalCondition.Unreadable,
        };
        return (condition, resource);
    }

    private static List<ResourceId> Resources(IEnumerable<string?> ids) =>
        [.. ids.Where(id => ResourceId.TryParse(id, out _)).Select(id => ResourceId.Parse(id!)).Distinct()];

    // An alert from the future would make the recovery look shorter than it was.
    private static DateTimeOffset Past(string text, DateTimeOffset receivedAt) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        && time < receivedAt
            ? time
            : receivedAt;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static string Hash(params string[] parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            // The length goes first, so that ("a", "bc") and ("ab", "c") differ.
            hash.AppendData(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(part)));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
