namespace DrFunctions.LocalRuntime.Durable.Sessions;

/// <summary>Another host has written an instance: this one no longer holds the hub.</summary>
internal sealed class FencedException(string instanceId)
    : Exception($"Instance '{instanceId}' was written by another host; this host no longer holds the task hub.");
