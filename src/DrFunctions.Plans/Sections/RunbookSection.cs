using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Plans.Sections;

/// <summary>One runbook as it was written: a list of steps, or a map that also says what a failed step does.</summary>
/// <param name="Items">The steps, as far as there are any.</param>
/// <param name="OnFailure">What a failed step does.</param>
/// <param name="PauseLimit">How long a pause waits.</param>
internal sealed record RunbookSection(IReadOnlyList<Field> Items, FailureRule OnFailure, TimeSpan PauseLimit)
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    private static readonly Dictionary<string, FailureRule> Rules = new()
    {
        ["pause"] = FailureRule.Pause,
        ["end"] = FailureRule.End,
    };

    public static RunbookSection Read(Field value)
    {
        var fields = value.IsMap ? value.Map(PlanKeys.FullRunbook) : null;
        return new RunbookSection(
            (value.IsMap ? fields?["steps"]?.List() : value.List()) ?? [],
            fields?["onFailure"]?.OneOf(Rules) ?? FailureRule.Pause,
            fields?["pauseLimit"]?.Duration(Least, Most) ?? Runbook.UsualPauseLimit);
    }
}
