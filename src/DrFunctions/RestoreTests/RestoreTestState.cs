namespace DrFunctions.App.RestoreTests;

/// <summary>How far the schedule of a policy's restore tests is done.</summary>
/// <param name="Schema">1.</param>
/// <param name="Last">The last occurrence that was begun, or when the schedule was first seen: a new one does not begin with a test.</param>
/// <param name="Job">Its last attempt; null before the first test.</param>
/// <param name="ClosedAt">When the attempt was over, its evidence written and its scratch containers gone; null until then.</param>
public sealed record RestoreTestState(int Schema, DateTimeOffset Last, RestoreTestInput? Job = null, DateTimeOffset? ClosedAt = null);
