using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace DrFunctions.Backup.Keys;

/// <summary>A slot as it lies in its repository, <c>keys/{repository}/{slot}</c>: JSON, names in this order, bytes in base 64.</summary>
/// <param name="Kind">What opens it.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Parameters">How the wrapping key is had again, as the <see cref="IKeyWrapper"/> of this kind wrote it.</param>
/// <param name="Slot">The wrapped key.</param>
internal sealed record KeySlotDocument(string Kind, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string> Parameters, KeySlot Slot)
{
    private const string Format = "drfunctions-key";
    private const int Version = 2;

    /// <summary>All that it says beside the wrapped key, which is bound to it: kind, time and parameters, a line each.</summary>
    public string About => AboutOf(Kind, CreatedAt, Parameters);

    /// <summary>What a slot like this is bound to.</summary>
    public static string AboutOf(string kind, DateTimeOffset createdAt, IReadOnlyDictionary<string, string> parameters) => string.Join(
        '\n',
        parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal).Select(parameter => $"{parameter.Key}={parameter.Value}")
            .Prepend(createdAt.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)).Prepend(kind));

    /// <summary>The slot's bytes.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("kind", Kind);
            json.WriteString("createdAt", CreatedAt.ToUniversalTime());
            json.WriteStartObject("parameters");
            foreach (var (name, value) in Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteBase64String("nonce", Slot.Nonce.Span);
            json.WriteBase64String("wrapped", Slot.Wrapped.Span);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads a slot; null when it is none, or one that only a newer program understands. Nothing in it is to be believed before it opened.</summary>
    public static KeySlotDocument? Read(ReadOnlyMemory<byte> content, string id)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var json = document.RootElement;
            return json.GetProperty("format").GetString() == Format && json.GetProperty("version").GetInt32() == Version
                ? new KeySlotDocument(
                    json.GetProperty("kind").GetString() ?? "",
                    json.GetProperty("createdAt").GetDateTimeOffset(),
                    ReadParameters(json.GetProperty("parameters")),
                    new KeySlot(id, json.GetProperty("nonce").GetBytesFromBase64(), json.GetProperty("wrapped").GetBytesFromBase64()))
                : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> ReadParameters(JsonElement json)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in json.EnumerateObject())
        {
            parameters[parameter.Name] = parameter.Value.GetString() ?? "";
        }

        return parameters;
    }
}
