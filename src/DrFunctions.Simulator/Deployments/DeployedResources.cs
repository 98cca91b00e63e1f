using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Reaches resources through the providers themselves, as Resource Manager does for a deployment.</summary>
internal sealed class DeployedResources(Func<ArmRequest, ArmResponse> route, Func<IReadOnlyList<IResourceProvider>> providers)
{
    /// <exception cref="ArmRejection">The provider refuses.</exception>
    public ArmResponse Put(ArmRequest origin, TemplateResource resource) =>
        Send(origin, "PUT", resource.Id, resource.ApiVersion, ArmBody.Copy(resource.Body));

    /// <summary>The resource as its provider shows it; null when there is none.</summary>
    /// <exception cref="ArmRejection">The provider refuses.</exception>
    public JsonObject? Get(ArmRequest origin, string id, string apiVersion)
    {
        try
        {
            return Send(origin, "GET", id, apiVersion, null).Body as JsonObject;
        }
        catch (ArmRejection rejection) when (rejection is { Status: 404, Code: "ResourceNotFound" or "NotFound" })
        {
            return null;
        }
    }

    /// <exception cref="ArmRejection">The provider refuses.</exception>
    public ArmResponse Delete(ArmRequest origin, TrackedResource resource) =>
        Send(origin, "DELETE", IdOf(origin, resource), VersionOf(resource), null);

    /// <summary>The resources of the group that the template does not have.</summary>
    public IReadOnlyList<TrackedResource> Others(ArmRequest origin, string resourceGroup, DeploymentPlan plan) =>
    [
        .. providers().SelectMany(provider => provider.Resources)
            .Where(each => ArmRouter.Is(each.ResourceGroup, resourceGroup) && !plan.Resources.Any(wanted => ArmRouter.Is(wanted.Id, IdOf(origin, each))))
            .OrderBy(each => IdOf(origin, each), StringComparer.OrdinalIgnoreCase),
    ];

    public static string IdOf(ArmRequest origin, TrackedResource resource) => origin.Scope.ResourceId(resource.ResourceGroup, resource.Type, resource.Name);

    /// <summary>The newest api-version of the resource's type.</summary>
    public string VersionOf(TrackedResource resource) => providers()
        .SelectMany(provider => provider.Types.Select(type => (Name: provider.Namespace + "/" + type.Key, Versions: type.Value)))
        .First(type => ArmRouter.Is(type.Name, resource.Type)).Versions[0];

    private ArmResponse Send(ArmRequest origin, string method, string id, string apiVersion, JsonObject? body) => route(new ArmRequest(
        method,
        new ArmScope(null, null),
        id.Split('/', StringSplitOptions.RemoveEmptyEntries),
        apiVersion,
        body)
    {
        Path = id,
        Target = $"{id}?api-version={apiVersion}",
        Authority = origin.Authority,
        Query = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["api-version"] = apiVersion },
    });
}
