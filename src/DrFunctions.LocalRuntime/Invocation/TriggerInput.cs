using System.Collections.Immutable;
using System.Diagnostics;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>What starts one invocation.</summary>
/// <param name="Value">The trigger's value: an <c>HttpContext</c>, <c>TimerInfo</c>, event text, orchestration context or activity input.</param>
internal sealed record TriggerInput(object? Value)
{
    /// <summary>Values by name, such as those of the route.</summary>
    public IReadOnlyDictionary<string, object?> BindingData { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>What caused it, in its trace; null: nothing that is known, so that a new trace begins.</summary>
    public ActivityContext? Cause { get; init; }

    /// <summary>The span that stands for the invocation already; null: it gets one of its own.</summary>
    public Activity? Span { get; init; }
}
