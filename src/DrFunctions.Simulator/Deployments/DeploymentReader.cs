using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceGroups;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Reads and checks the request of a deployment, a validation or a what-if.</summary>
/// <exception cref="ArmRejection">Every method: the request is not valid.</exception>
internal sealed partial class DeploymentReader(ArmServices services, DeploymentStore store)
{
    public static string RequireName(string name) => name.Length > 64
        ? throw ArmRejection.BadRequest("DeploymentNameLengthLimitExceeded", $"The deployment name '{name}' has {name.Length} characters: expected 1 to 64.")
        : NameForm().IsMatch(name) ? name
        : throw ArmRejection.BadRequest("InvalidDeploymentName", $"The deployment name '{name}' is invalid: expected letters, digits, hyphens, underscores, periods and parentheses.");

    /// <summary>The properties of the request with its mode.</summary>
    public static (JsonObject Properties, bool Complete) Open(JsonObject body)
    {
        foreach (var member in body.Select(each => each.Key).Where(name => name is not ("properties" or "tags" or "location")))
        {
            throw DeploymentErrors.InvalidRequest($"the member '{member}' is not known: expected properties.");
        }

        if (body["location"] is not null)
        {
            throw ArmRejection.BadRequest("InvalidDeployment", "The 'location' property is not allowed for a deployment at resource group scope.");
        }

        var properties = body["properties"] as JsonObject ?? throw DeploymentErrors.InvalidRequest("expected an object 'properties'.");
        var known = new[] { "mode", "template", "templateLink", "parameters", "onErrorDeployment", "whatIfSettings", "debugSetting", "expressionEvaluationOptions" };
        if (properties.Select(each => each.Key).FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw DeploymentErrors.InvalidRequest($"the simulator does not carry 'properties.{unknown}': it has {string.Join(", ", known)}.");
        }

        var mode = new JsonMembers(properties, "properties", DeploymentErrors.InvalidRequest).Choice("mode", "Incremental", "Complete")
            ?? throw DeploymentErrors.InvalidRequest("'properties.mode' is required: expected Incremental or Complete.");
        return (properties, mode == "Complete");
    }

    /// <summary>The plan of the request.</summary>
    public DeploymentPlan Read(JsonObject properties, bool complete, ResourceGroup group)
    {
        var members = new JsonMembers(properties, "properties", DeploymentErrors.InvalidRequest);
        if (members.Has("template") == members.Has("templateLink"))
        {
            throw DeploymentErrors.InvalidRequest("expected either 'properties.template' or 'properties.templateLink'.");
        }

        var uri = members.Object("templateLink").Text("uri");
        var template = members.Copy("template") ?? Linked(uri ?? throw DeploymentErrors.InvalidRequest("'properties.templateLink' has no uri, which is the only way the simulator follows it."));
        var plan = new TemplateReader(services.Scenario.SubscriptionId, Describe(group)).Read(template, members.Copy("parameters") ?? []);
        return plan with { Complete = complete, TemplateUri = uri, OnError = OnError(members, group.Name) };
    }

    private JsonObject Linked(string uri) => services.Scenario.LinkedTemplates.FirstOrDefault(each => each.Uri == uri) is { } linked
        ? LinkedTemplates.Read(linked.Json)! // checked with the scenario
        : throw ArmRejection.BadRequest(
            "InvalidContentLink", $"Unable to download deployment content from '{uri}': the simulator has the linkedTemplates of its scenario and asks nobody else.");

    private DeploymentRollback? OnError(JsonMembers members, string group)
    {
        if (!members.Has("onErrorDeployment"))
        {
            return null;
        }

        var asked = members.Object("onErrorDeployment");
        var type = asked.Choice("type", "LastSuccessful", "SpecificDeployment") ?? throw asked.Wrong("type", "LastSuccessful or SpecificDeployment");
        var name = asked.Text("deploymentName");
        if (name is null == (type == "SpecificDeployment"))
        {
            throw asked.Wrong("deploymentName", type == "SpecificDeployment" ? "the name of a deployment" : "nothing for LastSuccessful");
        }

        var earlier = store.LastSuccessful(group, name) ?? throw ArmRejection.BadRequest(
            "OnErrorDeploymentNotFound", $"There is no successful deployment{(name is null ? "" : $" '{name}'")} in the resource group '{group}' to deploy on error.");
        return new DeploymentRollback(type, earlier.Name, earlier.Plan with { OnError = null });
    }

    private JsonObject Describe(ResourceGroup group) => new(new JsonNodeOptions { PropertyNameCaseInsensitive = true })
    {
        ["id"] = $"/subscriptions/{services.Scenario.SubscriptionId}/resourceGroups/{group.Name}",
        ["name"] = group.Name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = group.Location,
        ["tags"] = group.Tags?.DeepClone() ?? new JsonObject(),
        ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    };

    [GeneratedRegex(@"^[-\w._()]+$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
