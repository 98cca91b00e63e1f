using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Recovery;

namespace DrFunctions.Cloud.ResourceManager.Deployments;

/// <summary>
/// The parameters of a template, made from what a plan says. What does not fit is told here, in the plan's words, and before anything is
/// sent: Resource Manager would tell only after the region is lost.
/// </summary>
internal static class TemplateValues
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The values for a template that was read, each of the type that the template declares.</summary>
    /// <exception cref="RecoveryException">They do not fit; the message tells everything that is wrong (<c>ParametersUnsuitable</c>).</exception>
    public static JsonObject Of(JsonObject template, IReadOnlyDictionary<string, JsonElement> parameters, string path)
    {
        var mistakes = new List<string>();
        var declared = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase); // as Resource Manager compares
        foreach (var (name, declaration) in template["parameters"] as JsonObject ?? [])
        {
            declared[name] = declaration;
            if (declaration.At("defaultValue") is null && !declaration.IsTrue("nullable") && (declaration as JsonObject)?.ContainsKey("defaultValue") != true
                && !parameters.Keys.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add($"'{name}' has no value and no default; expected it among the step's parameters");
            }
        }

        var values = new JsonObject();
        foreach (var (name, written) in parameters)
        {
            if (!declared.TryGetValue(name, out var declaration))
            {
                mistakes.Add($"'{name}' is unknown to the template; expected {(declared.Count == 0 ? "none" : $"one of {string.Join(", ", declared.Keys)}")}");
            }
            else if (Value(name, written, declaration.TextOrNull("type"), mistakes) is { } value)
            {
                values[name] = new JsonObject { ["value"] = value };
            }
        }

        return mistakes.Count == 0 ? values : throw new RecoveryException(
            "ParametersUnsuitable",
            $"The parameters do not fit the template '{path}': {string.Join("; ", mistakes)}.",
            isTransient: false,
            "Correct the step's parameters in the plan, or the template.");
    }

    /// <summary>The values for a template that only Resource Manager reads: as the plan wrote them, each of its type there.</summary>
    public static JsonObject AsWritten(IReadOnlyDictionary<string, JsonElement> parameters) =>
        new(parameters.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Key, new JsonObject { ["value"] = NodeOf(each.Value) })));

    private static JsonNode? Value(string name, JsonElement written, string? type, List<string> mistakes)
    {
        var (kind, text) = (written.ValueKind, written.ValueKind == JsonValueKind.String ? written.GetString()! : written.GetRawText()); // a string has one
        switch (type?.ToUpperInvariant())
        {
            case "INT" when kind is JsonValueKind.Number or JsonValueKind.String && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            case "INT":
                mistakes.Add($"'{name}' is '{text}'; expected a whole number");
                return null;
            case "BOOL" when kind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.String && bool.TryParse(text, out var flag):
                return flag;
            case "BOOL":
                mistakes.Add($"'{name}' is '{text}'; expected true or false");
                return null;
            case "ARRAY":
                return Parsed(name, written, text, JsonValueKind.Array, "a list, or a JSON array in quotes", mistakes);
            case "OBJECT":
                return Parsed(name, written, text, JsonValueKind.Object, "a map, or a JSON object in quotes", mistakes);
            case "SECURESTRING" or "SECUREOBJECT":
                // A plan is read by many and kept for ever. The value is not shown either.
                mistakes.Add($"'{name}' is a {type}, and a plan holds no secret; expected a template that reads it from a key vault");
                return null;
            case "STRING" when kind != JsonValueKind.String:
                mistakes.Add($"'{name}' is {text}; expected text, with quotes around it");
                return null;
            default:
                return NodeOf(written);
        }
    }

    private static JsonNode? NodeOf(JsonElement written) => JsonNode.Parse(written.GetRawText());

    // A list or a map, or text that holds one.
    private static JsonNode? Parsed(string name, JsonElement written, string text, JsonValueKind expected, string words, List<string> mistakes)
    {
        try
        {
            if ((written.ValueKind == expected || written.ValueKind == JsonValueKind.String)
                && JsonNode.Parse(text, documentOptions: s_strict) is { } node && node.GetValueKind() == expected)
            {
                return node;
            }
        }
        catch (JsonException)
        {
            // Told below, as the wrong kind is.
        }

        mistakes.Add($"'{name}' is '{text}'; expected {words}");
        return null;
    }
}
