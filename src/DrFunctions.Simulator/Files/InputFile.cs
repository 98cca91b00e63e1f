using System.Text.Json;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Files;

/// <summary>Reads a file of the simulator and finds all its mistakes at once, each with its place.</summary>
internal static class InputFile
{
    /// <summary>Far beyond any scenario.</summary>
    private const long MaxOctets = 16 * 1024 * 1024;

    /// <param name="path">The file.</param>
    /// <param name="text">What is in it.</param>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public static string? TryReadText(string path, out string text)
    {
        text = "";
        try
        {
            if (new FileInfo(path).Length > MaxOctets)
            {
                return $"{path}: the file is larger than {MaxOctets} octets";
            }

            text = File.ReadAllText(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{path}: the file cannot be read: {exception.Message}";
        }
    }

    /// <param name="json">The text.</param>
    /// <param name="schema">What it must look like.</param>
    /// <param name="options">How it becomes an object.</param>
    /// <param name="check">Finds the mistakes that no schema sees.</param>
    /// <param name="mistakes">Every mistake, in the order of the text.</param>
    /// <returns>The object; null when there are mistakes.</returns>
    public static T? Read<T>(string json, FileSchema schema, JsonSerializerOptions options, Func<T, IEnumerable<Mistake>> check, out IReadOnlyList<Mistake> mistakes)
        where T : class
    {
        if (JsonText.Read(json, out var malformed) is not { } document)
        {
            mistakes = [malformed!]; // there is one when there is no document
            return null;
        }

        var structural = new List<Mistake>();
        var node = schema.Check(document, structural);
        var value = Deserialize<T>(node, options, out var refused);
        var semantic = value is null ? refused : check(value);
        mistakes = [.. structural.Concat(semantic.Where(mistake => IsNews(mistake, structural)).Select(mistake => Place(mistake, document)))
            .OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column)];
        return mistakes.Count == 0 ? value : null;
    }

    private static T? Deserialize<T>(JsonNode? node, JsonSerializerOptions options, out IEnumerable<Mistake> refused)
        where T : class
    {
        refused = [];
        try
        {
            return node.Deserialize<T>(options);
        }
        catch (JsonException exception)
        {
            // The schema agrees with the types; a number may still be too large for its own.
            refused = [new Mistake(PathOf(exception), exception.Message)];
            return null;
        }
    }

    private static string PathOf(JsonException exception) => exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";

    // While the structure is wrong a name that is referred to may just be the one that could not be read.
    private static bool IsNews(Mistake mistake, List<Mistake> structural) => structural.Count == 0
        || (!mistake.Message.StartsWith("expected one of", StringComparison.Ordinal)
            && !structural.Exists(known => mistake.Path.StartsWith(known.Path, StringComparison.Ordinal) || known.Path.StartsWith(ListOf(mistake), StringComparison.Ordinal)));

    /// <summary>What a mistake of several items together, such as <c>sites[].name</c>, is about.</summary>
    private static string ListOf(Mistake mistake) => mistake.Path.IndexOf("[]", StringComparison.Ordinal) is >= 0 and var at ? mistake.Path[..at] : mistake.Path + ".";

    private static Mistake Place(Mistake mistake, JsonPlace document)
    {
        var at = document.All.Where(place => place.Path.Length == 0 || mistake.Path == place.Path || IsBelow(mistake.Path, place.Path)).MaxBy(place => place.Path.Length) ?? document;
        return mistake with { Line = at.Line, Column = at.Column };
    }

    private static bool IsBelow(string path, string above) => path.StartsWith(above, StringComparison.Ordinal) && path[above.Length] is '.' or '[';
}
