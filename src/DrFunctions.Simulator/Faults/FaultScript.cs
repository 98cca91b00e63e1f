namespace DrFunctions.Simulator.Faults;

/// <summary>Faults as a file writes them.</summary>
public sealed record FaultScript
{
    /// <summary>The faults; where several meet a request, the first strikes.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

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
