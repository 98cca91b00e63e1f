#pragma warning disable CA1012 // The official constructors are public.
namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Marks what a function binds to.</summary>
public abstract class BindingAttribute : Attribute
{
    /// <summary>For a binding.</summary>
    public BindingAttribute()
    {
    }
}

/// <summary>Marks an input of a function.</summary>
public abstract class InputBindingAttribute : BindingAttribute
{
    /// <summary>For a binding.</summary>
    public InputBindingAttribute()
    {
    }
}

/// <summary>Marks an output of a function.</summary>
public abstract class OutputBindingAttribute : BindingAttribute
{
    /// <summary>For a binding.</summary>
    public OutputBindingAttribute()
    {
    }
}

/// <summary>Marks the parameter that starts a function.</summary>
public abstract class TriggerBindingAttribute : BindingAttribute
{
    /// <summary>For a binding.</summary>
    public TriggerBindingAttribute()
    {
    }
}
