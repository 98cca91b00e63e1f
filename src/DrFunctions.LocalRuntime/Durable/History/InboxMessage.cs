using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrFunctions.LocalRuntime.Durable.History;

/// <summary>What somebody wants of an instance: a document of its own until it is taken up. The names are a file format.</summary>
internal sealed record InboxMessage(string InstanceId, InboxKind Kind)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The event, for <see cref="InboxKind.Event"/>.</summary>
    public EventRaised? Event { get; init; }

    /// <summary>The execution that was started, for <see cref="InboxKind.Start"/>.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>The output, for <see cref="InboxKind.Terminate"/>.</summary>
    public Payload? Output { get; init; }

    /// <summary>Whether sub-orchestrations are terminated as well.</summary>
    public bool Recursive { get; init; }

    public static InboxMessage Parse(ReadOnlyMemory<byte> body) =>
        JsonSerializer.Deserialize<InboxMessage>(body.Span, Format) is { InstanceId: not null } message
            ? message
            : throw new JsonException("An inbox message names no instance.");

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Format);
}

/// <summary>The kinds of messages.</summary>
internal enum InboxKind
{
    /// <summary>An event was raised.</summary>
    Event,

    /// <summary>The instance was created by a process that does not hold the hub.</summary>
    Start,

    /// <summary>End it.</summary>
    Terminate,

    /// <summary>Keep what happens.</summary>
    Suspend,

    /// <summary>Go on.</summary>
    Resume,
}
