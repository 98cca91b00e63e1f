namespace DrFunctions.Recovery.Objectives.Advice;

/// <summary>One thing that was found when a plan was held against its objectives.</summary>
/// <param name="Code">Stable, for programs; see <see cref="AdviceCodes"/>.</param>
/// <param name="Kind">How it weighs.</param>
/// <param name="Path">Where in the plan, such as <c>runbooks.failover[1]</c>.</param>
/// <param name="Message">What was found and what was expected.</param>
/// <param name="Hint">What the owner does next.</param>
public sealed record AdviceFinding(string Code, AdviceKind Kind, string Path, string Message, string Hint);

/// <summary>How a finding weighs.</summary>
public enum AdviceKind
{
    /// <summary>The plan does not reach its objectives there.</summary>
    FallsShort,

    /// <summary>It cannot be known whether it does: something was never measured. Never counted as good.</summary>
    Unknown,

    /// <summary>The plan reaches its objectives and could be better or cheaper.</summary>
    Note,
}

/// <summary>The codes of findings. A contract: none changes its meaning.</summary>
public static class AdviceCodes
{
    /// <summary>The declared strategy cannot be relied on for the objectives.</summary>
    public const string StrategyTooWeak = "StrategyTooWeak";

    /// <summary>No strategy can be relied on for the objectives.</summary>
    public const string ObjectivesOutOfReach = "ObjectivesOutOfReach";

    /// <summary>A cheaper strategy reaches the objectives.</summary>
    public const string StrategyDearer = "StrategyDearer";

    /// <summary>The RTO, as often as a loss is expected, uses up more downtime than the tier allows.</summary>
    public const string RtoAboveTier = "RtoAboveTier";

    /// <summary>The longest pause between two backups is longer than the RPO.</summary>
    public const string ScheduleAboveRpo = "ScheduleAboveRpo";

    /// <summary>The longest pause and the time to back up and copy are together longer than the RPO.</summary>
    public const string BackupTooSlow = "BackupTooSlow";

    /// <summary>How long backing up and copying takes was never measured.</summary>
    public const string BackupTimeUnknown = "BackupTimeUnknown";

    /// <summary>No policy backs the store up.</summary>
    public const string StoreWithoutBackup = "StoreWithoutBackup";

    /// <summary>A runbook moves users and leaves a store's data behind.</summary>
    public const string StoreLeftBehind = "StoreLeftBehind";

    /// <summary>A runbook moves users and never proves that they arrived.</summary>
    public const string RunbookUnproven = "RunbookUnproven";

    /// <summary>A runbook is expected to take longer than the RTO.</summary>
    public const string RunbookAboveRto = "RunbookAboveRto";

    /// <summary>How long a step takes is not known.</summary>
    public const string StepTimeUnknown = "StepTimeUnknown";

    /// <summary>A step alone may use up the RTO before it times out.</summary>
    public const string TimeoutAboveRto = "TimeoutAboveRto";
}
