using System.Diagnostics;
using DrFunctions.LocalRuntime.Telemetry;

namespace DrFunctions.LocalRuntime.Durable.Tracing;

/// <summary>Names and attributes of durable spans, as the official Durable Task SDK has them.</summary>
internal static class DurableSpan
{
    public const string OrchestrationType = "orchestration";
    public const string ActivityType = "activity";
    public const string EventType = "event";
    public const string TimerType = "timer";

    public const string Type = "durabletask.type";
    public const string Name = "durabletask.task.name";
    public const string InstanceId = "durabletask.task.instance_id";
    public const string ExecutionId = "durabletask.task.execution_id";
    public const string TaskId = "durabletask.task.task_id";
    public const string Status = "durabletask.task.status";
    public const string Target = "durabletask.event.target_instance_id";
    public const string FireAt = "durabletask.fire_at";

    /// <summary>A client's start of an orchestration, within whatever is current.</summary>
    public static Activity Create(string name, string instanceId) =>
        StartWithin($"create_orchestration:{name}", [new(Type, OrchestrationType), new(Name, name), new(InstanceId, instanceId)]);

    /// <summary>A client's event, within whatever is current.</summary>
    public static Activity Raise(string name, string target) =>
        StartWithin($"orchestration_event:{name}", [new(Type, EventType), new(Name, name), new(Target, target)]);

    /// <summary>One run of an activity; its caller's span is the cause.</summary>
    public static Activity Run(string name, string instanceId, int taskId, ActivityContext cause)
    {
        var span = Spans.Start(Spans.Durable, $"activity:{name}", ActivityKind.Server, cause);
        return span.IsAllDataRequested
            ? span.SetTag(Type, ActivityType).SetTag(Name, name).SetTag(InstanceId, instanceId).SetTag(TaskId, taskId)
            : span;
    }

    private static Activity StartWithin(string name, KeyValuePair<string, object?>[] tags)
    {
        ActivityContext? cause = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Context : null;
        return Spans.Durable.StartActivity(name, ActivityKind.Producer, cause ?? default, tags) ?? Spans.Unrecorded(name, cause);
    }
}
