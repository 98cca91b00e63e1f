using System.Text;
using System.Text.Json;
using static DrFunctions.Recovery.Signals.EventJson;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Reads one event of the Event Grid schema or of CloudEvents 1.0, or one alert of the Azure Monitor common alert schema.
/// Understood are that schema, bare and as the data of an event of any type, and
/// <c>Microsoft.ResourceNotifications.HealthResources</c> events; whatever else becomes an unreadable signal, because neither
/// Event Grid nor an action group sends again what was refused.
/// </summary>
public static class SignalReader
{
    /// <summary>The event type of an alert that came without an event around it.</summary>
    public const string Webhook = "Microsoft.Insights.CommonAlert";

    /// <summary>Reads an event or an alert.</summary>
    /// <param name="body">One JSON object.</param>
    /// <param name="receivedAt">Now.</param>
    public static Signal Read(string body, DateTimeOffset receivedAt)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(body));
            if (document.RootElement.ValueKind == JsonValueKind.Object && Read(document.RootElement, body, receivedAt) is { } signal)
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

    private static Signal? Read(JsonElement root, string body, DateTimeOffset receivedAt)
    {
        if ((Text(root, "eventType") ?? Text(root, "type")) is not { Length: > 0 } type)
        {
            return CommonAlert.Read(root, Webhook, "", Hash(body), receivedAt);
        }

        var source = Text(root, "topic") ?? Text(root, "source") ?? "";
        var subject = Text(root, "subject") ?? "";
        var time = Text(root, "eventTime") ?? Text(root, "time") ?? "";
        var data = Member(root, "data");
        var id = Hash(source, type, subject, time, data.ValueKind == JsonValueKind.Undefined ? "" : data.GetRawText());
        return CommonAlert.Read(data, type, subject, id, receivedAt)
            ?? (HealthEvent.IsOne(type)
                ? HealthEvent.Read(data, id, type, subject, time, receivedAt)
                : new Signal(id, type, subject, Resources([subject]), SignalCondition.Unreadable, Past(time, receivedAt), receivedAt, type));
    }
}
