using System.Collections.Immutable;
using System.Reflection;
using DrFunctions.LocalRuntime.Invocation;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>One discovered function.</summary>
/// <param name="Place">Its name and where it stands.</param>
/// <param name="Trigger">What starts it.</param>
/// <param name="IsDisabled">Whether a setting switches it off.</param>
/// <param name="Binders">What gives each parameter its value, in order.</param>
internal sealed record FunctionDescriptor(
    FunctionPlace Place, FunctionTrigger Trigger, bool IsDisabled, IReadOnlyList<ParameterBinder> Binders)
{
    /// <summary>Its name.</summary>
    public string Name => Place.Name;

    /// <summary>Its method.</summary>
    public MethodInfo Method => Place.Method;

    /// <summary>The class of the method.</summary>
    public Type Class { get; } = Place.Method.DeclaringType ?? throw new ArgumentException("A function's method has a class.", nameof(Place));

    /// <summary>What the function is told about itself.</summary>
    public FunctionDefinition Definition { get; } = new DiscoveredDefinition(Place.Name, Place.Method, Trigger);

    /// <summary>Its class and method, for messages.</summary>
    public string EntryPoint => Definition.EntryPoint;

    private sealed class DiscoveredDefinition(string name, MethodInfo method, FunctionTrigger trigger) : FunctionDefinition
    {
        public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [
            .. method.GetParameters().Select(parameter => new FunctionParameter(
                parameter.Name ?? "", parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null)),
        ];

        public override string PathToAssembly { get; } = method.Module.FullyQualifiedName;

        public override string EntryPoint { get; } = $"{method.DeclaringType?.FullName}.{method.Name}";

        public override string Id => Name;

        public override string Name { get; } = name;

        public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } = method.GetParameters()
            .Where(parameter => parameter.GetCustomAttributes().Any(FunctionDiscovery.IsTrigger))
            .ToImmutableDictionary(
                parameter => parameter.Name ?? "",
                BindingMetadata (parameter) => new TriggerMetadata(parameter.Name ?? "", trigger.Type));

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    private sealed class TriggerMetadata(string name, string type) : BindingMetadata
    {
        public override string Name { get; } = name;

        public override string Type { get; } = type;

        public override BindingDirection Direction => BindingDirection.In;
    }
}
