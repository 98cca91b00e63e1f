using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Objectives.Strategies;

/// <summary>Strategies as plans and people write them.</summary>
public static class StrategyNames
{
    /// <summary>The name, such as <c>hot-standby</c>.</summary>
    public static string Of(Strategy strategy) => strategy switch
    {
        Strategy.BackupOnly => "backup-only",
        Strategy.Cold => "cold",
        Strategy.Warm => "warm",
        Strategy.HotStandby => "hot-standby",
        Strategy.ActiveActive => "active-active",
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, $"strategy: {strategy}, expected a known one."),
    };
}
