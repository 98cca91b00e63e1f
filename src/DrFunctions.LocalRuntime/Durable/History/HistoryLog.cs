using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrFunctions.LocalRuntime.Durable.History;

/// <summary>
/// What has happened in an execution and is handled. Events are only appended, so each is written as JSON once and what is open is
/// kept beside them. When the newest ones, the tail, have become long, they are sealed: from then on they lie in a document that
/// never changes, and only the tail is written with the instance.
/// </summary>
[JsonConverter(typeof(Converter))]
internal sealed class HistoryLog
{
    /// <summary>The longest tail, in bytes of JSON, that is written with the instance.</summary>
    public const int LongestTail = 64 * 1024;

    private readonly List<HistoryEvent> _events = [];
    private readonly Dictionary<int, ActionEvent> _open = [];
    private readonly List<ActionEvent> _new = [];
    private ArrayBufferWriter<byte> _tail = new();
    private int _written;

    /// <summary>The events, oldest first.</summary>
    public IReadOnlyList<HistoryEvent> Events => _events;

    /// <summary>The time of the last turn.</summary>
    public DateTime LastTurn { get; private set; }

    /// <summary>The activities and sub-orchestrations that have not been answered, oldest first.</summary>
    public IEnumerable<ActionEvent> Open => _open.Values.OrderBy(action => action.Id);

    /// <summary>The events that no document has yet.</summary>
    public IEnumerable<HistoryEvent> Unwritten => _events.Skip(_written);

    /// <summary>Whether the tail is to be sealed before the instance is written.</summary>
    public bool IsTailLong
    {
        get
        {
            Write();
            return _tail.WrittenCount > LongestTail;
        }
    }

    /// <summary>Appends events.</summary>
    public void Add(params IEnumerable<HistoryEvent> happened)
    {
        foreach (var one in happened)
        {
            _events.Add(one);
            Note(one);
        }
    }

    /// <summary>Notes the answer of a task that the log will have later; false if no such task is open.</summary>
    public bool TryAnswer(HistoryEvent answer) => AnsweredBy(answer) is { } id && _open.Remove(id);

    /// <summary>The activities and sub-orchestrations that have come since this was last asked.</summary>
    public IReadOnlyList<ActionEvent> TakeNew()
    {
        var taken = _new.Where(action => _open.ContainsKey(action.Id)).ToList();
        _new.Clear();
        return taken;
    }

    /// <summary>The tail as a document.</summary>
    public ReadOnlyMemory<byte> Tail()
    {
        Write();
        return (byte[])[(byte)'[', .. _tail.WrittenSpan, (byte)']'];
    }

    /// <summary>The tail lies in a document of its own.</summary>
    public void TailIsSealed() => _tail = new ArrayBufferWriter<byte>();

    /// <summary>Puts the sealed events before the tail that was read.</summary>
    public void Prepend(IEnumerable<ReadOnlyMemory<byte>> documents)
    {
        var tail = _events.ToList();
        _events.Clear();
        _open.Clear();
        _new.Clear();
        foreach (var document in documents)
        {
            Add(JsonSerializer.Deserialize<List<HistoryEvent>>(document.Span, InstanceState.Format)
                ?? throw new JsonException("A document of sealed history is empty."));
        }

        _written = _events.Count;
        Add(tail);
    }

    private void Note(HistoryEvent happened)
    {
        switch (happened)
        {
            case TurnStarted turn:
                LastTurn = turn.Time;
                break;
            case TaskScheduled or SubOrchestrationScheduled:
                _open[((ActionEvent)happened).Id] = (ActionEvent)happened;
                _new.Add((ActionEvent)happened);
                break;
            default:
                TryAnswer(happened);
                break;
        }
    }

    private static int? AnsweredBy(HistoryEvent answer) =>
        answer switch { TaskCompleted done => done.Id, TaskFailed failed => failed.Id, _ => null };

    private void Write()
    {
        if (_written == _events.Count)
        {
            return;
        }

        using var writer = new Utf8JsonWriter(_tail, new JsonWriterOptions { Encoder = InstanceState.Format.Encoder });
        for (; _written < _events.Count; _written++)
        {
            if (_tail.WrittenCount > 0)
            {
                _tail.Write(","u8);
            }

            JsonSerializer.Serialize(writer, _events[_written], InstanceState.Format);
            writer.Flush();
            writer.Reset();
        }
    }

    private sealed class Converter : JsonConverter<HistoryLog>
    {
        public override HistoryLog Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var log = new HistoryLog();
            log.Add(JsonSerializer.Deserialize<List<HistoryEvent>>(ref reader, options) ?? []);
            return log;
        }

        public override void Write(Utf8JsonWriter writer, HistoryLog value, JsonSerializerOptions options)
        {
            value.Write();
            writer.WriteStartArray();
            if (value._tail.WrittenCount > 0)
            {
                writer.WriteRawValue(value._tail.WrittenSpan, skipInputValidation: true);
            }

            writer.WriteEndArray();
        }
    }
}
