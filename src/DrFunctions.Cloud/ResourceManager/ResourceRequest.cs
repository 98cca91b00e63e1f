using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.ResourceManager;

/// <summary>A request about a resource.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Resource">The resource.</param>
/// <param name="ApiVersion">The version of the resource type's contract.</param>
internal sealed record ResourceRequest(RequestMethod Method, ResourceId Resource, string ApiVersion)
{
    /// <summary>A POST action or a list below the resource; null for the resource itself.</summary>
    public string? Action { get; init; }

    /// <summary>A path instead of the resource's, such as of a list at a scope that is no resource; null for the resource.</summary>
    public string? Path { get; init; }

    /// <summary>Query parameters beside the version.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>JSON; null for none.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>The request in words.</summary>
    public string What => Path is null ? $"{Method} {Action ?? Resource.Name} of '{Resource}'" : $"{Method} '{Path}'";
}
