namespace DrFunctions.LocalRuntime.Durable.Replay;

/// <summary>An orchestrator's code does not do what its history says it did.</summary>
internal sealed class NonDeterminismException(string orchestrator, string instanceId, string recorded, string found) : Exception(
    $"Orchestrator '{orchestrator}' (instance '{instanceId}') is not deterministic: its history has {recorded}, but its code {found}. "
    + "An orchestrator may use no clock, no randomness and no I/O of its own, and its code may not change under running instances.");
