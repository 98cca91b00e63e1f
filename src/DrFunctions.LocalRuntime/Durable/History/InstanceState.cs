using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.History;

/// <summary>
/// One orchestration: its state and the newest part of its history, in one document that is replaced by every turn. The names are a
/// file format: only ever add.
/// </summary>
internal sealed class InstanceState
{
    /// <summary>The newest schema that this version reads. In 1, the whole history was in the document.</summary>
    public const int NewestSchema = 2;

    /// <summary>How it is written.</summary>
    public static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public int Schema { get; init; } = NewestSchema;

    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    /// <summary>New with every start, and with every continue-as-new.</summary>
    public required string ExecutionId { get; set; }

    /// <summary>How often the orchestration has continued as new.</summary>
    public int Generation { get; set; }

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>No turn before this time.</summary>
    public DateTimeOffset? StartAt { get; set; }

    public ParentTask? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; set; }

    /// <summary>The W3C trace context of what started the instance.</summary>
    public string? TraceParent { get; set; }

    public string? TraceState { get; set; }

    public Payload? Input { get; set; }

    public Payload? Output { get; set; }

    public Payload? CustomStatus { get; set; }

    public TaskFailureDetails? Failure { get; set; }

    /// <summary>The fencing number of the host that wrote this last.</summary>
    public long Fence { get; set; }

    /// <summary>Names the write itself, so that one whose answer was lost is known again.</summary>
    public string Commit { get; set; } = "";

    /// <summary>The documents of the older part of the history, oldest first.</summary>
    public List<string> Sealed { get; set; } = [];

    /// <summary>What has happened and is handled.</summary>
    public HistoryLog History { get; set; } = new();

    /// <summary>What has happened and is not handled yet.</summary>
    public List<HistoryEvent> Arrived { get; set; } = [];

    /// <summary>The timers that are set and not cancelled.</summary>
    public List<TimerCreated> Timers { get; set; } = [];

    /// <summary>The events that are sent but perhaps not delivered.</summary>
    public List<OutgoingMessage> Outbox { get; set; } = [];

    /// <summary>The messages that are taken up but perhaps not deleted.</summary>
    public List<string> Taken { get; set; } = [];

    /// <summary>The executions that are over and whose documents are perhaps not deleted.</summary>
    public List<string> Over { get; set; } = [];

    /// <summary>The number of the last event taken up from each sending execution.</summary>
    public Dictionary<string, int> Senders { get; set; } = [];

    [JsonIgnore]
    public bool IsFinished => Status is OrchestrationRuntimeStatus.Completed
        or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>Whether the execution has or ever had documents beside this one, also such as nothing names any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasDocuments { get; set; }

    /// <summary>Whether a host has anything to do for it.</summary>
    [JsonIgnore]
    public bool HasWork => !IsFinished || Outbox.Count > 0;

    /// <summary>The execution of the start; those that continued as new are named after it.</summary>
    [JsonIgnore]
    public string FirstExecutionId => Generation == 0 ? ExecutionId : ExecutionId[..ExecutionId.LastIndexOf('-')];

    /// <summary>
    /// A new instance, perhaps in the place of one that has ended: then what that one still has to send, what it has taken up but
    /// perhaps not deleted, and its documents stay known.
    /// </summary>
    public static InstanceState New(
        string name,
        string instanceId,
        string executionId,
        Payload? input,
        DateTimeOffset now,
        InstanceState? previous = null,
        ParentTask? parent = null)
    {
        var state = new InstanceState
        {
            InstanceId = instanceId,
            Name = name,
            ExecutionId = executionId,
            CreatedAt = now,
            UpdatedAt = now,
            Input = input,
            Parent = parent,
            Outbox = previous?.Outbox ?? [],
            Taken = previous?.Taken ?? [],
            Over = [.. previous?.Over ?? [], .. previous?.HasDocuments == true ? [previous.ExecutionId] : Array.Empty<string>()],
            Senders = previous?.Senders ?? [],
        };
        state.Arrived.Add(new ExecutionStarted());
        foreach (var payload in state.OwnPayloads())
        {
            payload.Document = null;
        }

        return state;
    }

    /// <summary>Reads a document; what is sealed must still be put before its history.</summary>
    /// <exception cref="JsonException">It is no instance document.</exception>
    /// <exception cref="InvalidDataException">A newer version has written it.</exception>
    public static InstanceState Parse(ReadOnlyMemory<byte> body)
    {
        InstanceState state;
        try
        {
            state = JsonSerializer.Deserialize<InstanceState>(body.Span, Format) ?? throw new JsonException("An instance document is empty.");
        }
        catch (JsonException) when (Header.Parse(body) is { Schema: > NewestSchema } header)
        {
            throw Newer(header.InstanceId, header.Schema);
        }

        return state.Schema <= NewestSchema ? state : throw Newer(state.InstanceId, state.Schema);
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    /// <summary>The payloads of the state itself, the history's not among them.</summary>
    public IEnumerable<Payload> OwnPayloads() =>
        new[] { Input, Output, CustomStatus }
            .Concat(Arrived.Select(e => e.Carried()))
            .Concat(Outbox.Select(message => message.Message.Event?.Carried() ?? message.Message.Output))
            .OfType<Payload>();

    /// <summary>The payloads that no document has yet, and those of the state itself.</summary>
    public IEnumerable<Payload> UnwrittenPayloads() => OwnPayloads().Concat(Payloads(History.Unwritten));

    /// <summary>Every payload that is in memory.</summary>
    public IEnumerable<Payload> AllPayloads() => OwnPayloads().Concat(Payloads(History.Events));

    /// <summary>Keeps in mind what follows from the document and is not in it.</summary>
    public void NoteWhatWasRead()
    {
        // Earlier versions did not write whether there are documents.
        HasDocuments |= Sealed.Count > 0 || AllPayloads().Any(payload => payload.Document is not null);
        foreach (var answer in Arrived)
        {
            History.TryAnswer(answer);
        }
    }

    private static IEnumerable<Payload> Payloads(IEnumerable<HistoryEvent> events) => events.Select(e => e.Carried()).OfType<Payload>();

    private static InvalidDataException Newer(string? instanceId, int schema) => new(
        $"Instance '{instanceId}' was written by a newer version (schema {schema}; this one reads up to {NewestSchema}) and is left as it is.");

    private sealed record Header(string? InstanceId, int Schema)
    {
        public static Header? Parse(ReadOnlyMemory<byte> body)
        {
            try
            {
                return JsonSerializer.Deserialize<Header>(body.Span, Format);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}

/// <summary>The task of a parent that a sub-orchestration is.</summary>
internal sealed record ParentTask(string InstanceId, string ExecutionId, string Name, int TaskId);

/// <summary>A message to be put into the inbox of another instance, under a name that makes a repetition harmless.</summary>
internal sealed record OutgoingMessage(string Name, InboxMessage Message);
