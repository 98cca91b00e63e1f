using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>What a runbook must keep that sends users back to the primary: its data is as old as the failover until it is restored.</summary>
internal static class FailbackRules
{
    /// <summary>Whether the runbook sends users to the primary.</summary>
    public static bool IsFailback(Runbook runbook) => runbook.Steps.Any(SendsBack);

    /// <summary>Every store that is backed up is restored in the primary before the first user is sent there, unless both regions write all the time.</summary>
    public static void Check(IReadOnlyList<StepSection> steps, BackupsSection backups, Strategy? strategy)
    {
        var back = steps.TakeWhile(item => item.Step is null || !SendsBack(item.Step)).Count();
        if (back == steps.Count || strategy == Strategy.ActiveActive || steps[back].Step is ISharesUsers { SharedData: true })
        {
            return;
        }

        // A step that could not be read may be the restore that is looked for.
        var before = steps.Take(back).ToList();
        if (before.Exists(item => item.Step is null))
        {
            return;
        }

        var restored = before.Select(item => item.Step).OfType<IRestoresStore>().Where(restore => restore.Region == RegionRole.Primary).Select(restore => restore.Store);
        foreach (var store in backups.Stores.Except(restored, StringComparer.Ordinal))
        {
            steps[back].Field.Report(
                $"sends users back to the primary, whose '{store}' is as old as the failover; expected a step before it: restore: {{ store: {store}, region: primary }}.");
        }
    }

    private static bool SendsBack(RunbookStep step) =>
        step is IMovesUsers { To: RegionRole.Primary } or ISharesUsers { To: RegionRole.Primary };
}
