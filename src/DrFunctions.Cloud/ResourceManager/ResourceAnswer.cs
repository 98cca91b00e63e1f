using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using DrFunctions.Recovery;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>A successful answer, or that the resource is missing.</summary>
/// <param name="What">The request, for messages.</param>
/// <param name="Json">The body; null when it had none or the resource is missing.</param>
/// <param name="Missing">Why the resource is missing; null when it is there.</param>
internal sealed record ResourceAnswer(string What, JsonNode? Json, RecoveryException? Missing)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public static ResourceAnswer Of(string what, Response response)
    {
        if (response.Status == 404)
        {
            return new ResourceAnswer(what, null, ResourceManagerFailure.Refused(what, response));
        }

        try
        {
            var content = response.Content.ToMemory();
            return new ResourceAnswer(what, content.IsEmpty ? null : JsonNode.Parse(content.Span, documentOptions: s_strict), null);
        }
        catch (JsonException e)
        {
            throw Unreadable(what, $"not JSON: {e.Message}");
        }
    }

    /// <summary>The body as an object.</summary>
    /// <exception cref="RecoveryException">The resource is missing, or the answer is no object.</exception>
    public JsonObject Object() => Missing is not null ? throw Missing : Json as JsonObject ?? throw Unreadable(What, "not a JSON object");

    public static RecoveryException Unreadable(string what, string why) => new(
        "ResourceManagerAnswerUnreadable", $"{what}: Resource Manager's answer is {why}.", isTransient: false,
        "Read the resource in the portal or with 'az resource show' and report its shape.");
}
