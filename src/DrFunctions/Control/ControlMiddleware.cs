using DrFunctions.Recovery.Control;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace DrFunctions.App.Control;

/// <summary>
/// Keeps an app that stands by from work: its timers pass by, and what its task hub still holds of an earlier term is refused. The
/// journals say where runs stand; the app in control goes on with them.
/// </summary>
internal sealed class ControlMiddleware(ControlAuthority authority) : IFunctionsWorkerMiddleware
{
    /// <summary>Whether it concerns an invocation: activities and timers, but not the watch.</summary>
    public static bool Concerns(FunctionContext context) =>
        context.FunctionDefinition.Name != ControlWatch.Name && (IsBoundTo(context, "activityTrigger") || IsBoundTo(context, "timerTrigger"));

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (IsBoundTo(context, "activityTrigger"))
        {
            await authority.RequireAsync(context.CancellationToken);
        }
        else if (await authority.ReadRoleAsync(context.CancellationToken) != ControlRole.InControl)
        {
            return;
        }

        await next(context);
    }

    private static bool IsBoundTo(FunctionContext context, string trigger) =>
        context.FunctionDefinition.InputBindings.Values.Any(binding => string.Equals(binding.Type, trigger, StringComparison.OrdinalIgnoreCase));
}
