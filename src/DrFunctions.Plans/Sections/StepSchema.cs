using System.Text.Json.Nodes;
using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Sections;

/// <summary>The JSON schema of one kind of step or fence, made from its fields.</summary>
internal static class StepSchema
{
    public static JsonObject Of(StepKind kind)
    {
        var schema = Map(kind.Fields, kind.Summary);
        var properties = schema["properties"]!.AsObject(); // A map has them.
        properties.Add("name", Reference("stepName"));
        var timeout = Reference("duration");
        timeout["default"] = Durations.Text(kind.UsualTimeout);
        timeout["description"] = $"How long the step may take; at least {Durations.Text(kind.LeastTimeout)}.";
        properties.Add("timeout", timeout);
        properties.Add("drill", new JsonObject
        {
            ["type"] = "boolean",
            ["description"] = "Whether a drill does the step or only looks whether it could; default as the kind says.",
        });
        return schema;
    }

    /// <summary>The schema of one kind of fence, as a map.</summary>
    public static JsonObject Of(FenceKind kind)
    {
        var schema = Map(kind.Fields, kind.Summary);
        schema["required"]!.AsArray().Insert(0, "kind"); // A map has them.
        schema["properties"]!.AsObject().Insert(0, "kind", new JsonObject { ["enum"] = new JsonArray(kind.Name) }); // A map has them.
        return schema;
    }

    private static JsonObject Map(IReadOnlyList<StepField> fields, string summary) => new()
    {
        ["type"] = "object",
        ["description"] = summary,
        ["required"] = new JsonArray([.. fields.Where(field => field.IsRequired).Select(field => JsonValue.Create(field.Name))]),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Of(field)))),
    };

    private static JsonObject Of(StepField field)
    {
        var schema = field.Type switch
        {
            StepFieldType.Role => Reference("role"),
            StepFieldType.Store => Reference("name"),
            StepFieldType.Setting => Reference("setting"),
            StepFieldType.Resource => Reference("resourceId"),
            StepFieldType.Duration => Reference("duration"),
            StepFieldType.Url => Reference("url"),
            StepFieldType.Tcp => Reference("tcpTarget"),
            StepFieldType.Text => Text(field),
            StepFieldType.Json => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "array", "object") },
            StepFieldType.Number => new JsonObject { ["type"] = "integer", ["minimum"] = field.Least, ["maximum"] = field.Most },
            StepFieldType.Boolean => new JsonObject { ["type"] = "boolean" },
            StepFieldType.Choice => new JsonObject { ["enum"] = new JsonArray([.. field.Choices.Select(word => JsonValue.Create(word))]) },
            StepFieldType.List => new JsonObject { ["type"] = "array", ["minItems"] = field.Least, ["maxItems"] = field.Most, ["items"] = Of(field.Item!) },
            StepFieldType.Map => Map(field.Fields, field.Summary),
            StepFieldType.Table => new JsonObject { ["type"] = "object", ["maxProperties"] = field.Most, ["additionalProperties"] = Of(field.Item!) },
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, "This type of field has no schema yet."),
        };
        schema["description"] = field.Summary;
        if (field.IsForRetry)
        {
            return new JsonObject { ["not"] = new JsonObject(), ["description"] = $"In a retry only. {field.Summary}" };
        }

        if (field.Default is { } standard)
        {
            schema["default"] = standard;
        }

        return schema;
    }

    private static JsonObject Text(StepField field)
    {
        var schema = new JsonObject { ["type"] = "string", ["maxLength"] = field.Most };
        if (field.Shape is { } shape)
        {
            schema["pattern"] = shape;
        }

        return schema;
    }

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/$defs/{definition}" };
}
