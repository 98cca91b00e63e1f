using System.Text.Json;

namespace DrFunctions.LocalRuntime.Durable.Leases;

/// <summary>Who holds the hub. The names are a file format.</summary>
/// <param name="Owner">The host; empty when it was given back.</param>
/// <param name="Fence">The fencing number: grows with every change of the owner.</param>
/// <param name="Beat">Grows with every renewal.</param>
internal sealed record LeaseRecord(string Owner, long Fence, long Beat)
{
    public static LeaseRecord Parse(ReadOnlyMemory<byte> body) =>
        JsonSerializer.Deserialize<LeaseRecord>(body.Span, JsonSerializerOptions.Web)
        ?? throw new JsonException("The lease record is empty.");

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);
}
