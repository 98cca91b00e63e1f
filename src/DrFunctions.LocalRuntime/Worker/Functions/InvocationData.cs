namespace Microsoft.Azure.Functions.Worker;

/// <summary>An input of an invocation.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public abstract class InputBindingData<T>
{
    /// <summary>Which input.</summary>
    public abstract BindingMetadata BindingMetadata { get; }

    /// <summary>What the function gets.</summary>
    public abstract T? Value { get; set; }
}

/// <summary>The result of an invocation.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public abstract class InvocationResult<T>
{
    /// <summary>What the function returned, or what was put in its place.</summary>
    public abstract T? Value { get; set; }
}

/// <summary>The result of an invocation.</summary>
public abstract class InvocationResult : InvocationResult<object>
{
}
