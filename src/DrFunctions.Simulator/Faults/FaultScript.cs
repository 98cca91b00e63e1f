using System.Text.Json;
using DrFunctions.Simulator.Files;

namespace DrFunctions.Simulator.Faults;

/// <summary>Faults as a file writes them.</summary>
public sealed record FaultScript
{
    /// <summary>The faults; where several meet a request, the first strikes.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>The JSON Schema (2020-12) of the file.</summary>
    public static string Schema => FileSchema.Faults.Text;

    /// <summary>Reads a fault script from a JSON file.</summary>
    /// <exception cref="FaultException">The file cannot be read or the script is not valid; then every mistake is named with its line and column.</exception>
    public static FaultScript Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return InputFile.TryReadText(path, out var text) is { } reason ? throw new FaultException(reason) : Parse(text);
    }

    /// <summary>Reads a fault script from JSON.</summary>
    /// <exception cref="FaultException">The JSON is malformed, or the script is not valid; then every mistake is named with its line and column.</exception>
    public static FaultScript Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return InputFile.Read<FaultScript>(json, FileSchema.Faults, InputJson.Faults, script => Check(script.Faults, []), out var mistakes)
            ?? throw new FaultException(mistakes);
    }

    /// <summary>Writes the script as JSON that <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, InputJson.Faults);

    /// <summary>Every fault of a region that does not exist.</summary>
    internal static IEnumerable<Mistake> CheckRegions(IReadOnlyList<Fault> faults, IReadOnlyList<string> regions)
    {
        for (var i = 0; i < faults.Count; i++)
        {
            if (faults[i] is { On: FaultTarget.Region, Name: { } name } && !regions.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return new Mistake(FormattableString.Invariant($"faults[{i}].name"), $"expected one of {string.Join(", ", regions)} and found '{name}'");
            }
        }
    }

    /// <summary>Every mistake of faults that are added together.</summary>
    /// <param name="faults">The faults.</param>
    /// <param name="known">Ids that are taken.</param>
    internal static List<Mistake> Check(IReadOnlyList<Fault> faults, IEnumerable<string> known)
    {
        var mistakes = new List<Mistake>();
        var ids = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < faults.Count; i++)
        {
            var at = FormattableString.Invariant($"faults[{i}]");
            if (faults[i] is null)
            {
                mistakes.Add(new Mistake(at, "expected a fault and found null"));
                continue;
            }

            mistakes.AddRange(FaultRules.Check(faults[i]).Select(mistake => mistake with { Path = $"{at}.{mistake.Path}" }));
            if (faults[i].After is { Length: > 0 } after && !ids.Contains(after))
            {
                mistakes.Add(new Mistake($"{at}.after", $"expected the id of an earlier fault and found '{after}'"));
            }

            if (faults[i].Id is { } id && !ids.Add(id))
            {
                mistakes.Add(new Mistake($"{at}.id", $"'{id}' is taken; each fault has an id of its own"));
            }
        }

        return mistakes;
    }
}
