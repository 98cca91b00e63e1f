using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>
/// What a runbook must keep that sends users back: the data of the primary is as old as the failover until it is brought home, and a
/// region that was lost may answer once and die again.
/// </summary>
internal static class FailbackRules
{
    /// <summary>The fewest good answers in a row that are a soak.</summary>
    public const int LeastAnswers = 3;

    /// <summary>Whether the runbook sends users to the primary.</summary>
    public static bool IsFailback(Runbook runbook) => runbook.Steps.Any(SendsBack);

    /// <summary>
    /// Every store that is backed up is backed up behind the fence, and restored in the primary before the first user is sent there,
    /// unless both regions write all the time.
    /// </summary>
    public static void Check(IReadOnlyList<StepSection> steps, BackupsSection backups, Strategy? strategy)
    {
        var back = steps.TakeWhile(item => item.Step is null || !SendsBack(item.Step)).Count();
        if (back == steps.Count || strategy == Strategy.ActiveActive || steps[back].Step is ISharesUsers { SharedData: true })
        {
            return;
        }

        // A step that could not be read may be the one that is looked for.
        var before = steps.Take(back).ToList();
        if (before.Exists(item => item.Step is null))
        {
            return;
        }

        foreach (var store in backups.Stores)
        {
            var restore = before.FindIndex(item => item.Step is IRestoresStore { Region: RegionRole.Primary } one && one.Store == store);
            if (restore < 0)
            {
                steps[back].Field.ReportRule(
                    $"sends users back to the primary, whose '{store}' is as old as the failover; expected a step before it: restore: {{ store: {store}, region: primary }}.");
            }
            else if (!IsBackedUp(store, before, restore))
            {
                before[restore].Field.ReportRule(
                    $"brings '{store}' home as the schedule backed it up last, without what users wrote since; expected behind fence: {{ region: secondary }} and before it: takeBackup: {{ store: {store}, region: secondary }}.");
            }
        }
    }

    /// <summary>A region was healthy several times in a row before users return to it, after the last step that changed what answers there.</summary>
    /// <param name="runbook">The runbook's name.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="plan">The plan.</param>
    public static void CheckSoak(string runbook, IReadOnlyList<StepSection> steps, WorkloadPlan plan)
    {
        var returned = new HashSet<RegionRole>();
        for (var index = 0; index < steps.Count && steps[index].Step is { } step; index++)
        {
            if (Returns(step, plan.Strategy) is not { } region || !returned.Add(region))
            {
                continue;
            }

            var before = steps.Take(index).Where(other => !RunbookRules.IsBeside(other, step)).ToList();
            var changed = before.FindLastIndex(item => Changes(item.Step, region));
            if (!before.Skip(changed + 1).Any(item =>
                item.Step is IWatchesHealth { Times: >= LeastAnswers } soak && soak.Watches(region, plan) && (changed < 0 || !RunbookRules.IsBeside(item, before[changed].Step!)))) // What changes is a step.
            {
                var word = Choices.Word(region);
                steps[index].Field.ReportRule(
                    $"sends users back to the {word}, and nothing saw it healthy several times in a row; expected in '{runbook}' before '{step.Name}'{(changed < 0 ? "" : $" and after '{before[changed].Name}'")}: probe: {{ region: {word}, times: {LeastAnswers} }}, or more times.");
            }
        }
    }

    // Where both regions serve, a region is left by a move and returned to by a share; else the way back is the way to the primary.
    private static RegionRole? Returns(RunbookStep step, Strategy strategy) => step switch
    {
        ISharesUsers share when strategy == Strategy.ActiveActive || share.To == RegionRole.Primary => share.To,
        IMovesUsers { To: RegionRole.Primary } when strategy != Strategy.ActiveActive => RegionRole.Primary,
        _ => null,
    };

    private static bool Changes(RunbookStep? step, RegionRole region) =>
        step is IStartsRegion start && start.Region == region
        || step is IRestoresStore restore && restore.Region == region
        || step is IPromotesRegion promote && promote.Region == region;

    private static bool IsBackedUp(string store, List<StepSection> before, int restore)
    {
        var fence = before.FindIndex(item => item.Step is IFencesRegion { Region: RegionRole.Secondary });
        return before.Take(restore).Skip(fence + 1).Any(item => item.Step is IBacksUpStore { Region: RegionRole.Secondary } backup && backup.Store == store);
    }

    private static bool SendsBack(RunbookStep step) =>
        step is IMovesUsers { To: RegionRole.Primary } or ISharesUsers { To: RegionRole.Primary };
}
