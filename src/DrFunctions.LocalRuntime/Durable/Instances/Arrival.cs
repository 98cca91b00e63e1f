using DrFunctions.LocalRuntime.Durable.History;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>What reaches an instance's worker.</summary>
internal abstract record Arrival;

/// <summary>Look whether there is something to do: the instance is new, or a timer is due.</summary>
internal sealed record Look : Arrival;

/// <summary>This host has just created the instance.</summary>
internal sealed record Created(StoredInstance Instance) : Arrival;

/// <summary>An activity or a sub-orchestration of an execution has ended.</summary>
internal sealed record Answer(string ExecutionId, HistoryEvent Event) : Arrival;

/// <summary>A message from the inbox.</summary>
internal sealed record Message(string Document, InboxMessage Content) : Arrival;
