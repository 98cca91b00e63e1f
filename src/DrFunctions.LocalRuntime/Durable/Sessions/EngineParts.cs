using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Replay;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable.Sessions;

/// <summary>What a session works with; the same for every session of an engine.</summary>
internal sealed record EngineParts(
    DurableOptions Options,
    IDurableFunctions Functions,
    StoreCall Store,
    InstanceRepository Instances,
    OrchestratorTurn Turn,
    InstanceSignals Signals,
    TimeProvider Time,
    ILogger Logger,
    string Owner,
    HubMetrics Metrics);
