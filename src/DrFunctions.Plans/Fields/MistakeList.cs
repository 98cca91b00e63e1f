using DrFunctions.Plans.Documents;

namespace DrFunctions.Plans.Fields;

/// <summary>
/// Collects mistakes while a plan is read. Some are of rules about plans that can be carried out all the same: a rule of a newer version
/// must not take a plan away that was applied before it came.
/// </summary>
internal sealed class MistakeList
{
    private readonly List<PlanMistake> mistakes = [];
    private readonly HashSet<PlanMistake> rules = [];

    public bool IsEmpty => mistakes.Count == 0;

    /// <summary>Whether all mistakes are of rules; also when there is none.</summary>
    public bool HasRulesOnly => mistakes.All(rules.Contains);

    public void Add(Place at, string path, string message) => mistakes.Add(new PlanMistake(at.Line, at.Column, path, message));

    /// <summary>Adds a rule that is broken.</summary>
    public void AddRule(Place at, string path, string message)
    {
        Add(at, path, message);
        rules.Add(mistakes[^1]);
    }

    /// <summary>In the order of the text, at most <see cref="PlanReader.MaxMistakes"/>.</summary>
    public IReadOnlyList<PlanMistake> InOrder()
    {
        var ordered = mistakes.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column).ToList();
        if (ordered.Count <= PlanReader.MaxMistakes)
        {
            return ordered;
        }

        var first = ordered[PlanReader.MaxMistakes - 1];
        var more = ordered.Count - PlanReader.MaxMistakes + 1;
        return [.. ordered.Take(PlanReader.MaxMistakes - 1), first with { Path = string.Empty, Message = $"{more} more mistakes follow." }];
    }
}
