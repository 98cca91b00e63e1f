using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>Reads values of answers whose shape is the service's: whatever is absent or of another type is null.</summary>
internal static class Json
{
    /// <summary>Writes what is put back as it came, without escapes that JSON does not ask for.</summary>
    public static JsonSerializerOptions AsItWas { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    public static string? TextOrNull(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A time with an offset; without one it is UTC.</summary>
    public static DateTimeOffset? TimeOrNull(this JsonNode? node, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(node.TextOrNull(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    public static bool IsTrue(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static ResourceId? IdOrNull(this JsonNode? node, params ReadOnlySpan<string> path) =>
        ResourceId.TryParse(node.TextOrNull(path), out var id) ? id : null;

    public static int? NumberOrNull(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
