using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>The values of a template's parameters: given, or else their defaults; each of its type and within its limits.</summary>
/// <exception cref="ArmRejection">Every method: InvalidTemplate, naming the parameter.</exception>
internal sealed class TemplateParameters
{
    private static readonly string[] Types = ["String", "SecureString", "Int", "Bool", "Object", "SecureObject", "Array"];

    private readonly Dictionary<string, JsonNode?> _values = new(StringComparer.OrdinalIgnoreCase);

    public TemplateParameters(JsonObject template, JsonObject given, Func<IReadOnlyDictionary<string, JsonNode?>, TemplateScope> scope)
    {
        var declared = TemplateReader.Object(template, "parameters");
        var unknown = given.Select(each => each.Key).Where(name => !declared.ContainsKey(name)).ToList();
        if (unknown.Count > 0)
        {
            throw DeploymentErrors.InvalidTemplate(
                $"The template parameters '{string.Join(", ", unknown)}' are not valid; they are not present in the template and can therefore not be provided. The only supported parameters for this template are '{string.Join(", ", declared.Select(each => each.Key))}'");
        }

        foreach (var (name, node) in declared)
        {
            var declaration = node as JsonObject ?? throw Wrong(name, "its declaration is not an object");
            var type = Types.FirstOrDefault(each => declaration["type"] is JsonValue value && value.TryGetValue(out string? text) && ArmRouter.Is(each, text))
                ?? throw Wrong(name, $"its type is not one of {string.Join(", ", Types)}");
            TemplateReader.RequireKnown(
                declaration, $"The template parameter '{name}'", "type", "defaultValue", "allowedValues", "minValue", "maxValue", "minLength", "maxLength", "metadata");
            var value = Value(name, declaration, given, scope);
            Check(name, type, value, declaration);
            _values[name] = value;
            Shown[name] = type.StartsWith("Secure", StringComparison.Ordinal)
                ? new JsonObject { ["type"] = type }
                : new JsonObject { ["type"] = type, ["value"] = value?.DeepClone() };
        }
    }

    public IReadOnlyDictionary<string, JsonNode?> Values => _values;

    public JsonObject Shown { get; } = [];

    private JsonNode? Value(string name, JsonObject declaration, JsonObject given, Func<IReadOnlyDictionary<string, JsonNode?>, TemplateScope> scope)
    {
        if (given[name] is { } node)
        {
            var entry = node as JsonObject ?? throw Wrong(name, "expected an object with a value");
            TemplateReader.RequireKnown(entry, $"The value of the template parameter '{name}'", "value");
            return entry.ContainsKey("value") ? entry["value"]?.DeepClone() : throw Wrong(name, "expected an object with a value");
        }

        return declaration.ContainsKey("defaultValue")
            ? scope(_values).Evaluate(declaration["defaultValue"])
            : throw DeploymentErrors.InvalidTemplate(
                $"The value for the template parameter '{name}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.");
    }

    private static void Check(string name, string type, JsonNode? value, JsonObject declaration)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        var fits = type switch
        {
            "String" or "SecureString" => kind == JsonValueKind.String,
            "Int" => kind == JsonValueKind.Number && value!.AsValue().TryGetValue(out long _), // a number
            "Bool" => kind is JsonValueKind.True or JsonValueKind.False,
            "Array" => kind == JsonValueKind.Array,
            _ => kind == JsonValueKind.Object,
        };
        if (!fits)
        {
            throw Wrong(name, $"expected a value of type '{type}' and found one of type '{kind}'");
        }

        if (declaration["allowedValues"] is JsonArray allowed && !allowed.Any(each => JsonNode.DeepEquals(each, value)))
        {
            throw Wrong(name, $"its value is not part of the allowed values '{string.Join(", ", allowed.Select(each => each?.ToJsonString()))}'");
        }

        Within("Value", type == "Int" ? value!.GetValue<long>() : null); // checked
        Within("Length", kind switch
        {
            JsonValueKind.String => value!.GetValue<string>().Length, // a string
            JsonValueKind.Array => value!.AsArray().Count, // an array
            _ => null,
        });

        void Within(string what, long? found)
        {
            var (min, max) = (Limit("min" + what), Limit("max" + what));
            if (found < min || found > max)
            {
                throw Wrong(name, $"its {what.ToLowerInvariant()} {found} is not within {min?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "…"} to {max?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "…"}");
            }
        }

        long? Limit(string member) => declaration[member] switch
        {
            null => null,
            JsonValue limit when limit.TryGetValue(out long number) => number,
            _ => throw Wrong(name, $"its {member} is not a whole number"),
        };
    }

    private static ArmRejection Wrong(string name, string why) => DeploymentErrors.InvalidTemplate($"The template parameter '{name}' is not valid: {why}");
}
