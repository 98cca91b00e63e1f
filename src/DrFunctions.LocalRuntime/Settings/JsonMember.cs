using System.Text.Json;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>One scalar of a JSON file, or an empty container.</summary>
/// <param name="Path">Its names from the root, joined by <c>:</c>; array items by index.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its text; null for null and empty containers.</param>
/// <param name="Line">Its line in the file, from 1.</param>
internal sealed record JsonMember(string Path, JsonTokenType Kind, string? Value, int Line);
