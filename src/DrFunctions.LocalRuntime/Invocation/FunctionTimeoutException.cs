namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>An invocation took longer than host.json's functionTimeout.</summary>
internal sealed class FunctionTimeoutException(string function, TimeSpan timeout)
    : Exception($"Function '{function}' did not end within functionTimeout ({timeout}); it may still be running.");
