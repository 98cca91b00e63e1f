using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.App.People;

/// <summary>The caller of a request, as it was authenticated before the function began.</summary>
internal static class RequestCaller
{
    private static readonly object Item = new();

    public static CallerIdentity Caller(this HttpRequest request) =>
        request.HttpContext.Items[Item] as CallerIdentity
        ?? new CallerIdentity("function-key", CallerRole.Operator, CallerAuthentication.FunctionKey);

    public static void SetCaller(this HttpContext context, CallerIdentity caller) => context.Items[Item] = caller;
}
