using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DrFunctions.Simulator.Files;

/// <summary>A JSON Schema (2020-12) of this project, as far as its files use it, and the check of a document against it.</summary>
internal sealed class FileSchema
{
    /// <summary>The scenario file.</summary>
    public static readonly FileSchema Scenario = Load("scenario.schema.json");

    /// <summary>The fault script.</summary>
    public static readonly FileSchema Faults = Load("faults.schema.json");

    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);
    private readonly JsonElement _root;

    private FileSchema(string text)
    {
        Text = text;
        _root = JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The schema as it is published.</summary>
    public string Text { get; }

    /// <summary>Finds every mistake of the document's structure.</summary>
    /// <returns>The document without them: what is wrong is left out, and filled where it is required, so that the rest can be judged.</returns>
    public JsonNode? Check(JsonPlace document, List<Mistake> mistakes) => Check(document, _root, mistakes) ?? Filler(_root);

    /// <summary>Null when the value is wrong, or is null.</summary>
    private JsonNode? Check(JsonPlace place, JsonElement given, List<Mistake> mistakes)
    {
        var schema = Resolve(given);
        if (schema.TryGetProperty("type", out var type) && !TypesOf(type).Any(name => IsOf(place, name)))
        {
            mistakes.Add(place.Mistake($"expected {string.Join(" or ", TypesOf(type).Select(Article))} and found {ShownFor(place, schema)}"));
            return null;
        }

        switch (place.Kind)
        {
            case JsonValueKind.Object:
                return CheckMembers(place, schema, mistakes);
            case JsonValueKind.Array:
                var items = schema.GetProperty("items");
                return new JsonArray([.. place.Items.Select(item => Check(item, items, mistakes) ?? Filler(items))]);
            case JsonValueKind.String:
                return CheckText(place, schema) is { } text ? Told(place, text, mistakes) : JsonValue.Create(place.Text);
            case JsonValueKind.Number:
                return CheckNumber(place, schema) is { } number ? Told(place, number, mistakes) : JsonNode.Parse(place.Text!); // a number has digits
            case JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(place.Kind == JsonValueKind.True);
            default:
                return null;
        }
    }

    private JsonObject CheckMembers(JsonPlace place, JsonElement schema, List<Mistake> mistakes)
    {
        var read = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in place.Members)
        {
            if (!seen.Add(name))
            {
                mistakes.Add(value.Mistake("it is there twice"));
            }
            else if (MemberOf(schema, name) is { } member)
            {
                var before = mistakes.Count;
                var node = Check(value, member, mistakes);
                if (node is not null || mistakes.Count == before)
                {
                    read[name] = node;
                }
                else if (RequiredOf(schema).Contains(name))
                {
                    read[name] = Filler(member);
                }
            }
            else
            {
                mistakes.Add(value.Mistake($"there is no such member; expected one of {string.Join(", ", NamesOf(schema))}"));
            }
        }

        foreach (var name in RequiredOf(schema).Where(name => !seen.Contains(name)))
        {
            mistakes.Add(place.Mistake($"expected the member '{name}' and found none"));
            read[name] = Filler(schema.GetProperty("properties").GetProperty(name));
        }

        return read;
    }

    /// <summary>The smallest value of the right type.</summary>
    private JsonNode Filler(JsonElement given)
    {
        var schema = Resolve(given);
        if (schema.TryGetProperty("enum", out var choices))
        {
            return JsonNode.Parse(choices[0].GetRawText())!; // no enum holds null
        }

        switch (TypesOf(schema.GetProperty("type")).First())
        {
            case "object":
                return new JsonObject(RequiredOf(schema).Select(name => KeyValuePair.Create(name, (JsonNode?)Filler(schema.GetProperty("properties").GetProperty(name)))));
            case "array":
                return new JsonArray();
            case "string":
                return JsonValue.Create("");
            case "boolean":
                return JsonValue.Create(false);
            default:
                return schema.TryGetProperty("minimum", out var least) ? JsonNode.Parse(least.GetRawText())! : JsonValue.Create(0); // a number
        }
    }

    private static JsonElement? MemberOf(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var member) ? member
        : schema.TryGetProperty("additionalProperties", out var other) && other.ValueKind == JsonValueKind.Object ? other
        : null;

    private static IEnumerable<string> NamesOf(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Where(name => name != "$schema");

    private static JsonNode? Told(JsonPlace place, string message, List<Mistake> mistakes)
    {
        mistakes.Add(place.Mistake(message));
        return null;
    }

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    private static string? CheckText(JsonPlace place, JsonElement schema)
    {
        var text = place.Text ?? "";
        if (schema.TryGetProperty("enum", out var choices))
        {
            return choices.EnumerateArray().Any(choice => choice.GetString() == text) ? null : $"expected one of {string.Join(", ", choices.EnumerateArray())} and found '{text}'";
        }

        if (schema.TryGetProperty("minLength", out var min) && text.Length < min.GetInt32())
        {
            return "expected a text and found an empty one";
        }

        return schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.CultureInvariant, MatchLimit) // a pattern is a text
            ? $"expected {ExampleOf(schema)} and found {ShownFor(place, schema)}"
            : null;
    }

    /// <summary>What is wrong with a number; null when nothing is.</summary>
    private static string? CheckNumber(JsonPlace place, JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var choices))
        {
            return choices.EnumerateArray().Any(choice => choice.GetRawText() == place.Text) ? null : $"expected one of {string.Join(", ", choices.EnumerateArray())} and found {place.Text}";
        }

        var number = double.Parse(place.Text!, CultureInfo.InvariantCulture); // a number has digits
        var (min, above, max) = (Bound("minimum"), Bound("exclusiveMinimum"), Bound("maximum"));
        if (!(number < min) && !(number <= above) && !(number > max) && double.IsFinite(number))
        {
            return null;
        }

        var from = above is not null ? FormattableString.Invariant($"more than {above}") : FormattableString.Invariant($"{min}");
        var to = max is not null ? FormattableString.Invariant($"{from}{(above is null ? " to" : ", at most")} {max}") : above is null ? $"{from} or more" : from;
        return $"expected {(min is null && above is null && max is null ? "a number" : to)} and found {place.Text}";

        double? Bound(string name) => schema.TryGetProperty(name, out var bound) ? bound.GetDouble() : null;
    }

    private JsonElement Resolve(JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out var reference))
        {
            schema = _root.GetProperty("$defs").GetProperty(reference.GetString()!.Split('/')[^1]); // a reference is a text
        }

        return schema;
    }

    private static bool IsOf(JsonPlace place, string type) => (type, place.Kind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number)
            or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("null", JsonValueKind.Null) => true,
        ("integer", JsonValueKind.Number) => long.TryParse(place.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => false,
    };

    private static IEnumerable<string> TypesOf(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(each => each.GetString()!) : [type.GetString()!]; // types are texts

    private static IEnumerable<string> RequiredOf(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(each => each.GetString()!) : []; // names are texts

    // What may carry a secret is not repeated.
    private static string ShownFor(JsonPlace place, JsonElement schema) =>
        schema.TryGetProperty("writeOnly", out _) ? "a " + place.Kind.ToString().ToLowerInvariant() : place.Shown;

    private static string ExampleOf(JsonElement schema) =>
        schema.TryGetProperty("examples", out var examples) ? $"a text such as {examples[0]}" : "a text of another form";

    private static string Article(string type) => type switch
    {
        "object" or "array" => "an " + type,
        "integer" => "a whole number",
        "string" => "a text",
        "boolean" => "true or false",
        "null" => "null",
        _ => "a " + type,
    };

    private static FileSchema Load(string name)
    {
        using var stream = typeof(FileSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without its resource '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new FileSchema(reader.ReadToEnd());
    }
}
