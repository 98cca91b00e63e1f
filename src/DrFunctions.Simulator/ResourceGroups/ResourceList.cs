using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.ResourceGroups;

/// <summary>Lists the resources of a group or the subscription over all types.</summary>
internal sealed partial class ResourceList(ArmServices services, IReadOnlyList<IResourceProvider> providers)
{
    /// <exception cref="ArmRejection">The method or the $filter is not supported.</exception>
    public ArmResponse Handle(ArmRequest request)
    {
        if (request.Method != "GET")
        {
            throw request.MethodNotAllowed();
        }

        var scope = request.Scope;
        var type = FilterOf(request);
        var resources = providers.SelectMany(provider => provider.Resources)
            .Where(each => scope.ResourceGroup is null || ArmRouter.Is(each.ResourceGroup, scope.ResourceGroup))
            .Where(each => type is null || ArmRouter.Is(each.Type, type));
        return services.Pages.Page(request, resources, each => IdOf(scope, each), each => Write(scope, each));
    }

    private static string? FilterOf(ArmRequest request)
    {
        if (!request.Query.TryGetValue("$filter", out var filter) || filter.Length == 0)
        {
            return null;
        }

        return TypeFilter().Match(filter) is { Success: true } match
            ? match.Groups["type"].Value
            : throw ArmRejection.BadRequest("InvalidFilterInQueryString", $"The $filter '{filter}' is invalid: the simulator supports resourceType eq '{{type}}' only.");
    }

    private static string IdOf(ArmScope scope, TrackedResource resource) => scope.ResourceId(resource.ResourceGroup, resource.Type, resource.Name);

    private static JsonObject Write(ArmScope scope, TrackedResource resource)
    {
        var json = new JsonObject
        {
            ["id"] = IdOf(scope, resource),
            ["name"] = resource.Name,
            ["type"] = resource.Type,
            ["location"] = resource.Location,
        };
        foreach (var (name, value) in new[] { ("kind", JsonValue.Create(resource.Kind)), ("sku", resource.Sku), ("tags", resource.Tags) })
        {
            if (value is not null)
            {
                json[name] = value.DeepClone();
            }
        }

        return json;
    }

    [GeneratedRegex(@"^\s*resourceType\s+eq\s+'(?<type>[^']+)'\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TypeFilter();
}
