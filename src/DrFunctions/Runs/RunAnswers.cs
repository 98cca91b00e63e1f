using System.Text.RegularExpressions;
using DrFunctions.App.Http;
using Microsoft.AspNetCore.Mvc;

namespace DrFunctions.App.Runs;

/// <summary>What the functions of runs answer alike.</summary>
internal static partial class RunAnswers
{
    private const int MaxReason = 1024;

    public static bool IsRunId(string text) => RunIdShape().IsMatch(text);

    public static IActionResult RunMissing(string runId) => ApiResult.NotFound(
        "RunNotFound", $"There is no run '{runId}', or it has not begun yet.", "List them with 'dr run list WORKLOAD'.");

    /// <summary>The refusal of a text that is too long; null when it is not.</summary>
    public static IActionResult? TooLong(string? text, string field) => text is { Length: > MaxReason }
        ? ApiResult.BadRequest("FieldTooLong", $"{field}: {text.Length} characters, expected at most {MaxReason}.")
        : null;

    /// <summary>A value that was sent, short enough to be shown.</summary>
    public static string Shown(string? text) => text is { Length: > 40 } ? $"{text[..40]}…" : text ?? "";

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,120}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RunIdShape();
}
