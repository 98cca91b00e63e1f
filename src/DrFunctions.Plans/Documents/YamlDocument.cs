using System.Text;
using DrFunctions.Plans.Fields;
using YamlDotNet.Core;

namespace DrFunctions.Plans.Documents;

/// <summary>
/// Turns text into nodes. What makes YAML dangerous or surprising is refused: anchors and aliases (a few lines can mean
/// billions of nodes), tags, several documents, deep nesting.
/// </summary>
internal static class YamlDocument
{
    /// <summary>The document's root, or null with one mistake that says why there is none.</summary>
    public static YamlNode? Load(string text, MistakeList mistakes)
    {
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > PlanReader.MaxBytes)
        {
            mistakes.Add(new Place(1, 1), string.Empty, $"The plan has {bytes} bytes; expected at most {PlanReader.MaxBytes}.");
            return null;
        }

        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        if (Unreadable(text) is { } found)
        {
            mistakes.Add(found.At, string.Empty, found.Message);
            return null;
        }

        try
        {
            return new NodeBuilder(text, mistakes).Build();
        }
        catch (RefusedYamlException refused)
        {
            mistakes.Add(refused.At, string.Empty, refused.Message);
        }
        catch (YamlException error)
        {
            var (at, message) = Explain(text, NodeBuilder.PlaceOf(error.Start), error);
            mistakes.Add(at, string.Empty, message);
        }

        return null;
    }

    private static (Place At, string Message)? Unreadable(string text)
    {
        var (line, column) = (1, 1);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            var pair = char.IsHighSurrogate(character) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
            if (!pair && !IsReadable(character))
            {
                return (new Place(line, column),
                    $"The text has the character U+{(int)character:X4}; expected a YAML document in UTF-8.");
            }

            index += pair ? 1 : 0;
            (line, column) = character == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return null;
    }

    // YAML's printable characters; U+FFFD and an inner U+FEFF are what text of another encoding turns into.
    private static bool IsReadable(char character) =>
        character is '\t' or '\n' or '\r' or (>= ' ' and <= '~') or '\u0085' or (>= '\u00A0' and < '\uD800')
            or (>= '\uE000' and < '\uFEFF') or (> '\uFEFF' and < '\uFFFD');

    // The parser's own words are about its rules; the two usual causes deserve plain ones.
    private static (Place At, string Message) Explain(string text, Place at, YamlException error)
    {
        var lines = text.Split('\n');
        var tab = Array.FindIndex(lines, line => line.AsSpan(0, line.Length - line.TrimStart().Length).Contains('\t'));
        if (tab >= 0)
        {
            return (new Place(tab + 1, 1), "The line is indented with a tab; expected spaces, as YAML wants.");
        }

        var value = (lines.ElementAtOrDefault(at.Line - 1) ?? string.Empty).Split(':', 2)[^1];
        if (value.TrimStart().StartsWith('*'))
        {
            return (at, "The value begins with '*', which means an alias in YAML; expected a schedule in quotes, such as \"*/5 * * * *\".");
        }

        var reason = error.Message.Trim().TrimEnd('.');
        return (at, $"The text is not YAML: {(reason.Length == 0 ? "it ends too early" : reason)}.");
    }
}
