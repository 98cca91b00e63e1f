using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Durable.History;

/// <summary>One event of an orchestration's history. The names are a file format: only ever add.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(TurnStarted), "turnStarted")]
[JsonDerivedType(typeof(ExecutionStarted), "executionStarted")]
[JsonDerivedType(typeof(TaskCompleted), "taskCompleted")]
[JsonDerivedType(typeof(TaskFailed), "taskFailed")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(EventRaised), "eventRaised")]
[JsonDerivedType(typeof(TaskScheduled), "taskScheduled")]
[JsonDerivedType(typeof(SubOrchestrationScheduled), "subOrchestrationScheduled")]
[JsonDerivedType(typeof(TimerCreated), "timerCreated")]
[JsonDerivedType(typeof(EventSent), "eventSent")]
internal abstract record HistoryEvent
{
    /// <summary>The payload it carries, if it carries one. No property: a serializer would write it a second time.</summary>
    public virtual Payload? Carried() => null;
}

/// <summary>A turn of the orchestrator: the events that follow were handled together, at this time.</summary>
internal sealed record TurnStarted(DateTime Time) : HistoryEvent;

/// <summary>The execution began; its input is the instance's.</summary>
internal sealed record ExecutionStarted : HistoryEvent;

/// <summary>An activity or a sub-orchestration returned.</summary>
internal sealed record TaskCompleted(int Id, Payload? Result) : HistoryEvent
{
    public override Payload? Carried() => Result;

    public override string ToString() => $"TaskCompleted #{Id}";
}

/// <summary>An activity or a sub-orchestration failed.</summary>
internal sealed record TaskFailed(int Id, TaskFailureDetails Failure) : HistoryEvent
{
    public override string ToString() => $"TaskFailed #{Id}";
}

/// <summary>A timer fired.</summary>
internal sealed record TimerFired(int Id) : HistoryEvent
{
    public override string ToString() => $"TimerFired #{Id}";
}

/// <summary>An event came; one from an orchestration has its sender and a number, by which a repetition is known.</summary>
internal sealed record EventRaised(string Name, Payload? Input, string? Sender = null, int Sequence = 0) : HistoryEvent
{
    /// <summary>The W3C trace context of whoever raised it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    public override Payload? Carried() => Input;
}

/// <summary>What the orchestrator asked for; ids count from 0 within an execution.</summary>
internal abstract record ActionEvent(int Id) : HistoryEvent;

/// <summary>The orchestrator called an activity.</summary>
internal sealed record TaskScheduled(int Id, string Name, Payload? Input) : ActionEvent(Id)
{
    public override Payload? Carried() => Input;

    public override string ToString() => $"TaskScheduled #{Id} (activity '{Name}')";
}

/// <summary>The orchestrator called a sub-orchestration.</summary>
internal sealed record SubOrchestrationScheduled(int Id, string Name, string InstanceId, Payload? Input) : ActionEvent(Id)
{
    public override Payload? Carried() => Input;

    public override string ToString() => $"SubOrchestrationScheduled #{Id} (orchestrator '{Name}')";
}

/// <summary>The orchestrator set a timer.</summary>
internal sealed record TimerCreated(int Id, DateTime FireAt) : ActionEvent(Id)
{
    public override string ToString() => $"TimerCreated #{Id}";
}

/// <summary>The orchestrator sent an event.</summary>
internal sealed record EventSent(int Id, string InstanceId, string Name, Payload? Input) : ActionEvent(Id)
{
    public override Payload? Carried() => Input;

    public override string ToString() => $"EventSent #{Id} (event '{Name}' to '{InstanceId}')";
}
