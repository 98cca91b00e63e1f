using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Evaluation.Replication;

/// <summary>How something follows in the region that would take over.</summary>
/// <param name="Resource">The replica, the failover group as its secondary shows it, or the account.</param>
/// <param name="What">What it is, such as <c>the replica</c>.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="Elsewhere">What it is instead of following there, in words; null when it follows.</param>
/// <param name="State">The service's own word, such as <c>Active</c>, <c>CATCH_UP</c>, <c>Live</c>; null or empty when it said none.</param>
public sealed record ReplicationView(ResourceId Resource, string What, bool Exists, string? Elsewhere, string? State);
