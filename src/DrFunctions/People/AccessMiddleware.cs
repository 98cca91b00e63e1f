using DrFunctions.App.Http;
using DrFunctions.App.Limits;
using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.People;

/// <summary>
/// Stands before every HTTP function: who asks, how often, and whether they may. A function that declares no role is nobody's.
/// </summary>
internal sealed partial class AccessMiddleware(
    Authenticator authenticator, RequestLimits limits, DeclaredRoles roles, ILogger<AccessMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>Whether it concerns an invocation: those by HTTP.</summary>
    public static bool Concerns(FunctionContext context) =>
        context.FunctionDefinition.InputBindings.Values.Any(binding => string.Equals(binding.Type, "httpTrigger", StringComparison.OrdinalIgnoreCase));

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        // Without it there is nothing to judge by, and nothing is let through.
        var http = context.GetHttpContext() ?? throw new InvalidOperationException("An HTTP function was called without its request.");
        if (Refuse(http, context.FunctionDefinition.Name) is { } answer)
        {
            context.GetInvocationResult().Value = answer;
            return;
        }

        await next(context);
    }

    private IActionResult? Refuse(HttpContext http, string function)
    {
        var needed = roles.Of(function);
        var (caller, refusal) = needed == CallerRole.None ? default : authenticator.Authenticate(http.Request.Headers, needed);
        if (limits.Take(http, caller, needed) is { } wait)
        {
            LogLimited(function, caller?.ToString() ?? "a stranger");
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return ApiResult.Error(StatusCodes.Status429TooManyRequests, new ApiError(
                "TooManyRequests",
                $"Too many requests of {caller?.Name ?? "this address"}.",
                $"Try again in {Math.Ceiling(wait.TotalSeconds)} s, as the header Retry-After says."));
        }

        if (needed == CallerRole.None)
        {
            return null;
        }

        if (refusal is not null || caller is null)
        {
            LogStranger(function, refusal?.Code ?? "CallerUnknown");
            return ApiResult.Error(StatusCodes.Status401Unauthorized, new ApiError(
                refusal?.Code ?? "CallerUnknown", refusal?.Message ?? "Nothing says who sends the request.", refusal?.Hint));
        }

        if (needed is not { } role || !caller.Roles.Allow(role))
        {
            var expected = needed?.Name() ?? "none that exists: the function declares no role";
            LogRefused(function, caller.ToString(), expected);
            return ApiResult.Error(StatusCodes.Status403Forbidden, new ApiError(
                "RoleMissing",
                $"roles of {caller}: '{InWords(caller.Roles)}', expected '{expected}' for {function}.",
                "Ask someone who has the role, or whoever keeps the list of people."));
        }

        http.SetCaller(caller);
        return null;
    }

    private static string InWords(CallerRole roles) => roles == CallerRole.None
        ? "none"
        : string.Join(", ", Enum.GetValues<CallerRole>().Where(role => role != CallerRole.None && roles.HasFlag(role)).Select(role => role.Name()));

    [LoggerMessage(1101, LogLevel.Warning, "{Function} was asked for by nobody known: {Code}")]
    private partial void LogStranger(string function, string code);

    [LoggerMessage(1102, LogLevel.Warning, "{Function} was refused to {Caller}: expected the role {Expected}")]
    private partial void LogRefused(string function, string caller, string expected);

    [LoggerMessage(1103, LogLevel.Warning, "{Function} was asked for too often by {Caller}")]
    private partial void LogLimited(string function, string caller);
}
