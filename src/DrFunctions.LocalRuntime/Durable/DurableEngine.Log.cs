using DrFunctions.LocalRuntime.Durable.History;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Durable;

/// <summary>What the engine logs.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(2001, LogLevel.Information, "This host holds task hub '{Hub}' (fence {Fence}).")]
    public static partial void Taken(ILogger logger, string hub, long fence);

    [LoggerMessage(2002, LogLevel.Information, "Another host holds task hub '{Hub}'; this one waits for its lease.")]
    public static partial void Waiting(ILogger logger, string hub);

    [LoggerMessage(2003, LogLevel.Warning, "This host has lost task hub '{Hub}': {Reason}")]
    public static partial void Lost(ILogger logger, string hub, string reason);

    [LoggerMessage(2004, LogLevel.Information, "Task hub '{Hub}' is given back.")]
    public static partial void Released(ILogger logger, string hub);

    [LoggerMessage(2005, LogLevel.Warning, "Task hub '{Hub}' could not be given back; the next host waits for the lease. {Reason}")]
    public static partial void NotReleased(ILogger logger, string hub, string reason);

    [LoggerMessage(2006, LogLevel.Error, "The work on task hub '{Hub}' broke; it is taken up anew.")]
    public static partial void Broken(ILogger logger, Exception e, string hub);

    [LoggerMessage(2007, LogLevel.Error, "Instance '{InstanceId}' cannot be handled; it is looked at again in {Seconds:0} s.")]
    public static partial void InstanceBroken(ILogger logger, Exception e, string instanceId, double seconds);

    [LoggerMessage(2008, LogLevel.Error, "Message '{Document}' cannot be read and stays where it is: {Reason}")]
    public static partial void Unreadable(ILogger logger, string document, string reason);

    [LoggerMessage(2009, LogLevel.Information, "{Kind} for instance '{InstanceId}' is dropped: it does not exist or has ended.")]
    public static partial void Dismissed(ILogger logger, InboxKind kind, string instanceId);

    [LoggerMessage(2010, LogLevel.Warning, "Activity '{Activity}' of instance '{InstanceId}' failed.")]
    public static partial void ActivityFailed(ILogger logger, Exception e, string activity, string instanceId);

    [LoggerMessage(2011, LogLevel.Information, "Activity '{Activity}' of instance '{InstanceId}' was stopped; it runs again after the next start.")]
    public static partial void ActivityStopped(ILogger logger, string activity, string instanceId);

    [LoggerMessage(2012, LogLevel.Warning, "Orchestrator '{Orchestrator}' (instance '{InstanceId}') failed: {ErrorType}: {Message}")]
    public static partial void OrchestratorFailed(ILogger logger, string orchestrator, string instanceId, string errorType, string message);

    [LoggerMessage(2013, LogLevel.Warning, "{Count} activities or turns have not ended in time; they run again after the next start.")]
    public static partial void StillRunning(ILogger logger, int count);

    [LoggerMessage(2021, LogLevel.Error, "Instance '{InstanceId}' is listed without inputs and outputs: {Reason}")]
    public static partial void ListedUnread(ILogger logger, string instanceId, string reason);

    [LoggerMessage(2022, LogLevel.Error, "Instance '{InstanceId}' is not purged: {Reason}")]
    public static partial void NotPurged(ILogger logger, string instanceId, string reason);
}
