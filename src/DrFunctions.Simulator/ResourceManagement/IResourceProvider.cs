using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.ResourceManagement;

/// <summary>The resource types of one namespace, or some of them: several providers may share a namespace.</summary>
/// <remarks>Requests and the ends of operations are handled one at a time: a provider needs no lock of its own against them.</remarks>
internal interface IResourceProvider
{
    /// <summary>Such as <c>Microsoft.Web</c>.</summary>
    string Namespace { get; }

    /// <summary>The resource types with the api-versions they are known to have, newest first; child types as <c>sites/slots</c>.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; }

    /// <summary>The resources that lie in resource groups; child resources are not among them.</summary>
    IEnumerable<TrackedResource> Resources { get; }

    /// <summary>The suffix of the header that tells how many requests are left; null for the usual one.</summary>
    string? RemainingHeader => null;

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    ArmResponse Handle(ArmRequest request);

    /// <summary>Removes all that lies in a resource group; idempotent.</summary>
    void RemoveGroup(string resourceGroup);

    /// <summary>Puts everything back to the scenario.</summary>
    void Reset();
}

/// <summary>A resource as lists over all types show it.</summary>
/// <param name="ResourceGroup">Its resource group.</param>
/// <param name="Type">Its full type, such as <c>Microsoft.Web/sites</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Location">Its region, or <c>global</c>.</param>
internal sealed record TrackedResource(string ResourceGroup, string Type, string Name, string Location)
{
    public JsonNode? Tags { get; init; }

    public string? Kind { get; init; }

    public JsonNode? Sku { get; init; }

    /// <summary>What it is doing, in a few words.</summary>
    public string? State { get; init; }
}
