namespace Microsoft.Azure.Functions.Worker;

/// <summary>The caller's trace.</summary>
public abstract class TraceContext
{
    /// <summary>The W3C <c>traceparent</c>.</summary>
    public abstract string TraceParent { get; }

    /// <summary>The W3C <c>tracestate</c>.</summary>
    public abstract string TraceState { get; }
}

/// <summary>What the trigger brought.</summary>
public abstract class BindingContext
{
    /// <summary>Values by name, such as those of the route.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}

/// <summary>The attempt of an invocation.</summary>
public abstract class RetryContext
{
    /// <summary>How many attempts went before.</summary>
    public abstract int RetryCount { get; }

    /// <summary>How many there may be.</summary>
    public abstract int MaxRetryCount { get; }
}

/// <summary>Features of an invocation, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>Sets a feature.</summary>
    /// <typeparam name="T">The feature.</typeparam>
    /// <param name="instance">Its value.</param>
    void Set<T>(T instance);

    /// <summary>Gets a feature, or null.</summary>
    /// <typeparam name="T">The feature.</typeparam>
    T? Get<T>();
}
