using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Recovery.Drills;

/// <summary>What the last drills say of a plan. Pure.</summary>
public static class DrillRules
{
    /// <summary>A plan that no drill completed since it was changed is not verified.</summary>
    public static IEnumerable<Finding> Check(EvaluatedPlan evaluated, IReadOnlyList<DrillRecord> drills)
    {
        ArgumentNullException.ThrowIfNull(evaluated);
        ArgumentNullException.ThrowIfNull(drills);
        var ended = drills.Where(drill => drill.State is DrillState.Completed or DrillState.Failed).ToList();
        foreach (var failed in ended.Where(drill => drill.State == DrillState.Failed))
        {
            yield return new Finding(
                FindingCodes.DrillFailed, FindingSeverity.Error, $"runbooks.{failed.Runbook}",
                $"the last drill{(failed.RunId is { } run ? $" ({run})" : "")} did not complete: {failed.Note ?? "no reason was recorded"}",
                "a drill that completes", "Read the run's report, correct what it says, and drill again.");
        }

        var completed = ended.Where(drill => drill.State == DrillState.Completed).ToList();
        if (completed.Count == 0)
        {
            yield return new Finding(
                FindingCodes.NeverDrilled, FindingSeverity.Warning, "runbooks", "no drill of this plan has completed", "a completed drill",
                "Start a drill, or give the plan a 'drills' section.");
        }
        else if (!completed.Exists(drill => drill.PlanVersion == evaluated.Version))
        {
            var last = completed.MaxBy(drill => drill.EndedAt)!; // There is one.
            yield return new Finding(
                FindingCodes.ChangedSinceDrill, FindingSeverity.Warning, "runbooks",
                $"the plan is {evaluated.Version}, and the last drill that completed was of {last.PlanVersion}", "a drill of this version",
                "Drill the plan as it is now.");
        }
    }
}
