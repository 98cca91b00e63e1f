using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>What the order of a runbook's steps must keep, whatever it is for.</summary>
internal static class RunbookRules
{
    public static void Check(IReadOnlyList<StepSection> steps, BackupsSection backups, Strategy? strategy)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < steps.Count; index++)
        {
            var section = steps[index];
            if (section.Name is { } name && !names.Add(name))
            {
                section.Field.Report($"has the name '{name}', as a step before it; expected a 'name' of its own.");
            }

            if (section.Step is not { } step)
            {
                continue;
            }

            // What runs beside a step does not stand before it.
            var earlier = steps.Take(index).ToList();
            var before = earlier.Where(other => !IsBeside(other, step)).ToList();
            if (earlier.FirstOrDefault(other => IsBeside(other, step) && AreOrdered(other.Step!, step)) is { } beside) // Beside means it has one.
            {
                section.Field.Report($"runs beside '{beside.Name}' in a group, and one must end before the other begins; expected them one after the other.");
            }
            else if (Broken(step, before, backups, strategy) is { } message)
            {
                section.Field.Report(message);
            }
        }
    }

    /// <summary>Whether another step runs in the same group as the step.</summary>
    public static bool IsBeside(StepSection other, RunbookStep step) => other.Step is { Group: { } group } && group == step.Group;

    private static bool AreOrdered(RunbookStep one, RunbookStep other) => MustFollow(one, other) || MustFollow(other, one);

    // Whether the later of two is wrong while the earlier one is under way.
    private static bool MustFollow(RunbookStep earlier, RunbookStep later) => (earlier, later) switch
    {
        (IFencesRegion, IMovesUsers) => true,
        (IFencesRegion fence, IStartsRegion start) => fence.Region == start.Region,
        (IFencesRegion fence, IBacksUpStore backup) => fence.Region == backup.Region,
        (IBacksUpStore backup, IRestoresStore restore) => backup.Store == restore.Store && backup.Region != restore.Region,
        (IRestoresStore restore, IStartsRegion start) => restore.Region == start.Region,
        (IRestoresStore restore, IRestoresStore other) => (restore.Store, restore.Region) == (other.Store, other.Region),
        (IRestoresStore, IMovesUsers) or (IStartsRegion, IMovesUsers) or (IMovesUsers, IMovesUsers or IProvesRegion or IStopsRegion) => true,
        (IStartsRegion start, IStopsRegion stop) => start.Region == stop.Region,
        _ => false,
    };

    private static string? Broken(RunbookStep step, List<StepSection> before, BackupsSection backups, Strategy? strategy) => step switch
    {
        IMovesUsers shift => Shift(shift, before, strategy),
        ISharesUsers share => Share(share, before, strategy),
        IPromotesRegion promote => Promote(promote, before),
        IStartsRegion start when Has<IFencesRegion>(before, fence => fence.Region == start.Region) =>
            $"starts the {Word(start.Region)} region that a step before it fenced; expected the other region.",
        IStopsRegion stop when before.Select(item => item.Step).OfType<IMovesUsers>().LastOrDefault()?.To == stop.Region =>
            $"stops the {Word(stop.Region)} region, where a step before it sent the users; expected the other region.",
        IRestoresStore restore => Restore(restore, before, backups),
        IProvesRegion prove when before.Select(item => item.Step).OfType<IMovesUsers>().LastOrDefault() is { } last && last.To != prove.Region =>
            $"expects the {Word(prove.Region)} region to answer, and users were sent to the {Word(last.To)}; expected region {Word(last.To)}.",
        _ => null,
    };

    // Two copies that both take writes cannot be merged again.
    private static string? Promote(IPromotesRegion promote, List<StepSection> before)
    {
        var other = promote.Region == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
        return Has<IFencesRegion>(before, fence => fence.Region == promote.Region)
            ? $"lets the {Word(promote.Region)} region take writes, which a step before it fenced; expected region: {Word(other)}."
            : Has<IFencesRegion>(before, fence => fence.Region == other) || before.Any(item => item.Step is null)
                ? null
                : $"lets the {Word(promote.Region)} region take writes while the {Word(other)} may still write; expected a step before it: fence: {{ region: {Word(other)} }}.";
    }

    // Two regions that both take writes cannot be merged again: users move only once the old region cannot write, unless both write all the time.
    private static string? Shift(IMovesUsers shift, List<StepSection> before, Strategy? strategy)
    {
        var other = shift.To == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
        if (Has<IFencesRegion>(before, fence => fence.Region == shift.To))
        {
            return $"sends users to the {Word(shift.To)} region, which a step before it fenced; expected to: {Word(other)}.";
        }

        // A step that could not be read may be the fence that is looked for.
        return strategy == Strategy.ActiveActive || Has<IFencesRegion>(before, fence => fence.Region == other) || before.Any(item => item.Step is null)
            ? null
            : $"sends users to the {Word(shift.To)} region while the {Word(other)} may still write; expected a step before it: fence: {{ region: {Word(other)} }}.";
    }

    private static string? Share(ISharesUsers share, List<StepSection> before, Strategy? strategy)
    {
        var fenced = before.Select(item => item.Step).OfType<IFencesRegion>().ToList();
        return fenced.Count > 0
            ? $"shares users between two regions, and a step before it fenced the {Word(fenced[0].Region)}; expected shiftTraffic: {{ to: {Word(share.To)} }}."
            : share.SharedData || strategy is null or Strategy.ActiveActive
            ? null
            : "shares users between two regions that may both write then, and what they wrote cannot be merged again; expected strategy: active-active, sharedData: true, or shiftTraffic after a fence.";
    }

    private static string? Restore(IRestoresStore restore, List<StepSection> before, BackupsSection backups)
    {
        if (backups.IsComplete && !backups.Stores.Contains(restore.Store))
        {
            return $"restores '{restore.Store}', which no backup keeps; expected an item of backups with store: {restore.Store}.";
        }

        return Has<IStartsRegion>(before, start => start.Region == restore.Region) || Has<IMovesUsers>(before, shift => shift.To == restore.Region)
            ? $"writes over data of the {Word(restore.Region)} region after a step before it put that region to work; expected restore first."
            : null;
    }

    private static bool Has<TFacet>(List<StepSection> before, Func<TFacet, bool> holds) =>
        before.Select(item => item.Step).OfType<TFacet>().Any(holds);

    private static string Word(RegionRole role) => Choices.Word(role);
}
