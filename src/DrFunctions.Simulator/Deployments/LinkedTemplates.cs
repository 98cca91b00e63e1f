using System.Text.Json;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Deployments;

/// <summary>The templates of a scenario that deployments can link to.</summary>
internal static class LinkedTemplates
{
    /// <summary>The object in the text; null when it holds none.</summary>
    public static JsonObject? Read(string json)
    {
        try
        {
            return JsonNode.Parse(
                json, new JsonNodeOptions { PropertyNameCaseInsensitive = true }, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static void Check(List<string> errors, Scenario scenario)
    {
        for (var i = 0; i < scenario.LinkedTemplates.Count; i++)
        {
            var template = scenario.LinkedTemplates[i];
            if (!Uri.TryCreate(template.Uri, UriKind.Absolute, out _) || scenario.LinkedTemplates.Count(each => each.Uri == template.Uri) > 1)
            {
                errors.Add($"linkedTemplates[{i}].uri: expected an absolute URI, each once, and found '{template.Uri}'");
            }

            if (Read(template.Json) is null)
            {
                errors.Add($"linkedTemplates[{i}].json: expected the text of a JSON object");
            }
        }
    }
}
