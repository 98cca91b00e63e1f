using DrFunctions.LocalRuntime.Discovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Tells what the host runs, once it does.</summary>
internal static partial class FunctionList
{
    public static void Log(WebApplication app, ILogger logger)
    {
        var address = app.Urls.First();
        var functions = app.Services.GetRequiredService<FunctionCatalog>().Functions;
        LogFunctions(
            logger,
            functions.Count,
            address,
            string.Concat(functions.Select(function => $"{Environment.NewLine}  {function.Name}{(function.IsDisabled ? " (disabled)" : "")}: {Describe(function.Trigger, address)}")));
    }

    private static string Describe(FunctionTrigger trigger, string address) => trigger switch
    {
        HttpFunctionTrigger http => $"[{(http.Methods.Count == 0 ? "any" : string.Join(',', http.Methods))}] {address}/{http.Route}",
        TimerFunctionTrigger timer => $"{timer.Type} {timer.Schedule}",
        _ => trigger.Type,
    };

    [LoggerMessage(162, LogLevel.Information, "{Count} functions, listening on {Address}{Functions}")]
    private static partial void LogFunctions(ILogger logger, int count, string address, string functions);
}
