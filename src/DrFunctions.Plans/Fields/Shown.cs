using System.Text;

namespace DrFunctions.Plans.Fields;

/// <summary>How values of a plan appear in messages: short, on one line, and never when they look like a secret.</summary>
internal static class Shown
{
    private const int MaxLength = 80;

    // What connection strings and signed URLs hold; someone pastes one where a name belongs sooner or later.
    private static readonly string[] SecretMarks =
        ["AccountKey=", "SharedAccess", "Password=", "Pwd=", "sig=", "code=", "EndpointSuffix=", "@"];

    /// <summary>The value in single quotes.</summary>
    public static string Value(string value) =>
        LooksSecret(value) ? "not shown, because it may hold a secret" : $"'{Clean(value)}'";

    /// <summary>A key, as it is.</summary>
    public static string Key(string key) => LooksSecret(key) ? "(not shown)" : Clean(key);

    private static bool LooksSecret(string value) =>
        SecretMarks.Any(mark => value.Contains(mark, StringComparison.OrdinalIgnoreCase));

    private static string Clean(string value)
    {
        var clean = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            if (clean.Length >= MaxLength)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(Rune.IsControl(rune) ? ' ' : rune);
        }

        return clean.ToString();
    }
}
