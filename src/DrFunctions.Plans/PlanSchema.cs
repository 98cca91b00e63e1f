using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Plans.Sections;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans;

/// <summary>
/// The JSON schema of plans (draft 2020-12), for editors. The kinds of step come from <see cref="StepKindCatalog"/>. What only a
/// reader of the whole plan can see is not in it.
/// </summary>
public static class PlanSchema
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Lazy<string> Whole = new(Compose);

    /// <summary>The schema as JSON.</summary>
    public static string Text => Whole.Value;

    private static string Compose()
    {
        var schema = JsonNode.Parse(Frame())!.AsObject(); // The frame is an object.
        var definitions = schema["$defs"]!.AsObject();
        var kinds = definitions["step"]!["properties"]!.AsObject();
        foreach (var kind in StepKindCatalog.All)
        {
            kinds.Add(kind.Name, new JsonObject { ["$ref"] = $"#/$defs/{kind.Name}" });
            definitions.Add(kind.Name, StepSchema.Of(kind));
        }

        var fences = definitions["storeFence"]!["anyOf"]!.AsArray(); // The frame has them.
        fences.Add(new JsonObject { ["enum"] = new JsonArray([.. FenceSection.Words.Select(word => JsonValue.Create(word))]) });
        foreach (var kind in FenceCatalog.All)
        {
            fences.Add(new JsonObject { ["$ref"] = $"#/$defs/fence-{kind.Name}" });
            definitions.Add($"fence-{kind.Name}", StepSchema.Of(kind));
        }

        return schema.ToJsonString(Readable);
    }

    private static string Frame()
    {
        const string Name = "plan.schema.json";
        using var stream = typeof(PlanSchema).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The assembly was built without its resource '{Name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
