using System.Globalization;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>Reads typed members of a JSON object; a refusal carries the provider's code and names member, value and what was expected.</summary>
/// <param name="body">The object.</param>
/// <param name="path">Where it lies in the body; empty for the body itself.</param>
/// <param name="refuse">Makes the provider's refusal of a message.</param>
internal readonly struct JsonMembers(JsonObject body, string path, Func<string, ArmRejection> refuse)
{
    public bool Has(string member) => body[member] is not null;

    public JsonMembers Object(string member) => body[member] switch
    {
        null => new JsonMembers([], PathOf(member), refuse),
        JsonObject inner => new JsonMembers(inner, PathOf(member), refuse),
        var other => throw Wrong(member, other, "an object"),
    };

    public JsonObject? Copy(string member)
    {
        _ = Object(member);
        return body[member]?.DeepClone().AsObject();
    }

    public string? Text(string member) => body[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        var other => throw Wrong(member, other, "a string"),
    };

    public int? Number(string member, int min, int max) => body[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out int number) && number >= min && number <= max => number,
        var other => throw Wrong(member, other, $"a whole number from {min} to {max}"),
    };

    public bool? Flag(string member) => body[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        var other => throw Wrong(member, other, "true or false"),
    };

    public DateTimeOffset? Time(string member)
    {
        var text = Text(member);
        return text is null ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
            : throw Wrong(member, body[member], "a time such as 2030-01-01T00:00:00Z");
    }

    /// <summary>One of the choices, in their spelling; the body's may differ in case.</summary>
    public string? Choice(string member, params IReadOnlyList<string> choices)
    {
        var text = Text(member);
        return text is null ? null
            : choices.FirstOrDefault(choice => ArmRouter.Is(choice, text)) ?? throw Wrong(member, body[member], "one of " + string.Join(", ", choices));
    }

    /// <summary>One of the names of an enumeration, ignoring case.</summary>
    public T? Choice<T>(string member)
        where T : struct, Enum =>
        Choice(member, Enum.GetNames<T>()) is { } name ? Enum.Parse<T>(name) : null;

    public IReadOnlyList<string>? Texts(string member)
    {
        if (body[member] is not { } node)
        {
            return null;
        }

        var texts = node is JsonArray array ? array.Select(item => item is JsonValue value && value.TryGetValue(out string? text) ? text : null).ToList() : [null];
        return texts.Contains(null) ? throw Wrong(member, node, "an array of strings") : [.. texts.OfType<string>()];
    }

    public ArmRejection Wrong(string member, string expected) => Wrong(member, body[member], expected);

    private ArmRejection Wrong(string member, JsonNode? found, string expected) =>
        refuse($"The value {found?.ToJsonString() ?? "null"} of '{PathOf(member)}' is invalid: expected {expected}.");

    private string PathOf(string member) => path.Length == 0 ? member : path + "." + member;
}
