using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.ResourceGroups;

/// <summary>Resource groups themselves: create, read, tag, list and delete with all that is in them.</summary>
internal sealed partial class ResourceGroupsApi(ArmServices services, IReadOnlyList<IResourceProvider> providers)
{
    private const string GroupType = "Microsoft.Resources/resourceGroups";

    public ArmResponse List(ArmRequest request) => request.Method == "GET"
        ? services.Pages.Page(request, services.Groups.All, group => group.Name, Write)
        : throw request.MethodNotAllowed();

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Handle(ArmRequest request, string name)
    {
        switch (request.Method)
        {
            case "GET":
                return ArmResponse.Ok(Write(services.Groups.Find(name)));
            case "HEAD":
                return new ArmResponse(services.Groups.TryFind(name, out _) ? 204 : 404);
            case "PUT":
                return Put(request, name);
            case "PATCH":
                var body = request.RequireBody();
                var group = services.Groups.FindToWrite(name);
                services.Groups.Put(group = group with { Tags = ArmTags.Read(body) ?? group.Tags });
                return ArmResponse.Ok(Write(group));
            case "DELETE":
                return Delete(request, services.Groups.FindToWrite(name));
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse Put(ArmRequest request, string name)
    {
        if (!NameForm().IsMatch(name) || name.EndsWith('.'))
        {
            throw ArmRejection.BadRequest(
                "InvalidResourceGroup",
                $"The provided resource group name '{name}' is invalid: expected 1 to 90 letters, digits, hyphens, underscores, periods and parentheses, no period at the end.");
        }

        var body = request.RequireBody();
        var location = services.Locations.Require(body, GroupType);
        var tags = ArmTags.Read(body);
        if (!services.Groups.TryFind(name, out var existing))
        {
            var created = new ResourceGroup(name, location) { Tags = tags };
            services.Groups.Put(created);
            return new ArmResponse(201, Write(created));
        }

        existing = services.Groups.FindToWrite(name);
        if (!ArmRouter.Is(existing.Location, location))
        {
            throw new ArmRejection(
                409,
                "InvalidResourceGroupLocation",
                $"Invalid resource group location '{location}'. The Resource group already exists in location '{existing.Location}'.");
        }

        var updated = existing with { Tags = tags };
        services.Groups.Put(updated);
        return ArmResponse.Ok(Write(updated));
    }

    private ArmResponse Delete(ArmRequest request, ResourceGroup group)
    {
        var operation = services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.ResourceGroups,
            Name = "DeleteResourceGroup",
            Resource = IdOf(group.Name),
            Location = group.Location,
            Complete = () =>
            {
                foreach (var provider in providers)
                {
                    provider.RemoveGroup(group.Name);
                }

                services.Groups.Remove(group.Name);
                return ArmResponse.Ok();
            },
            Abandon = () => services.Groups.Put(group),
        });
        services.Groups.Put(group with { Deleting = true });
        return operation.Accepted();
    }

    private JsonObject Write(ResourceGroup group)
    {
        var json = new JsonObject
        {
            ["id"] = IdOf(group.Name),
            ["name"] = group.Name,
            ["type"] = GroupType,
            ["location"] = group.Location,
            ["properties"] = new JsonObject { ["provisioningState"] = group.Deleting ? "Deleting" : "Succeeded" },
        };
        if (group.Tags is not null)
        {
            json["tags"] = group.Tags.DeepClone();
        }

        return json;
    }

    private string IdOf(string name) => $"/subscriptions/{services.Scenario.SubscriptionId}/resourceGroups/{name}";

    [GeneratedRegex(@"^[-\w._()]{1,90}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
