using System.CommandLine;
using DrFunctions.Recovery.People;

namespace DrFunctions.Cli.People;

/// <summary>The list of people in a file: what the app's setting <c>Dr__People</c> holds. It has hashes of keys and no secret.</summary>
internal static class PeopleFile
{
    /// <summary>Which file.</summary>
    public static Option<string> Option() => new("--file")
    {
        Description = "The list of people.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "people.json",
    };

    /// <summary>Reads it; an absent one is an empty list.</summary>
    /// <exception cref="CliException">It has mistakes; all of them are told.</exception>
    public static List<PersonEntry> Read(string path)
    {
        try
        {
            var people = PeopleList.Read(File.Exists(path) ? File.ReadAllText(path) : null, out var mistakes);
            return mistakes.Count == 0 ? [.. people] : throw new CliException(
                "BadInput", $"{path} has {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}.", "Correct them; nothing was changed.")
            {
                Details = mistakes,
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException("BadInput", $"{path} cannot be read: {failure.Message}", "Give the list of people with --file.", failure);
        }
    }

    /// <summary>Writes it in one piece, once it has no mistake.</summary>
    /// <exception cref="CliException">It would have mistakes, or cannot be written; nothing was changed.</exception>
    public static void Write(string path, IEnumerable<PersonEntry> people)
    {
        var text = PeopleList.Write(people);
        PeopleList.Read(text, out var mistakes);
        if (mistakes.Count > 0)
        {
            throw new CliException("BadInput", "The list of people would have mistakes.", "Correct them; nothing was changed.") { Details = mistakes };
        }

        try
        {
            File.WriteAllText(path + ".partial", text);
            File.Move(path + ".partial", path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException("BadInput", $"{path} cannot be written: {failure.Message}", "Give another file with --file.", failure);
        }
    }

    /// <summary>The person of that name.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static PersonEntry Find(List<PersonEntry> people, string name, string path) =>
        people.Find(person => person.Name == name) ?? throw new CliException(
            "NotFound", $"{path} has no '{name}'.", people.Count == 0 ? "It has nobody yet." : $"It has {string.Join(", ", people.Select(person => person.Name))}.");
}
