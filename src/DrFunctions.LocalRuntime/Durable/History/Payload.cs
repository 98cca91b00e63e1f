using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrFunctions.LocalRuntime.Durable.History;

/// <summary>
/// A value as JSON text. A large one lies in a document of its own; then <see cref="Document"/> names it, and the text is null
/// until it is fetched.
/// </summary>
[JsonConverter(typeof(Converter))]
internal sealed class Payload
{
    /// <summary>The longest text, in bytes of UTF-8, that is kept in the history itself.</summary>
    public const int LongestInline = 64 * 1024;

    /// <summary>The text.</summary>
    public string? Json { get; set; }

    /// <summary>The document that holds the text; null while it is inline.</summary>
    public string? Document { get; set; }

    /// <summary>Whether the text must be moved to a document before the history is written.</summary>
    [JsonIgnore]
    public bool NeedsDocument =>
        Document is null && Json is not null && Json.Length > LongestInline / 3 && Encoding.UTF8.GetByteCount(Json) > LongestInline;

    /// <summary>A payload of a text; null of none.</summary>
    public static Payload? Of(string? json) => json is null ? null : new Payload { Json = json };

    /// <summary>The same text, to be written with another execution.</summary>
    public static Payload? Afresh(Payload? payload) => Of(payload?.Json);

    private sealed class Converter : JsonConverter<Payload>
    {
        public override Payload? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return new Payload { Json = reader.GetString() };
            }

            using var reference = JsonDocument.ParseValue(ref reader);
            return reference.RootElement is { ValueKind: JsonValueKind.Object } named
                && named.TryGetProperty("document", out var document) && document.ValueKind == JsonValueKind.String
                ? new Payload { Document = document.GetString() }
                : throw new JsonException("A value is neither text nor the name of a document.");
        }

        public override void Write(Utf8JsonWriter writer, Payload value, JsonSerializerOptions options)
        {
            if (value.Document is null)
            {
                writer.WriteStringValue(value.Json);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteString("document", value.Document);
                writer.WriteEndObject();
            }
        }
    }
}
