using System.Text.Json;
using System.Text.RegularExpressions;

namespace DrFunctions.Plans.Tests;

/// <summary>Checks a document against the part of JSON schema that the plan's schema uses; any other keyword is an error.</summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private static readonly string[] Annotations = ["$schema", "$id", "$defs", "title", "description", "default"];

    /// <summary>What is wrong, each with its path; empty when the document is valid.</summary>
    public IReadOnlyList<string> Validate(JsonElement document)
    {
        var errors = new List<string>();
        Check(root, document, "", errors);
        return errors;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Annotations.Contains(keyword.Name) && !Holds(keyword.Name, keyword.Value, schema, value, path, errors))
            {
                errors.Add($"{path}: {keyword.Name} {keyword.Value.GetRawText()}");
            }
        }
    }

    private List<string> Errors(JsonElement schema, JsonElement value, string path)
    {
        var errors = new List<string>();
        Check(schema, value, path, errors);
        return errors;
    }

    private bool Holds(string keyword, JsonElement rule, JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        var (map, list, text) = (value.ValueKind == JsonValueKind.Object, value.ValueKind == JsonValueKind.Array, value.ValueKind == JsonValueKind.String);
        switch (keyword)
        {
            case "$ref":
                Check(root.GetProperty("$defs").GetProperty(rule.GetString()!["#/$defs/".Length..]), value, path, errors);
                return true;
            case "anyOf":
                // Of alternatives that all fail, the one that fails least is what was meant.
                errors.AddRange(rule.EnumerateArray().Select(one => Errors(one, value, path)).MinBy(found => found.Count)!); // There are some.
                return true;
            case "not":
                return Errors(rule, value, path).Count > 0;
            case "type":
                return rule.ValueKind == JsonValueKind.Array
                    ? rule.EnumerateArray().Any(one => Holds(keyword, one, schema, value, path, errors))
                    : rule.GetString() switch { "object" => map, "array" => list, "string" => text, "number" or "integer" => value.ValueKind == JsonValueKind.Number, "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False, var other => throw new NotSupportedException(other) };
            case "enum":
                return text && rule.EnumerateArray().Any(choice => choice.GetString() == value.GetString());
            case "pattern":
                return !text || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.ECMAScript);
            case "minimum":
                return value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= rule.GetDecimal();
            case "maximum":
                return value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= rule.GetDecimal();
            case "maxItems":
                return !list || value.GetArrayLength() <= rule.GetInt32();
            case "maxLength":
                return !text || value.GetString()!.Length <= rule.GetInt32();
            case "required":
                return !map || rule.EnumerateArray().All(key => value.TryGetProperty(key.GetString()!, out _));
            case "minItems":
                return !list || value.GetArrayLength() >= rule.GetInt32();
            case "minProperties":
                return !map || value.EnumerateObject().Count() >= rule.GetInt32();
            case "maxProperties":
                return !map || value.EnumerateObject().Count() <= rule.GetInt32();
            case "items":
                foreach (var (index, item) in list ? value.EnumerateArray().Index() : [])
                {
                    Check(rule, item, $"{path}[{index}]", errors);
                }

                return true;
            case "properties":
                foreach (var property in map ? value.EnumerateObject().Where(property => rule.TryGetProperty(property.Name, out _)).ToList() : [])
                {
                    Check(rule.GetProperty(property.Name), property.Value, $"{path}.{property.Name}", errors);
                }

                return true;
            case "propertyNames":
                foreach (var property in map ? value.EnumerateObject().ToList() : [])
                {
                    Check(rule, JsonSerializer.SerializeToElement(property.Name), $"{path}.{property.Name}", errors);
                }

                return true;
            case "additionalProperties":
                var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name).ToList() : [];
                var others = map ? value.EnumerateObject().Where(property => !known.Contains(property.Name)).ToList() : [];
                if (rule.ValueKind == JsonValueKind.False)
                {
                    return others.Count == 0;
                }

                others.ForEach(property => Check(rule, property.Value, $"{path}.{property.Name}", errors));
                return true;
            default:
                throw new NotSupportedException($"The schema uses '{keyword}', which this validator does not know.");
        }
    }
}
