using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The middleware in the order it was added, and at its end the function itself.</summary>
internal sealed class FunctionPipeline
{
    private readonly FunctionExecutionDelegate _pipeline;
    private readonly ConcurrentDictionary<Type, ObjectFactory> _factories = new();
    private readonly ConcurrentDictionary<MethodInfo, Func<object?, Task<object?>>> _awaiters = new();

    public FunctionPipeline(IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        _pipeline = middleware.Reverse().Aggregate<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>, FunctionExecutionDelegate>(
            CallAsync, (next, wrap) => wrap(next));
    }

    /// <summary>Runs it. It awaits only what the middleware and the function give out, on the caller's synchronization context.</summary>
    public Task RunAsync(LocalFunctionContext context) => _pipeline(context);

    private async Task CallAsync(FunctionContext passed)
    {
        // Middleware may wrap nothing: the context is the runtime's own.
        var context = (LocalFunctionContext)passed;
        var function = context.Function;
        var arguments = new object?[function.Binders.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = await context.BindAsync(i);
        }

        var instance = function.Method.IsStatic
            ? null
            : _factories.GetOrAdd(function.Class, type => ActivatorUtilities.CreateFactory(type, []))(context.InstanceServices, null);
        try
        {
            var returned = function.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
            context.Result = await _awaiters.GetOrAdd(function.Method, FunctionResult.Awaiter)(returned);
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static async ValueTask DisposeAsync(object? instance)
    {
        switch (instance)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }
}
