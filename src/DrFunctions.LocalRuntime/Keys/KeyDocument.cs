using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrFunctions.LocalRuntime.Keys;

/// <summary>The stored keys, in the shape of the official host's secrets.</summary>
internal sealed record KeyDocument
{
    [JsonPropertyName("masterKey")]
    public StoredKey? MasterKey { get; init; }

    [JsonPropertyName("functionKeys")]
    public IReadOnlyList<StoredKey> FunctionKeys { get; init; } = [];

    [JsonPropertyName("systemKeys")]
    public IReadOnlyList<StoredKey> SystemKeys { get; init; } = [];

    public static KeyDocument From(IReadOnlyDictionary<string, string> keys) => new()
    {
        MasterKey = new StoredKey(HostKey.Master, keys[HostKey.Master]),
        FunctionKeys = [new StoredKey(HostKey.Default, keys[HostKey.Default])],
        SystemKeys = [.. new[] { HostKey.EventGrid, HostKey.DurableTask }.Select(name => new StoredKey(name, keys[name]))],
    };

    /// <summary>The keys by name; those that are encrypted or empty count as absent.</summary>
    public Dictionary<string, string> ToKeys() =>
        ((IEnumerable<StoredKey?>)[MasterKey, .. FunctionKeys, .. SystemKeys])
            .OfType<StoredKey>()
            .Where(key => key is { Encrypted: false, Value.Length: > 0 } && HostKey.All.Contains(key.Name))
            .DistinctBy(key => key.Name)
            .ToDictionary(key => key.Name, key => key.Value);

    /// <exception cref="JsonException">The content is not such a document.</exception>
    public static KeyDocument Parse(BinaryData content) =>
        JsonSerializer.Deserialize<KeyDocument>(content) ?? throw new JsonException("The document is null.");

    public BinaryData ToContent() => BinaryData.FromObjectAsJson(this);
}

/// <summary>One stored key.</summary>
internal sealed record StoredKey(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("value")] string Value,
    [property: JsonPropertyName("encrypted")] bool Encrypted = false);
