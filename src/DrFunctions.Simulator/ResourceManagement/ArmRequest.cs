using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>A request that has passed the conventions: a token, an api-version and, where it has a body, JSON.</summary>
/// <param name="Method">GET, PUT, PATCH, POST, DELETE or HEAD.</param>
/// <param name="Scope">Subscription and resource group of the path.</param>
/// <param name="Rest">The path's segments after the provider's namespace, decoded.</param>
/// <param name="ApiVersion">Its api-version.</param>
/// <param name="Body">Its body, member names compared ignoring case; null when it has none.</param>
internal sealed record ArmRequest(string Method, ArmScope Scope, IReadOnlyList<string> Rest, string ApiVersion, JsonObject? Body)
{
    /// <summary>The whole path, decoded.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Path and query exactly as they were sent.</summary>
    public string Target { get; init; } = "/";

    /// <summary>Scheme and authority that the client used; absolute URLs in answers begin with it.</summary>
    public string Authority { get; init; } = "https://management.azure.com";

    /// <summary>The query's members, names ignoring case.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>The If-Match header; null when absent.</summary>
    public string? IfMatch { get; init; }

    /// <summary>The If-None-Match header; null when absent.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>The body.</summary>
    /// <exception cref="ArmRejection">There is none.</exception>
    public JsonObject RequireBody() => Body
        ?? throw ArmRejection.BadRequest("InvalidRequestContent", "The request content was invalid: expected a JSON object and found no body.");

    /// <summary>The refusal of a method that the resource does not have.</summary>
    public ArmRejection MethodNotAllowed() => new(405, "MethodNotAllowed", $"The method {Method} is not allowed here.");
}

/// <summary>Where a request acts; the resource group in the casing it was created with.</summary>
/// <param name="SubscriptionId">The subscription; null at tenant level.</param>
/// <param name="ResourceGroup">The resource group; null at subscription or tenant level.</param>
internal sealed record ArmScope(string? SubscriptionId, string? ResourceGroup)
{
    /// <summary>The id of a resource in a group of this subscription.</summary>
    public string ResourceId(string resourceGroup, string type, string name) =>
        $"/subscriptions/{SubscriptionId}/resourceGroups/{resourceGroup}/providers/{type}/{name}";
}
