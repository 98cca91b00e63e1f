using DrFunctions.LocalRuntime.Discovery;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.LocalRuntime.Admin;

/// <summary>What the admin API shows of a function: the official members that mean something here, and the trigger's settings.</summary>
internal static class FunctionView
{
    public static object Of(FunctionDescriptor function, HttpRequest request)
    {
        var root = $"{request.Scheme}://{request.Host}{request.PathBase}";
        var http = function.Trigger as HttpFunctionTrigger;
        return new
        {
            name = function.Name,
            href = $"{root}/admin/functions/{function.Name}",
            invoke_url_template = http is null ? null : $"{root}/{http.Route}",
            language = "dotnet-isolated",
            isDisabled = function.IsDisabled,
            config = new
            {
                bindings = function.Definition.InputBindings.Values.Select(binding => new { name = binding.Name, type = binding.Type, direction = "in" }),
            },
            trigger = function.Trigger.Type,
            entryPoint = function.EntryPoint,
            route = http?.Route,
            methods = http?.Methods,
            schedule = (function.Trigger as TimerFunctionTrigger)?.Schedule,
        };
    }
}
