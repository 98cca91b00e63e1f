using System.Text.Json.Serialization;

namespace DrFunctions.LocalRuntime.Timers;

/// <summary>The stored state of a schedule. Whoever replaces it has claimed the occurrence that was next.</summary>
internal sealed record TimerRecord
{
    /// <summary>The expression that <see cref="Next"/> was computed by.</summary>
    [JsonPropertyName("Schedule")]
    public required string Schedule { get; init; }

    /// <summary>The last occurrence that was claimed; null before the first.</summary>
    [JsonPropertyName("Last")]
    public DateTimeOffset? Last { get; init; }

    /// <summary>The next occurrence; null where the schedule has no more.</summary>
    [JsonPropertyName("Next")]
    public DateTimeOffset? Next { get; init; }

    /// <summary>The host that claimed <see cref="Last"/>, so that it knows its own claim when the answer to it was lost.</summary>
    [JsonPropertyName("Owner")]
    public string? Owner { get; init; }

    /// <summary>When this was written.</summary>
    [JsonPropertyName("LastUpdated")]
    public DateTimeOffset LastUpdated { get; init; }
}
