using DrFunctions.App.Http;
using Microsoft.AspNetCore.Mvc;

namespace DrFunctions.App.Incidents;

/// <summary>The reason that whoever decides gives, and how callers' words are shown back to them.</summary>
internal static class ReasonField
{
    private const int Most = 1024;

    /// <summary>The answer to a reason that is missing or too long; null when it is well.</summary>
    public static IActionResult? Mistake(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? ApiResult.BadRequest("FieldInvalid", "reason: missing, expected why, in words.")
        : reason.Length > Most ? ApiResult.BadRequest("FieldInvalid", $"reason: {reason.Length} characters, expected at most {Most}.")
        : null;

    /// <summary>A text, cut off where it is long.</summary>
    public static string? Shown(string? text) => text is { Length: > 80 } ? text[..80] + "…" : text;
}
