namespace DrFunctions.Recovery.Objectives.Strategies;

/// <summary>What a strategy costs beside the primary region, from the least. Amounts differ by workload; the order does not.</summary>
public enum CostClass
{
    /// <summary>Storage of backups.</summary>
    Storage,

    /// <summary>Storage, and the work that keeps a deployment ready to be made.</summary>
    Minimal,

    /// <summary>A deployment that is stopped or scaled down.</summary>
    Reduced,

    /// <summary>A second deployment at full size, without users.</summary>
    Full,

    /// <summary>Two deployments that each can carry all users, and data that both may write.</summary>
    FullMerged,
}
