using DrFunctions.LocalRuntime.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What middleware may see and change of an invocation: its input before, its result after.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>Binds an input now; the function gets the same value, or the one that is put in its place.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="context">The invocation.</param>
    /// <param name="bindingMetadata">The input, of <see cref="FunctionDefinition.InputBindings"/>.</param>
    /// <exception cref="InvalidOperationException">The function has no such input, or its value is of another type.</exception>
    public static async ValueTask<InputBindingData<T>> BindInputAsync<T>(this FunctionContext context, BindingMetadata bindingMetadata)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(bindingMetadata);
        var local = (LocalFunctionContext)context; // There are no others.
        var index = local.Function.Definition.Parameters.ToList().FindIndex(parameter => parameter.Name == bindingMetadata.Name);
        if (index < 0)
        {
            throw new InvalidOperationException($"Function '{local.Function.Name}' has no input '{bindingMetadata.Name}'.");
        }

        var value = await local.BindAsync(index);
        return value is T or null
            ? new BoundInput<T>(local, index, bindingMetadata)
            : throw new InvalidOperationException(
                $"The input '{bindingMetadata.Name}' of function '{local.Function.Name}' is of type {value.GetType()}, expected {typeof(T)}.");
    }

    /// <summary>The result, which may be changed; null before the function has run.</summary>
    /// <param name="context">The invocation.</param>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AnyResult((LocalFunctionContext)context); // There are no others.
    }

    /// <summary>The result, which may be changed; the type's default before the function has run.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="context">The invocation.</param>
    /// <exception cref="InvalidOperationException">The result is of another type.</exception>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var local = (LocalFunctionContext)context; // There are no others.
        return local.Result is T or null
            ? new TypedResult<T>(local)
            : throw new InvalidOperationException($"The result of function '{local.Function.Name}' is of type {local.Result.GetType()}, expected {typeof(T)}.");
    }

    private sealed class BoundInput<T>(LocalFunctionContext context, int index, BindingMetadata metadata) : InputBindingData<T>
    {
        public override BindingMetadata BindingMetadata => metadata;

        public override T? Value
        {
            get => (T?)context.Bound[index];
            set => context.Bound[index] = value;
        }
    }

    private sealed class AnyResult(LocalFunctionContext context) : InvocationResult
    {
        public override object? Value
        {
            get => context.Result;
            set => context.Result = value;
        }
    }

    private sealed class TypedResult<T>(LocalFunctionContext context) : InvocationResult<T>
    {
        public override T? Value
        {
            get => (T?)context.Result;
            set => context.Result = value;
        }
    }
}
