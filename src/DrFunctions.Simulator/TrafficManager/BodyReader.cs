using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Reads typed members of a JSON object; every refusal names the member, what was found and what was expected.</summary>
internal readonly struct BodyReader(JsonObject body, string path)
{
    public BodyReader? Object(string member) => body[member] switch
    {
        null => null,
        JsonObject inner => new BodyReader(inner, PathOf(member)),
        var other => throw Wrong(member, other, "an object"),
    };

    public BodyReader RequiredObject(string member) => Object(member) ?? throw Missing(member);

    public IEnumerable<BodyReader> Objects(string member)
    {
        var at = PathOf(member);
        return Array(member).Select((item, index) => item is JsonObject inner
            ? new BodyReader(inner, $"{at}[{index}]")
            : throw ProfileErrors.BadRequest($"The value of '{at}[{index}]' is invalid: expected an object."));
    }

    public IEnumerable<string> Texts(string member)
    {
        var at = PathOf(member);
        return Array(member).Select((item, index) => item is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw ProfileErrors.BadRequest($"The value of '{at}[{index}]' is invalid: expected a string."));
    }

    public string? Text(string member) => body[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        var other => throw Wrong(member, other, "a string"),
    };

    public string RequiredText(string member) => Text(member) is { Length: > 0 } text ? text : throw Missing(member);

    public int? Number(string member, int min, int max) => body[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out int number) && number >= min && number <= max => number,
        var other => throw Wrong(member, other, $"a whole number from {min} to {max}"),
    };

    public T? Choice<T>(string member)
        where T : struct, Enum
    {
        var text = Text(member);
        if (text is null)
        {
            return null;
        }

        return Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } match
            ? Enum.Parse<T>(match)
            : throw Wrong(member, body[member], "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    /// <summary>Enabled or Disabled.</summary>
    public bool? Switch(string member) => Text(member) switch
    {
        null => null,
        { } text when string.Equals(text, "Enabled", StringComparison.OrdinalIgnoreCase) => true,
        { } text when string.Equals(text, "Disabled", StringComparison.OrdinalIgnoreCase) => false,
        _ => throw Wrong(member, body[member], "Enabled or Disabled"),
    };

    public bool Has(string member) => body[member] is not null;

    public JsonNode? Copy(string member) => body[member]?.DeepClone();

    public string PathOf(string member) => path.Length == 0 ? member : path + "." + member;

    private JsonArray Array(string member) => body[member] switch
    {
        null => [],
        JsonArray array => array,
        var other => throw Wrong(member, other, "an array"),
    };

    private ResourceManagement.ArmRejection Missing(string member) =>
        ProfileErrors.BadRequest($"The required member '{PathOf(member)}' is missing.");

    private ResourceManagement.ArmRejection Wrong(string member, JsonNode? found, string expected) =>
        ProfileErrors.BadRequest($"The value {found?.ToJsonString()} of '{PathOf(member)}' is invalid: expected {expected}.");
}
