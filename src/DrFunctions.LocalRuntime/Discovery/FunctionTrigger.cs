using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>What starts a function, with its settings resolved.</summary>
/// <param name="Type">Its type in the official metadata.</param>
internal abstract record FunctionTrigger(string Type);

/// <summary>An HTTP request.</summary>
/// <param name="Level">The key asked for.</param>
/// <param name="Methods">Upper-case methods; empty means any.</param>
/// <param name="Route">The template with its prefix.</param>
internal sealed record HttpFunctionTrigger(AuthorizationLevel Level, IReadOnlyList<string> Methods, string Route)
    : FunctionTrigger("httpTrigger");

/// <summary>The clock.</summary>
internal sealed record TimerFunctionTrigger(string Schedule, bool RunOnStartup, bool UseMonitor) : FunctionTrigger("timerTrigger");

/// <summary>An event, or with <paramref name="IsBatched"/> a whole delivery.</summary>
internal sealed record EventGridFunctionTrigger(bool IsBatched) : FunctionTrigger("eventGridTrigger");

/// <summary>A start of the orchestration of that name.</summary>
internal sealed record OrchestrationFunctionTrigger(string Name) : FunctionTrigger("orchestrationTrigger");

/// <summary>A call of the activity of that name.</summary>
internal sealed record ActivityFunctionTrigger(string Name) : FunctionTrigger("activityTrigger");
