using System.Text.Json.Nodes;
using DrFunctions.Simulator.Files;

namespace DrFunctions.Simulator.Tests.Files;

/// <summary>A valid scenario in which every member of the schema occurs, as it is written.</summary>
internal static class Whole
{
    public static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Files", "whole.json")).TrimEnd();

    /// <summary>Every value with the way to it, indexes and names of maps left out, such as <c>sites[].region</c>.</summary>
    public static IEnumerable<(string Pattern, JsonNode Node)> Values(JsonNode node, string at = "") => node switch
    {
        JsonObject map => map.Where(member => member.Value is not null).SelectMany(member =>
            Values(member.Value!, at.EndsWith("ByName", StringComparison.Ordinal) || at.EndsWith("Headers", StringComparison.Ordinal) ? at + "{}" : at.Length == 0 ? member.Key : $"{at}.{member.Key}"))
            .Prepend((at, node)),
        JsonArray list => list.SelectMany(item => Values(item!, at + "[]")).Prepend((at, node)),
        _ => [(at, node)],
    };

    /// <summary>Every member of a schema with the way to it.</summary>
    public static IEnumerable<(string Pattern, JsonObject Schema)> Members(FileSchema schema)
    {
        var root = JsonNode.Parse(schema.Text)!.AsObject();
        return Members(root, root, "");
    }

    private static IEnumerable<(string Pattern, JsonObject Schema)> Members(JsonObject root, JsonObject given, string at)
    {
        var schema = (string?)given["$ref"] is { } reference ? root["$defs"]![reference.Split('/')[^1]]!.AsObject() : given;
        var below = (schema["properties"] as JsonObject ?? []).Where(member => member.Key != "$schema")
            .SelectMany(member => Members(root, member.Value!.AsObject(), at.Length == 0 ? member.Key : $"{at}.{member.Key}"));
        var items = schema["items"] is JsonObject item ? Members(root, item, at + "[]") : [];
        var others = schema["additionalProperties"] is JsonObject other ? Members(root, other, at + "{}") : [];
        return [(at, schema), .. below, .. items, .. others];
    }
}
