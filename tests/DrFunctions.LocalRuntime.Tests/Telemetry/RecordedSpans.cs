using System.Collections.Concurrent;
using System.Diagnostics;

namespace DrFunctions.LocalRuntime.Telemetry;

/// <summary>Records what the runtime's sources and HTTP clients report, of one trace: tests run beside each other in one process.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public RecordedSpans(ActivityTraceId? trace = null)
    {
        Trace = trace ?? ActivityTraceId.CreateRandom();
        Cause = new ActivityContext(Trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.DurableTask" or "Microsoft.Azure.Functions.Worker" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == Trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ActivityTraceId Trace { get; }

    /// <summary>What the test itself is: the cause of everything.</summary>
    public ActivityContext Cause { get; }

    /// <summary>The <c>traceparent</c> of <see cref="Cause"/>.</summary>
    public string Header => TraceHeaders.Format(Cause);

    public IReadOnlyList<Activity> Spans => [.. _ended.Where(span => span.TraceId == Trace)];

    public Activity Single(string name, ActivityKind kind) => Assert.Single(Spans, span => span.OperationName == name && span.Kind == kind);

    /// <summary>Each span below its parent, in the order of their names: <c>kind name</c>.</summary>
    public IReadOnlyList<string> Tree()
    {
        var spans = Spans;
        var children = spans.ToLookup(span => span.ParentSpanId);
        var lines = new List<string>();
        Add(Cause.SpanId, "");
        Assert.Equal(spans.Count, lines.Count); // None has a parent that nobody reported, none is its own ancestor.
        Assert.Equal(spans.Count, spans.Select(span => span.SpanId).Distinct().Count());
        return lines;

        void Add(ActivitySpanId parent, string indent)
        {
            foreach (var child in children[parent].OrderBy(span => span.OperationName, StringComparer.Ordinal).ThenBy(span => span.Kind))
            {
                lines.Add($"{indent}{child.Kind} {child.OperationName}");
                Add(child.SpanId, indent + "  ");
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
