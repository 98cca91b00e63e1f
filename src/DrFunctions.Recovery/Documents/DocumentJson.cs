using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DrFunctions.Recovery.Documents;

/// <summary>How documents are written: camelCase JSON, enums as camelCase strings, absent instead of null.</summary>
public static class DocumentJson
{
    /// <summary>The options that every document and every HTTP answer is written with.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Writes a document.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Reads a document.</summary>
    /// <exception cref="RecoveryException">It is not what was expected at that key (<c>DocumentUnreadable</c>).</exception>
    public static T Read<T>(string key, Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        try
        {
            return JsonSerializer.Deserialize<T>(document.Content.Span, Options) ?? throw new JsonException("The document is null.");
        }
        catch (JsonException exception)
        {
            throw new RecoveryException(
                "DocumentUnreadable",
                $"The document '{key}' is not a readable {typeof(T).Name}: {exception.Message}",
                isTransient: false,
                "Restore the document from the mirror account, or from its blob's previous version.",
                exception);
        }
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatCannotBeNull } },
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new ResourceIdJsonConverter());
        options.MakeReadOnly();
        return options;
    }

    // What may be null is not written when it is; all else must be there. (RespectRequiredConstructorParameters asks for both.)
    private static void RequireWhatCannotBeNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false })
            {
                property.IsRequired = true;
            }
        }
    }
}
