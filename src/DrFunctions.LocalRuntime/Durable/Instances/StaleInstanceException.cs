namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>An instance that was taken as it was created has been written since; it must be read.</summary>
internal sealed class StaleInstanceException : Exception;
