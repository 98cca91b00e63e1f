using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Plans.Documents;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Fields;

/// <summary>One value of a plan. Every reading method reports what is wrong and then returns null.</summary>
internal sealed partial class Field(YamlNode node, string path, MistakeList mistakes)
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly SearchValues<char> NotInUrls = SearchValues.Create("@?#\\ \n\r\t");

    public string Path => path;

    public Place At => node.At;

    /// <summary>Whether it is a map, and not text or a list.</summary>
    public bool IsMap => node is YamlMap;

    /// <summary>Reports a mistake here; the message begins with the field's name.</summary>
    public void Report(string message) => mistakes.Add(node.At, path, $"{FieldPath.Last(path)} {message}");

    /// <summary>Reports a rule that the value breaks: a plan that was applied before the rule came is still read, see <see cref="MistakeList"/>.</summary>
    public void ReportRule(string message) => mistakes.AddRule(node.At, path, $"{FieldPath.Last(path)} {message}");

    /// <summary>Reports a key of this map that is not there; the message begins with its name.</summary>
    public void Miss(string key, string message) => mistakes.Add(node.At, FieldPath.Key(path, key), message);

    /// <summary>Whether a person's retry gave the value, and not the plan.</summary>
    public bool IsFromRetry => node is YamlScalar { IsFromRetry: true };

    /// <summary>A map with these keys; unknown and missing ones are reported.</summary>
    public FieldMap? Map(MapKeys keys) => node is YamlMap map ? FieldMap.Checked(map, path, mistakes, keys) : Wrong<FieldMap>("a map");

    /// <summary>A map whose keys are names that the plan chooses.</summary>
    public FieldMap? Map() => node is YamlMap map ? new FieldMap(map, path, mistakes) : Wrong<FieldMap>("a map");

    /// <summary>A list of at least one item.</summary>
    public IReadOnlyList<Field>? List()
    {
        if (node is not YamlList list)
        {
            return Wrong<IReadOnlyList<Field>>("a list");
        }

        if (list.Items.Count == 0)
        {
            Report("is empty; expected at least one item.");
            return null;
        }

        return [.. list.Items.Select((item, index) => new Field(item, FieldPath.Item(path, index), mistakes))];
    }

    /// <summary>Text that is not empty.</summary>
    public string? Text(string expected = "text")
    {
        if (node is not YamlScalar scalar)
        {
            return Wrong<string>(expected);
        }

        if (Untexted(scalar) is { } kind)
        {
            Report($"is {kind}; expected {expected}.");
            return null;
        }

        return scalar.Value;
    }

    /// <summary>Text of a shape.</summary>
    public string? Text(Regex shape, string expected)
    {
        var text = Text(expected);
        return text is null || shape.IsMatch(text) ? text : Refuse<string>(text, expected);
    }

    /// <summary>A size of time between two bounds, both included.</summary>
    public TimeSpan? Duration(TimeSpan least, TimeSpan most)
    {
        if (Text(Durations.Expected) is not { } text)
        {
            return null;
        }

        if (!Durations.TryParse(text, out var duration))
        {
            Refuse<string>(text, Durations.Expected);
            return null;
        }

        if (duration < least || duration > most)
        {
            Refuse<string>(text, $"{Durations.Text(least)} to {Durations.Text(most)}");
            return null;
        }

        return duration;
    }

    /// <summary>A number between two bounds, both included.</summary>
    public decimal? Number(decimal least, decimal most)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}, such as 12000 or 0.1");
        if (node is not YamlScalar { IsPlain: true } scalar || !PlainNumber().IsMatch(scalar.Value))
        {
            Report($"is {(node is YamlScalar text && Untexted(text) is not "empty" ? Shown.Value(text.Value) : Kind(node))}; expected {expected}.");
            return null;
        }

        var value = decimal.Parse(scalar.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        if (value < least || value > most)
        {
            Refuse<string>(scalar.Value, expected);
            return null;
        }

        return value;
    }

    /// <summary>A whole number between two bounds, both included.</summary>
    public int? Integer(int least, int most)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"a whole number, {least} to {most}");
        if (node is not YamlScalar { IsPlain: true } scalar)
        {
            Wrong<object>(expected);
            return null;
        }

        if (int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse<object>(scalar.Value, expected);
        return null;
    }

    /// <summary>true or false.</summary>
    public bool? Boolean()
    {
        const string Expected = "true or false";
        if (node is not YamlScalar { IsPlain: true } scalar)
        {
            Wrong<object>(Expected);
            return null;
        }

        if (scalar.Value is "true" or "false")
        {
            return scalar.Value == "true";
        }

        Refuse<object>(scalar.Value, Expected);
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? OneOf(IReadOnlyList<string> words)
    {
        var text = Text(Spelling.OneOf(words));
        if (text is null || words.Contains(text))
        {
            return text;
        }

        Report($"is {Shown.Value(text)}; {Spelling.Hint(text, words)}");
        return null;
    }

    /// <summary>One of the choices.</summary>
    public T? OneOf<T>(IReadOnlyDictionary<string, T> choices)
        where T : struct, Enum
    {
        var names = choices.Keys.ToList();
        if (Text(Spelling.OneOf(names)) is not { } text)
        {
            return null;
        }

        if (choices.TryGetValue(text, out var choice))
        {
            return choice;
        }

        Report($"is {Shown.Value(text)}; {Spelling.Hint(text, names)}");
        return null;
    }

    /// <summary>The id of an Azure resource, of one type where one is given.</summary>
    public ResourceId? Resource(string? type = null)
    {
        var expected = type is null
            ? "a resource id, such as /subscriptions/…/resourceGroups/…/providers/Microsoft.Web/sites/shop"
            : $"a resource id, /subscriptions/…/resourceGroups/…/providers/{Placed(type)}";
        if (Text(expected) is not { } text)
        {
            return null;
        }

        var parts = text.Split('/');
        var typed = type is null || (parts.Length >= 9 && type.Equals(string.Join('/', parts[6..].Where((_, at) => at == 0 || at % 2 == 1)), StringComparison.OrdinalIgnoreCase));
        if (typed && text.Length <= 1024 && ResourceId.TryParse(text, out var id))
        {
            return id;
        }

        Refuse<string>(text, expected);
        return null;
    }

    /// <summary>The type with the places of its names: <c>Microsoft.Sql/servers/{name}/failoverGroups/{name}</c>.</summary>
    private static string Placed(string type)
    {
        var segments = type.Split('/');
        return $"{segments[0]}/{string.Join('/', segments[1..].Select(segment => $"{segment}/{{name}}"))}";
    }

    /// <summary>An address that a probe can open; one that carries a user or a password is refused and not shown.</summary>
    public Uri? Url()
    {
        const string Expected = "an absolute http or https URL without user, password, query and fragment";
        if (Text(Expected) is not { } text)
        {
            return null;
        }

        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.Host.Length > 0
            && text.AsSpan().IndexOfAny(NotInUrls) < 0
            && text.Length <= 2000;
        return isUrl ? url : Refuse<Uri>(text, Expected);
    }

    /// <summary>A place that accepts TCP connections; an address that carries a user or a password is refused and not shown.</summary>
    public Uri? TcpTarget()
    {
        const string Expected = "tcp://host:port with a port from 1 to 65535 and nothing behind it";
        return Text(Expected) is not { } text ? null
            : text.Length <= 300 && TcpShape().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out var target) && target.Port is > 0 and <= 65535
                ? target
                : Refuse<Uri>(text, Expected);
    }

    /// <summary>The value as JSON of the type that YAML's core schema gives it, so that <c>5</c> is a number and <c>"5"</c> text.</summary>
    /// <param name="most">The longest JSON, in characters.</param>
    public JsonElement? Json(int most)
    {
        if (ToJson() is not { } json)
        {
            return null;
        }

        if (json.ToJsonString(AsWritten) is { } text && text.Length > most)
        {
            Report($"has {text.Length} characters as JSON; expected at most {most}.");
            return null;
        }

        return JsonSerializer.SerializeToElement(json, AsWritten);
    }

    private JsonNode? ToJson()
    {
        switch (node)
        {
            case YamlList list:
                var items = list.Items.Select((item, index) => new Field(item, FieldPath.Item(path, index), mistakes).ToJson()).ToList();
                return items.Contains(null) ? null : new JsonArray([.. items]);
            case YamlMap map:
                var entries = map.Entries.Select(entry => KeyValuePair.Create(entry.Key, new Field(entry.Value, FieldPath.Key(path, entry.Key), mistakes).ToJson())).ToList();
                return entries.Exists(entry => entry.Value is null) ? null : new JsonObject(entries);
            case YamlScalar { IsPlain: false } scalar:
                return JsonValue.Create(scalar.Value);
            case YamlScalar { Value: "true" or "True" or "TRUE" or "false" or "False" or "FALSE" } scalar:
                return JsonValue.Create(scalar.Value[0] is 't' or 'T');
            case YamlScalar scalar when JsonNumber().IsMatch(scalar.Value):
                return JsonNode.Parse(scalar.Value);
            case YamlScalar scalar when Untexted(scalar) is { } kind:
                Report($"is {kind}; expected a number as JSON writes it, such as 5 or 0.5, true, false, a list, a map, or text in quotes.");
                return null;
            default:
                return JsonValue.Create(((YamlScalar)node).Value);
        }
    }

    /// <summary>Reports that the value is not what was expected.</summary>
    public T? Refuse<T>(string value, string expected)
        where T : class
    {
        Report($"is {Shown.Value(value)}; expected {expected}.");
        return null;
    }

    private T? Wrong<T>(string expected)
        where T : class
    {
        Report($"is {Kind(node)}; expected {expected}.");
        return null;
    }

    private static string Kind(YamlNode node) => node switch
    {
        YamlList => "a list",
        YamlMap => "a map",
        YamlScalar scalar => Untexted(scalar) ?? $"the text {Shown.Value(scalar.Value)}",
        _ => "nothing",
    };

    // What a scalar is when it is not text, by YAML's core schema.
    private static string? Untexted(YamlScalar scalar) => scalar switch
    {
        { Value: "" } => "empty",
        { IsPlain: true, Value: "~" or "null" or "Null" or "NULL" } => "empty",
        { IsPlain: true, Value: "true" or "True" or "TRUE" or "false" or "False" or "FALSE" } => $"the boolean {scalar.Value} without quotes",
        { IsPlain: true } when Number().IsMatch(scalar.Value) => $"the number {Shown.Key(scalar.Value)} without quotes or unit",
        _ => null,
    };

    [GeneratedRegex(@"\Atcp://[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?:[0-9]{1,5}\z")]
    internal static partial Regex TcpShape();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?\z")]
    private static partial Regex JsonNumber();

    // Fits into a decimal, whatever the digits.
    [GeneratedRegex(@"^[0-9]{1,15}(\.[0-9]{1,9})?\z")]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"^([-+]?([0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))|\.(nan|NaN|NAN))\z")]
    private static partial Regex Number();
}
