namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>The JSON body of an HTTP request, bound to a parameter.</summary>
internal static class RequestBody;
