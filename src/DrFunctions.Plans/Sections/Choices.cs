using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Words of a plan that stand for a choice.</summary>
internal static class Choices
{
    public static readonly IReadOnlyDictionary<string, Strategy> Strategies = new Dictionary<string, Strategy>(StringComparer.Ordinal)
    {
        ["backup-only"] = Strategy.BackupOnly,
        ["cold"] = Strategy.Cold,
        ["warm"] = Strategy.Warm,
        ["hot-standby"] = Strategy.HotStandby,
        ["active-active"] = Strategy.ActiveActive,
    };

    public static readonly IReadOnlyDictionary<string, WorkloadTier> Tiers = new Dictionary<string, WorkloadTier>(StringComparer.Ordinal)
    {
        ["low"] = WorkloadTier.Low,
        ["medium"] = WorkloadTier.Medium,
        ["high"] = WorkloadTier.High,
    };

    public static readonly IReadOnlyDictionary<string, RegionRole> Roles = new Dictionary<string, RegionRole>(StringComparer.Ordinal)
    {
        ["primary"] = RegionRole.Primary,
        ["secondary"] = RegionRole.Secondary,
    };

    public static readonly IReadOnlyDictionary<string, BackupKind> BackupKinds = new Dictionary<string, BackupKind>(StringComparer.Ordinal)
    {
        ["full"] = BackupKind.Full,
        ["incremental"] = BackupKind.Incremental,
        ["differential"] = BackupKind.Differential,
    };

    public static string Word(RegionRole role) => role == RegionRole.Primary ? "primary" : "secondary";
}
