using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>A function.</summary>
public abstract class FunctionDefinition
{
    /// <summary>Its parameters.</summary>
    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    /// <summary>The assembly it lives in.</summary>
    public abstract string PathToAssembly { get; }

    /// <summary>Its method, as <c>Namespace.Type.Method</c>.</summary>
    public abstract string EntryPoint { get; }

    /// <summary>Its id.</summary>
    public abstract string Id { get; }

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Its inputs, by parameter.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    /// <summary>Its outputs.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}

/// <summary>A binding of a function.</summary>
public abstract class BindingMetadata
{
    /// <summary>The parameter's name.</summary>
    public abstract string Name { get; }

    /// <summary>What is bound, such as <c>timerTrigger</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Whether it is an input or an output.</summary>
    public abstract BindingDirection Direction { get; }
}

/// <summary>Whether a binding is an input or an output.</summary>
public enum BindingDirection
{
    /// <summary>An input.</summary>
    In = 0,

    /// <summary>An output.</summary>
    Out = 1,
}

/// <summary>A parameter of a function.</summary>
public class FunctionParameter
{
    /// <summary>A parameter without a default.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    public FunctionParameter(string name, Type type)
        : this(name, type, false, null)
    {
    }

    /// <summary>A parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="hasDefaultValue">Whether it has a default.</param>
    /// <param name="defaultValue">The default.</param>
    public FunctionParameter(string name, Type type, bool hasDefaultValue, object? defaultValue)
    {
        Name = name;
        Type = type;
        HasDefaultValue = hasDefaultValue;
        DefaultValue = defaultValue;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public Type Type { get; }

    /// <summary>Whether it has a default.</summary>
    public bool HasDefaultValue { get; }

    /// <summary>The default.</summary>
    public object? DefaultValue { get; }
}
