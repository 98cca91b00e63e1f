using System.Text.Json;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.People;

/// <summary>
/// The list of people as settings and files hold it: a JSON array of <see cref="PersonEntry"/>, with hashes of keys and no secret.
/// </summary>
public static class PeopleList
{
    /// <summary>The largest list, in characters, inclusive.</summary>
    public const int MaximumLength = 64 * 1024;

    private static readonly JsonSerializerOptions Indented = new(DocumentJson.Options) { WriteIndented = true };

    /// <summary>Reads the list; an empty text is an empty list.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="mistakes">Every mistake: the entry, the value and what was expected. Never a key.</param>
    /// <returns>The entries; empty where there is any mistake.</returns>
    public static IReadOnlyList<PersonEntry> Read(string? text, out IReadOnlyList<string> mistakes)
    {
        mistakes = [];
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        if (text.Length > MaximumLength)
        {
            mistakes = [$"the list of people has {text.Length} characters, expected at most {MaximumLength}"];
            return [];
        }

        try
        {
            var people = JsonSerializer.Deserialize<List<PersonEntry?>>(text, DocumentJson.Options) ?? [];
            mistakes = people.Contains(null)
                ? ["the list of people has an entry that is null, expected an object with name, roles and keys"]
                : [.. Mistakes([.. people.OfType<PersonEntry>()])];
            return mistakes.Count == 0 ? [.. people.OfType<PersonEntry>()] : [];
        }
        catch (JsonException exception)
        {
            // The parser's own message may quote what it read.
            mistakes =
            [
                $"the list of people is not what is expected at {exception.Path ?? "$"} (line {exception.LineNumber + 1}): "
                    + """expected a JSON array such as [{"name":"ann","roles":["operator"],"keys":["HASH"]}]""",
            ];
            return [];
        }
    }

    /// <summary>Writes the list, one indented entry after the other, sorted by name.</summary>
    public static string Write(IEnumerable<PersonEntry> people) =>
        JsonSerializer.Serialize(people.OrderBy(person => person.Name, StringComparer.Ordinal), Indented) + "\n";

    private static IEnumerable<string> Mistakes(List<PersonEntry> people)
    {
        foreach (var mistake in people.SelectMany(person => person.Mistakes()))
        {
            yield return mistake;
        }

        foreach (var twice in people.GroupBy(person => person.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"name: '{twice.Key}' is there {twice.Count()} times, expected once";
        }

        foreach (var shared in people.SelectMany(person => person.Keys.Distinct(), (person, key) => (person.Name, key)).GroupBy(each => each.key)
            .Where(group => group.Count() > 1))
        {
            yield return $"keys: {string.Join(" and ", shared.Select(each => $"'{each.Name}'"))} have the same key, expected one of their own";
        }
    }
}
