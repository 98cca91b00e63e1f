using DrFunctions.Plans.Fields;

namespace DrFunctions.Plans.Sections;

/// <summary>Names that the items of a list gave themselves.</summary>
internal sealed class UniqueNames
{
    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> All => lines.Keys;

    /// <summary>Remembers a name, and reports it where it was given before.</summary>
    public void Add(string? name, Field? field)
    {
        if (name is not null && field is not null && !lines.TryAdd(name, field.At.Line))
        {
            field.Report($"is '{name}', as in line {lines[name]}; expected a name of its own.");
        }
    }

    /// <summary>Reads a reference to one of the names; an unknown one is reported.</summary>
    public static string? Refer(Field? field, string what, IReadOnlyCollection<string> known)
    {
        if (Names.Name(field) is not { } name || field is null)
        {
            return null;
        }

        if (known.Contains(name))
        {
            return name;
        }

        field.Report($"is '{name}', and the plan has no {what} of that name; {Spelling.Hint(name, known)}");
        return null;
    }
}
