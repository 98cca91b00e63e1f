using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>JSON merge patch (RFC 7396): objects merge, null removes, everything else, arrays too, replaces.</summary>
internal static class JsonMergePatch
{
    /// <summary>Merges into a copy whose member names are compared ignoring case.</summary>
    public static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        var merged = JsonNode.Parse(target.ToJsonString(), new JsonNodeOptions { PropertyNameCaseInsensitive = true })!.AsObject(); // an object
        Apply(merged, patch);
        return merged;
    }

    private static void Apply(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (value is JsonObject inner && into[name] is JsonObject existing)
            {
                Apply(existing, inner);
            }
            else if (value is null)
            {
                into.Remove(name);
            }
            else
            {
                into[name] = value.DeepClone();
            }
        }
    }
}
