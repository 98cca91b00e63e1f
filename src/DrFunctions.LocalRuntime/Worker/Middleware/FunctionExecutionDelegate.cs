namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The rest of an invocation's pipeline.</summary>
/// <param name="context">The invocation.</param>
#pragma warning disable CA1711 // The official name.
public delegate Task FunctionExecutionDelegate(FunctionContext context);
#pragma warning restore CA1711

/// <summary>A part of every invocation's pipeline.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Runs before, around or instead of the rest.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="next">The rest.</param>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
