using System.Collections.Immutable;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>What starts one invocation.</summary>
/// <param name="Value">The trigger's value: an <c>HttpContext</c>, <c>TimerInfo</c>, event text, orchestration context or activity input.</param>
internal sealed record TriggerInput(object? Value)
{
    /// <summary>Values by name, such as those of the route.</summary>
    public IReadOnlyDictionary<string, object?> BindingData { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>The W3C trace that the invocation belongs to.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The state of that trace.</summary>
    public string? TraceState { get; init; }
}
