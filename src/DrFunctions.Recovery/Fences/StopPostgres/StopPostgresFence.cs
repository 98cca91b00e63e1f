namespace DrFunctions.Recovery.Fences.StopPostgres;

/// <summary>The region's PostgreSQL server is stopped, so that nobody writes to it, whoever it is.</summary>
public sealed record StopPostgresFence : StoreFence;
