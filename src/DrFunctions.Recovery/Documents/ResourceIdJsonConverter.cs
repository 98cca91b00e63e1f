using System.Text.Json;
using System.Text.Json.Serialization;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Documents;

internal sealed class ResourceIdJsonConverter : JsonConverter<ResourceId>
{
    public override ResourceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ResourceId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("Expected an Azure resource id.");

    public override void Write(Utf8JsonWriter writer, ResourceId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
