using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.App.People;

/// <summary>The caller of a request, as it was authenticated before the function began.</summary>
internal static class RequestCaller
{
    private static readonly object Item = new();

    /// <summary>Who asks. Only of functions that require a role.</summary>
    public static CallerIdentity Caller(this HttpRequest request) =>
        request.HttpContext.Items[Item] as CallerIdentity
        ?? throw new InvalidOperationException("The request was not authenticated: its function requires no role.");

    public static void SetCaller(this HttpContext context, CallerIdentity caller) => context.Items[Item] = caller;
}
