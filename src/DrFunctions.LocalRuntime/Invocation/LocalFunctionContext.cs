using System.Collections;
using DrFunctions.LocalRuntime.Discovery;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>One invocation.</summary>
internal sealed class LocalFunctionContext(
    FunctionDescriptor function, TriggerInput input, string invocationId, IServiceProvider services, CancellationToken cancellationToken)
    : FunctionContext
{
    /// <summary>The function.</summary>
    public FunctionDescriptor Function { get; } = function;

    /// <summary>What the trigger brought.</summary>
    public TriggerInput Input { get; } = input;

    /// <summary>The parameters' values that are bound already, by their places.</summary>
    public Dictionary<int, object?> Bound { get; } = [];

    /// <summary>What the function returned.</summary>
    public object? Result { get; set; }

    public override string InvocationId { get; } = invocationId;

    public override string FunctionId => Function.Name;

    public override TraceContext TraceContext { get; } = new LocalTraceContext(input.Span?.Id, input.Span?.TraceStateString);

    public override BindingContext BindingContext { get; } = new LocalBindingContext(input.BindingData);

    public override RetryContext RetryContext { get; } = new FirstAttempt();

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new LocalFeatures();

    public override CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>A parameter's value; bound once, so that a body is read once.</summary>
    public async ValueTask<object?> BindAsync(int index) =>
        Bound.TryGetValue(index, out var value) ? value : Bound[index] = await Function.Binders[index](this);

    private sealed class LocalTraceContext(string? parent, string? state) : TraceContext
    {
        public override string TraceParent { get; } = parent ?? "";

        public override string TraceState { get; } = state ?? "";
    }

    private sealed class LocalBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }

    private sealed class FirstAttempt : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }

    private sealed class LocalFeatures : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance) => _features[typeof(T)] = instance ?? throw new ArgumentNullException(nameof(instance));

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
