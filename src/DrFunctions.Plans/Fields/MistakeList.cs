using DrFunctions.Plans.Documents;

namespace DrFunctions.Plans.Fields;

/// <summary>Collects mistakes while a plan is read.</summary>
internal sealed class MistakeList
{
    private readonly List<PlanMistake> mistakes = [];

    public bool IsEmpty => mistakes.Count == 0;

    public void Add(Place at, string path, string message) => mistakes.Add(new PlanMistake(at.Line, at.Column, path, message));

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
