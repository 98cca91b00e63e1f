using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>What the management API shows of an instance.</summary>
internal static class InstanceView
{
    public static Dictionary<string, object?> Of(OrchestrationMetadata instance, bool showInput) => new()
    {
        ["name"] = instance.Name,
        ["instanceId"] = instance.InstanceId,
        ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
        ["input"] = showInput ? Json(instance.SerializedInput) : null,
        ["customStatus"] = Json(instance.SerializedCustomStatus),
        ["output"] = Json(instance.SerializedOutput) ?? (object?)instance.FailureDetails?.ToString(),
        ["createdTime"] = Time(instance.CreatedAt.UtcDateTime),
        ["lastUpdatedTime"] = Time(instance.LastUpdatedAt.UtcDateTime),
    };

    public static JsonElement? Json(string? serialized) => serialized is null ? null : JsonSerializer.Deserialize<JsonElement>(serialized);

    private static string Time(DateTime utc) => utc.ToString("s", CultureInfo.InvariantCulture) + "Z";
}
