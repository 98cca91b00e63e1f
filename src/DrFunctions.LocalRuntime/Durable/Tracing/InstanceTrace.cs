using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Telemetry;

namespace DrFunctions.LocalRuntime.Durable.Tracing;

/// <summary>
/// An instance's place in its trace. What caused it is stored with it; the ids of the spans of its execution and of its tasks
/// follow from the stored execution id, so that they are the same in every process that ever replays it: what an activity was given
/// as its parent before a crash is what is reported after it. Pure.
/// </summary>
internal static class InstanceTrace
{
    /// <summary>What caused the instance. One of an older version, which does not say, has a trace of its own that nobody samples.</summary>
    public static ActivityContext Cause(this InstanceState state) => TraceHeaders.Parse(state.TraceParent, state.TraceState) ?? Unknown(state);

    /// <summary>The span of the current execution.</summary>
    public static ActivityContext Execution(this InstanceState state) => state.Execution(state.ExecutionId);

    /// <summary>As the other, for an execution that may be over.</summary>
    public static ActivityContext Execution(this InstanceState state, string executionId) => Within(state.Cause(), executionId);

    /// <summary>The span of a task of the current execution, as its orchestrator sees it: from asking for it to having its answer.</summary>
    public static ActivityContext Task(this InstanceState state, int id) => state.Task(state.ExecutionId, id);

    /// <summary>As the other, for an execution that may be over.</summary>
    public static ActivityContext Task(this InstanceState state, string executionId, int id) =>
        Within(state.Cause(), string.Create(CultureInfo.InvariantCulture, $"{executionId}\n{id}"));

    /// <summary>Makes the execution's span current for the code of its orchestrator; it is reported once, when it has ended.</summary>
    public static Activity Enter(InstanceState state)
    {
        var span = Spans.Unrecorded(state.Name, state.Cause());
        Spans.SetId(span, state.Execution().SpanId);
        return span;
    }

    private static ActivityContext Within(ActivityContext cause, string name) =>
        new(cause.TraceId, ActivitySpanId.CreateFromBytes(Hash(name).AsSpan(0, 8)), cause.TraceFlags, cause.TraceState);

    private static ActivityContext Unknown(InstanceState state)
    {
        var hash = Hash(state.InstanceId + "\n" + state.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)), ActivitySpanId.CreateFromBytes(hash.AsSpan(16, 8)), ActivityTraceFlags.None);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
