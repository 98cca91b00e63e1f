namespace DrFunctions.Recovery.Objectives;

/// <summary>What the owner asks of a recovery.</summary>
/// <param name="Rpo">Recovery point objective: how much data, in time, may be lost. Greater than zero.</param>
/// <param name="Rto">Recovery time objective: how long the service may be down. Greater than zero.</param>
public sealed record RecoveryObjectives(TimeSpan Rpo, TimeSpan Rto);
