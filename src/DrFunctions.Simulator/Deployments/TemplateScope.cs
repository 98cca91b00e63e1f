using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Evaluates a template's expressions: its parameters, variables and the functions that the simulator has.</summary>
/// <exception cref="ArmRejection">Every method: InvalidTemplate, naming what is wrong.</exception>
internal sealed partial class TemplateScope(
    IReadOnlyDictionary<string, JsonNode?> parameters, JsonObject variables, JsonObject resourceGroup, string subscription, Func<string, string?, bool, JsonNode?>? reference)
{
    /// <summary>Characters and items that all expressions of a template may give together: the service's limit for a template.</summary>
    private const int Budget = 4 * 1024 * 1024;

    /// <summary>How many variables may need each other in a row: what the stack bears, with room.</summary>
    private const int MaxVariableDepth = 64;

    private static readonly string[] Functions =
        ["parameters", "variables", "concat", "format", "toLower", "toUpper", "resourceGroup", "subscription", "resourceId", "reference", "true", "false", "null"];

    private readonly Dictionary<string, JsonNode?> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _evaluating = new(StringComparer.OrdinalIgnoreCase);
    private int _spent;

    /// <summary>Checks that every expression can be read and calls only functions that there are.</summary>
    public static void Check(JsonNode? node, bool referenceAllowed)
    {
        switch (node)
        {
            case JsonObject members:
                // What describes is never evaluated.
                foreach (var (_, value) in members.Where(each => !ArmRouter.Is(each.Key, "metadata") && !ArmRouter.Is(each.Key, "comments")))
                {
                    Check(value, referenceAllowed);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Check(item, referenceAllowed);
                }

                break;
            case JsonValue value when value.TryGetValue(out string? text) && TemplateExpression.Is(text):
                foreach (var call in TemplateExpression.Parse(text).Calls())
                {
                    if (!Functions.Contains(call.Function, StringComparer.OrdinalIgnoreCase))
                    {
                        throw DeploymentErrors.InvalidTemplate(
                            $"The template function '{call.Function}' is not valid: the simulator has {string.Join(", ", Functions)}");
                    }

                    if (!referenceAllowed && ArmRouter.Is(call.Function, "reference"))
                    {
                        throw DeploymentErrors.InvalidTemplate("The template function 'reference' is not expected at this location: the simulator has it in outputs only");
                    }
                }

                break;
        }
    }

    /// <summary>A copy in which every expression is replaced by what it gives.</summary>
    public JsonNode? Evaluate(JsonNode? node) => node switch
    {
        JsonObject members => Members(members),
        JsonArray items => new JsonArray([.. items.Select(Evaluate)]),
        JsonValue value when value.TryGetValue(out string? text) => TemplateExpression.Is(text)
            ? Evaluate(TemplateExpression.Parse(text))
            : JsonValue.Create(text.StartsWith("[[", StringComparison.Ordinal) ? text[1..] : text),
        _ => node?.DeepClone(),
    };

    /// <summary>The string that a member's value gives.</summary>
    public string EvaluateText(JsonNode? node, string what) => Text(Evaluate(node), what);

    private JsonObject Members(JsonObject members)
    {
        var evaluated = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        foreach (var (name, value) in members)
        {
            var key = Text(Evaluate(JsonValue.Create(name)), "a member's name");
            if (!evaluated.TryAdd(key, Evaluate(value)))
            {
                throw DeploymentErrors.InvalidTemplate($"The member '{key}' occurs twice in one object");
            }
        }

        return evaluated;
    }

    private JsonNode? Evaluate(TemplateExpression expression) => expression switch
    {
        TemplateExpression.Literal { Text: { } text } => JsonValue.Create(text),
        TemplateExpression.Literal literal => JsonValue.Create(literal.Number),
        TemplateExpression.Call call => Call(call.Function, [.. call.Arguments.Select(Evaluate)]),
        TemplateExpression.Access access => Member(Evaluate(access.Of), Evaluate(access.Member)),
        _ => throw new InvalidOperationException("An expression of no known kind."),
    };

    private JsonNode? Call(string function, IReadOnlyList<JsonNode?> arguments)
    {
        switch (function.ToUpperInvariant(), arguments.Count)
        {
            case ("PARAMETERS", 1):
                var name = Text(arguments[0], "the name of a parameter");
                return parameters.TryGetValue(name, out var value)
                    ? Copy(value)
                    : throw DeploymentErrors.InvalidTemplate($"The template parameter '{name}' is not found");
            case ("VARIABLES", 1):
                return Variable(Text(arguments[0], "the name of a variable"));
            case ("CONCAT", > 0) when arguments.All(each => each is JsonArray):
                return Spend(new JsonArray([.. arguments.SelectMany(each => each!.AsArray()).Select(item => item?.DeepClone())])); // all are arrays
            case ("CONCAT", > 0):
                return Spend(string.Concat(arguments.Select(each => Scalar(each, "concat"))));
            case ("FORMAT", > 0):
                return Spend(Format(Text(arguments[0], "the format"), [.. arguments.Skip(1).Select(each => Scalar(each, "format"))]));
            case ("TOLOWER", 1):
                return JsonValue.Create(Text(arguments[0], "toLower's argument").ToLowerInvariant());
            case ("TOUPPER", 1):
                return JsonValue.Create(Text(arguments[0], "toUpper's argument").ToUpperInvariant());
            case ("RESOURCEGROUP", 0):
                return resourceGroup.DeepClone();
            case ("SUBSCRIPTION", 0):
                return new JsonObject { ["id"] = "/subscriptions/" + subscription, ["subscriptionId"] = subscription, ["displayName"] = "Simulated subscription" };
            case ("RESOURCEID", > 1):
                return JsonValue.Create(ResourceId([.. arguments.Select(each => Text(each, "resourceId's argument"))]));
            case ("REFERENCE", >= 1 and <= 3) when reference is not null:
                return reference(
                    Text(arguments[0], "reference's argument"),
                    arguments.Count > 1 ? Text(arguments[1], "an api-version") : null,
                    arguments.Count > 2 && ArmRouter.Is(Text(arguments[2], "'Full'"), "Full"));
            case ("TRUE" or "FALSE", 0):
                return JsonValue.Create(ArmRouter.Is(function, "true"));
            case ("NULL", 0):
                return null;
            default:
                throw DeploymentErrors.InvalidTemplate($"The template function '{function}' does not take {arguments.Count} arguments here");
        }
    }

    private JsonNode? Variable(string name)
    {
        if (_variables.TryGetValue(name, out var known))
        {
            return Copy(known);
        }

        if (!variables.TryGetPropertyValue(name, out var source))
        {
            throw DeploymentErrors.InvalidTemplate($"The template variable '{name}' is not found");
        }

        if (!_evaluating.Add(name))
        {
            throw DeploymentErrors.InvalidTemplate($"The template variable '{name}' is circular: it needs itself");
        }

        if (_evaluating.Count > MaxVariableDepth)
        {
            throw DeploymentErrors.InvalidTemplate($"The template variable '{name}' is needed by more than {MaxVariableDepth} variables, one by the other");
        }

        var value = Evaluate(source);
        _evaluating.Remove(name);
        _variables[name] = value;
        return Copy(value);
    }

    private string ResourceId(IReadOnlyList<string> arguments)
    {
        var at = arguments.ToList().FindIndex(each => each.Contains('/', StringComparison.Ordinal));
        var types = at is >= 0 and <= 2 ? arguments[at].Split('/') : [];
        var names = arguments.Skip(at + 1).ToList();
        if (types.Length < 2 || names.Count != types.Length - 1)
        {
            throw DeploymentErrors.InvalidTemplate(
                $"The arguments '{string.Join("', '", arguments)}' of resourceId are not valid: expected up to two of subscription and resource group, a full resource type and as many names as it has segments after its namespace");
        }

        var group = at > 0 ? arguments[at - 1] : (string)resourceGroup["name"]!; // the simulator's own object
        return IdOf(at == 2 ? arguments[0] : subscription, group, arguments[at], names);
    }

    /// <summary>The id of a resource of the type with a name for each of its segments.</summary>
    public static string IdOf(string subscription, string group, string type, IReadOnlyList<string> names)
    {
        var types = type.Split('/');
        return $"/subscriptions/{subscription}/resourceGroups/{group}/providers/{types[0]}/"
            + string.Join('/', types.Skip(1).Zip(names, (segment, name) => segment + "/" + name));
    }

    private string Format(string format, string[] arguments)
    {
        // What it could come to at most: it is refused before it is made.
        var widest = arguments.Select(argument => (long)argument.Length).DefaultIfEmpty().Max();
        var widths = Width().Matches(format).Sum(match => long.TryParse(match.ValueSpan, CultureInfo.InvariantCulture, out var width) ? Math.Min(width, Budget) : Budget);
        if ((format.Count('{') * widest) + widths > Budget - _spent)
        {
            throw TooLarge();
        }

        try
        {
            return string.Format(CultureInfo.InvariantCulture, format, [.. arguments]);
        }
        catch (FormatException exception)
        {
            throw DeploymentErrors.InvalidTemplate($"The format '{format}' is not valid: {exception.Message}");
        }
    }

    private JsonNode? Member(JsonNode? of, JsonNode? member)
    {
        if (of is JsonObject members && member is JsonValue name && name.TryGetValue(out string? text))
        {
            var found = members.FirstOrDefault(each => ArmRouter.Is(each.Key, text));
            return found.Key is not null
                ? Copy(found.Value)
                : throw DeploymentErrors.InvalidTemplate($"The language expression property '{text}' doesn't exist, available properties are '{string.Join(", ", members.Select(each => each.Key))}'");
        }

        return of is JsonArray items && member is JsonValue index && index.TryGetValue(out long number)
            ? number >= 0 && number < items.Count
                ? Copy(items[(int)number])
                : throw DeploymentErrors.InvalidTemplate($"The language expression index {number} is out of bounds: the array has {items.Count} items")
            : throw DeploymentErrors.InvalidTemplate($"The language expression cannot take {member?.ToJsonString()} out of {(of is null ? "null" : "a " + of.GetValueKind())}");
    }

    private JsonValue Spend(string text)
    {
        Spend(text.Length);
        return JsonValue.Create(text);
    }

    private JsonArray Spend(JsonArray items)
    {
        Spend(items.Count);
        return items;
    }

    private JsonNode? Copy(JsonNode? node)
    {
        Spend(SizeOf(node));
        return node?.DeepClone();
    }

    private void Spend(int size)
    {
        _spent += size;
        if (_spent > Budget)
        {
            throw TooLarge();
        }
    }

    private static ArmRejection TooLarge() =>
        DeploymentErrors.InvalidTemplate($"The template exceeds the limit of {Budget} characters once its expressions are evaluated");

    private static int SizeOf(JsonNode? node) => node switch
    {
        JsonObject members => 1 + members.Sum(each => each.Key.Length + SizeOf(each.Value)),
        JsonArray items => 1 + items.Sum(SizeOf),
        JsonValue value when value.TryGetValue(out string? text) => 1 + text.Length,
        _ => 1,
    };

    [GeneratedRegex(@"(?<=,\s*-?)\d+")]
    private static partial Regex Width();

    private static string Text(JsonNode? node, string what) => node is JsonValue value && value.TryGetValue(out string? text)
        ? text
        : throw DeploymentErrors.InvalidTemplate($"Expected a string for {what} and found {node?.ToJsonString() ?? "null"}");

    private static string Scalar(JsonNode? node, string function) => node switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "True" : "False",
        JsonValue value => value.ToJsonString(),
        _ => throw DeploymentErrors.InvalidTemplate($"The template function '{function}' expects strings, numbers and truth values and found {node?.ToJsonString() ?? "null"}"),
    };
}
