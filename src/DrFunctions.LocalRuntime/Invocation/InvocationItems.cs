namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The keys of <c>FunctionContext.Items</c> that the runtime sets.</summary>
internal static class InvocationItems
{
    /// <summary>The HTTP context; the official worker uses the same key.</summary>
    public const string HttpContext = "HttpRequestContext";
}
