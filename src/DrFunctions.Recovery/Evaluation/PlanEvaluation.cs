namespace DrFunctions.Recovery.Evaluation;

/// <summary>What a plan came to when it was held against the world.</summary>
/// <param name="Schema">1.</param>
/// <param name="Workload">The workload.</param>
/// <param name="PlanVersion">The plan's version.</param>
/// <param name="EvaluatedAt">When the look began.</param>
/// <param name="Verdict">What the findings come to.</param>
/// <param name="Findings">The worst first, then by code and resource; empty when all is well.</param>
public sealed record PlanEvaluation(
    int Schema, string Workload, string PlanVersion, DateTimeOffset EvaluatedAt, EvaluationVerdict Verdict, IReadOnlyList<Finding> Findings)
{
    /// <summary>Puts findings in order and draws the verdict.</summary>
    public static PlanEvaluation Of(string workload, string planVersion, DateTimeOffset evaluatedAt, IEnumerable<Finding> findings)
    {
        var ordered = findings
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Code, StringComparer.Ordinal)
            .ThenBy(finding => finding.Resource, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var verdict = ordered.Exists(finding => finding.Severity == FindingSeverity.Error) ? EvaluationVerdict.ActionRequired
            : ordered.Exists(finding => finding.Severity == FindingSeverity.Unknown) ? EvaluationVerdict.Unknown
            : ordered.Exists(finding => FindingCodes.LeaveUnverified.Contains(finding.Code)) ? EvaluationVerdict.NotVerified
            : EvaluationVerdict.Ready;
        return new PlanEvaluation(1, workload, planVersion, evaluatedAt, verdict, ordered);
    }
}

/// <summary>What findings come to.</summary>
public enum EvaluationVerdict
{
    /// <summary>Nothing stands in the way of a failover, and a drill has shown it.</summary>
    Ready,

    /// <summary>Nothing is known to stand in the way, and no drill has shown it since the plan was changed.</summary>
    NotVerified,

    /// <summary>Something could not be seen.</summary>
    Unknown,

    /// <summary>A failover would fail, or end where the plan does not say.</summary>
    ActionRequired,
}

/// <summary>Codes that more than one place knows.</summary>
public static class FindingCodes
{
    /// <summary>The plan was never drilled.</summary>
    public const string NeverDrilled = "DR-DRILL-001";

    /// <summary>The plan was changed since its last drill.</summary>
    public const string ChangedSinceDrill = "DR-DRILL-002";

    /// <summary>The last drill did not complete.</summary>
    public const string DrillFailed = "DR-DRILL-003";

    /// <summary>A look was not answered.</summary>
    public const string NotSeen = "DR-SEE-001";

    /// <summary>Findings that leave a plan not verified.</summary>
    internal static readonly IReadOnlySet<string> LeaveUnverified = new HashSet<string> { NeverDrilled, ChangedSinceDrill, DrillFailed };
}
