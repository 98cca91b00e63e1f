using System.Globalization;
using DrFunctions.Backup;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Evaluation;

/// <summary>What the backups of a workload say of its RPO. Pure.</summary>
internal static class BackupRules
{
    /// <param name="evaluated">The plan.</param>
    /// <param name="point">The time to which the workload could be restored; null when that is not known.</param>
    /// <param name="failed">Policies whose last backup failed, with the reason.</param>
    public static IEnumerable<Finding> Check(EvaluatedPlan evaluated, DateTimeOffset? point, IEnumerable<(string Policy, string Why)> failed)
    {
        // Databases have no backups of ours.
        if (!evaluated.Plan.Containers.Any())
        {
            yield break;
        }

        var rpo = evaluated.Plan.Objectives.Rpo;
        var lag = evaluated.Now - point;
        var found = ObjectiveVerdicts.OfLag(lag, rpo) switch
        {
            ObjectiveVerdict.Breached => ("DR-DATA-002", FindingSeverity.Error),
            ObjectiveVerdict.AtRisk => ("DR-DATA-003", FindingSeverity.Warning),
            ObjectiveVerdict.Unknown => ("DR-DATA-001", FindingSeverity.Unknown),
            _ => default((string Code, FindingSeverity Severity)?),
        };
        if (found is { } late)
        {
            yield return new Finding(
                late.Code,
                late.Severity,
                "stores",
                lag is { } known
                    ? string.Create(CultureInfo.InvariantCulture, $"the newest restore point that both regions hold is {known.TotalSeconds:0} s old")
                    : evaluated.State.Arriving ? "users are being moved: it is not known where they write" : "no restore point is known that both regions hold",
                string.Create(CultureInfo.InvariantCulture, $"at most the RPO of {rpo.TotalSeconds:0} s"),
                "Look at the backups with 'dr backup list'.");
        }

        foreach (var (policy, why) in failed)
        {
            yield return new Finding(
                "DR-DATA-004", FindingSeverity.Warning, $"backups.{policy}", $"the last backup failed: {why}", "a backup that both regions hold",
                "Correct what the reason says; it is tried again by itself.");
        }
    }

    /// <summary>The repository of the region where users are does not open.</summary>
    public static Finding Repository(EvaluatedPlan evaluated, BackupException error) => new(
        error.IsTransient ? "DR-DATA-010" : "DR-DATA-009",
        error.IsTransient ? FindingSeverity.Unknown : FindingSeverity.Error,
        $"regions.{(evaluated.State.Active == RegionRole.Primary ? "primary" : "secondary")}.repository",
        error.Message,
        "a repository that the app can open",
        error.Hint);
}
