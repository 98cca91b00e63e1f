namespace DrFunctions.Recovery.Fences.FailoverGroup;

/// <summary>The service itself never lets both servers of a failover group take writes in a planned failover.</summary>
public sealed record FailoverGroupFence : StoreFence;
