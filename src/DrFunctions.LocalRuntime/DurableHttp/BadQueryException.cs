namespace DrFunctions.LocalRuntime.DurableHttp;

/// <summary>A value of the query cannot be used; the message names it and what was expected.</summary>
internal sealed class BadQueryException(string message) : Exception(message);
