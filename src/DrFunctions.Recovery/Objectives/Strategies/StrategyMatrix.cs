using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Strategies;

/// <summary>Which strategy objectives ask for: the first row, from the cheapest, that reaches both. Pure.</summary>
/// <remarks>
/// The orders of magnitude are public guidance. AWS, "Disaster Recovery of Workloads on AWS", gives hours for backup and restore,
/// tens of minutes for a pilot light, minutes for a warm standby and real time for active/active. Microsoft's Cloud Adoption
/// Framework, "Protect your cloud estate", asks for active-passive with asynchronous replication at 99.9 % and for active-active
/// at 99.99 %. The bounds inside these orders are this project's, and on the careful side: the fastest row is what Traffic Manager
/// needs at its fastest (10 s between probes, none tolerated, 5 s to time out, no time to live: about 15 s).
/// </remarks>
public static class StrategyMatrix
{
    /// <summary>All rows, from the cheapest and slowest to the dearest and fastest.</summary>
    public static IReadOnlyList<StrategyReach> Rows { get; } =
    [
        new(Strategy.BackupOnly, TimeSpan.FromHours(1), TimeSpan.FromHours(24), CostClass.Storage,
            "data is as old as the last copied backup", "everything is built and restored after the loss"),
        new(Strategy.Cold, TimeSpan.FromMinutes(15), TimeSpan.FromHours(4), CostClass.Minimal,
            "data is as old as the last copied backup", "templates are deployed and data is restored after the loss"),
        new(Strategy.Warm, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), CostClass.Reduced,
            "data is as old as the last frequent backup, or as a replica lags", "what is deployed must be started, scaled and filled first"),
        new(Strategy.HotStandby, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), CostClass.Full,
            "an asynchronous replica lags", "a replica is promoted and users are moved"),
        new(Strategy.ActiveActive, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), CostClass.FullMerged,
            "writes reach the other region within seconds", "probes and DNS take the lost region out"),
    ];

    /// <summary>The row of a strategy.</summary>
    public static StrategyReach Of(Strategy strategy) =>
        Rows.FirstOrDefault(row => row.Strategy == strategy)
        ?? throw new ArgumentOutOfRangeException(nameof(strategy), strategy, $"strategy: {strategy}, expected one of the matrix.");

    /// <summary>The cheapest strategy for these objectives. Stricter objectives never give a cheaper one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An objective is zero, negative or above <see cref="RecoveryObjectives.Longest"/>.</exception>
    public static StrategyAdvice Advise(RecoveryObjectives objectives)
    {
        ArgumentNullException.ThrowIfNull(objectives);
        objectives.Checked();
        var shortfalls = Rows.TakeWhile(row => !row.Reaches(objectives)).ToList();
        var reasons = shortfalls.Select(row => Shortfall(row, objectives)).ToList();
        return shortfalls.Count < Rows.Count
            ? new StrategyAdvice(Rows[shortfalls.Count], true, reasons)
            : new StrategyAdvice(Rows[^1], false, reasons);
    }

    /// <summary>Why a row is not enough.</summary>
    internal static string Shortfall(StrategyReach row, RecoveryObjectives objectives)
    {
        var faults = new List<string>();
        if (objectives.Rto < row.Rto)
        {
            faults.Add($"RTO {SpanText.Of(objectives.Rto)} is under {SpanText.Of(row.Rto)}, because {row.RtoBound}");
        }

        if (objectives.Rpo < row.Rpo)
        {
            faults.Add($"RPO {SpanText.Of(objectives.Rpo)} is under {SpanText.Of(row.Rpo)}, because {row.RpoBound}");
        }

        return $"{StrategyNames.Of(row.Strategy)}: {string.Join("; ", faults)}.";
    }
}
