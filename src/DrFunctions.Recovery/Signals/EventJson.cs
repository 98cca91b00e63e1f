using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Signals;

/// <summary>Reading of events whose every member may be missing or of another type.</summary>
internal static class EventJson
{
    private static readonly TimeSpan s_worstClock = TimeSpan.FromHours(1);

    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Is(JsonElement element, string name, string text) =>
        string.Equals(Text(element, name), text, StringComparison.OrdinalIgnoreCase);

    public static List<ResourceId> Resources(IEnumerable<string?> ids) =>
        [.. ids.Where(id => ResourceId.TryParse(id, out _)).Select(id => ResourceId.Parse(id!)).Distinct()];

    /// <summary>A time; an alert from the future would make the recovery look shorter than it was.</summary>
    public static DateTimeOffset Past(string? text, DateTimeOffset receivedAt) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        && time < receivedAt
            ? time
            : receivedAt;

    /// <summary>A time as its sender stated it; one that no wrong clock explains is taken for now, so that nothing stays newest for ever.</summary>
    public static DateTimeOffset Stated(string? text, DateTimeOffset receivedAt) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        && time <= receivedAt + s_worstClock
            ? time
            : receivedAt;

    public static string Hash(params string[] parts)
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
