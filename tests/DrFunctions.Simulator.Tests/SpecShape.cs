using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests;

/// <summary>Compares answers with the specification's examples.</summary>
internal static class SpecShape
{
    /// <summary>What the service fills in, or what differs between environments.</summary>
    private static readonly HashSet<string> Free =
        ["fqdn", "profileMonitorStatus", "endpointMonitorStatus", "message", "regions", "location", "lastModifiedTimeUtc", "serverFarmId", "priority"];

    public static JsonObject Read(string provider, string example) =>
        JsonNode.Parse(File.ReadAllText(SharedFolder.Combine("azure-specs", provider, example + ".json")))!.AsObject();

    /// <summary>Every member of <paramref name="expected"/> is in <paramref name="found"/>, of the same kind and, where the request decides it, the same value.</summary>
    public static void AssertHas(JsonNode expected, JsonNode? found, string path, params IReadOnlyList<string> alsoFree)
    {
        Assert.True(found is not null, path + " is absent");
        Assert.Equal((path, Kind(expected)), (path, Kind(found)));
        switch (expected)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (value is not null && !(name == "profileMonitorStatus" && path.Contains("$.value", StringComparison.Ordinal)))
                    {
                        AssertHas(value, found[name], $"{path}.{name}", alsoFree);
                    }
                }

                break;
            case JsonArray { Count: > 0 } items when path.EndsWith("regions", StringComparison.Ordinal):
                AssertHas(items[0]!, found[0], path + "[0]", alsoFree);
                break;
            case JsonArray items:
                Assert.Equal((path, items.Count), (path, found.AsArray().Count));
                for (var i = 0; i < items.Count; i++)
                {
                    AssertHas(items[i]!, Match(items[i]!, found.AsArray(), i), $"{path}[{i}]", alsoFree);
                }

                break;
            default:
                if (!Free.Contains(path.Split('.')[^1]) && !alsoFree.Contains(path.Split('.')[^1]) && !path.Contains("regions[", StringComparison.Ordinal))
                {
                    Assert.Equal((path, expected.ToJsonString()), (path, found.ToJsonString()));
                }

                break;
        }
    }

    /// <summary>Resources in a list may come in any order.</summary>
    private static JsonNode? Match(JsonNode item, JsonArray found, int index) =>
        item is JsonObject { } resource && resource["id"] is { } id ? found.FirstOrDefault(each => (string?)each!["id"] == (string?)id) : found[index];

    private static JsonValueKind Kind(JsonNode node) => node.GetValueKind() is JsonValueKind.True ? JsonValueKind.False : node.GetValueKind();
}
