using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Writes deployments and their operations as Resource Manager shows them.</summary>
internal sealed class DeploymentWriter(ArmServices services)
{
    public const string DeploymentType = "Microsoft.Resources/deployments";

    public JsonObject Write(Deployment deployment)
    {
        var properties = Properties(deployment.Plan);
        properties["provisioningState"] = deployment.State;
        properties["timestamp"] = Time(deployment.Operation.Ended ?? services.Time.GetUtcNow());
        properties["duration"] = XmlConvert.ToString((deployment.Operation.Ended ?? services.Time.GetUtcNow()) - deployment.Started);
        properties["correlationId"] = deployment.CorrelationId.ToString();
        if (deployment.State == "Succeeded")
        {
            properties["outputs"] = deployment.Outputs?.DeepClone();
            properties["outputResources"] = new JsonArray([.. deployment.Plan.Resources.Select(resource => new JsonObject { ["id"] = resource.Id })]);
        }

        if (deployment.Operation.Error is { } error)
        {
            properties["error"] = error.ToError();
        }

        return new JsonObject { ["id"] = deployment.Id, ["name"] = deployment.Name, ["type"] = DeploymentType, ["properties"] = properties };
    }

    /// <summary>What a valid deployment that has not been begun is answered with.</summary>
    public JsonObject WriteValid(string id, string name, DeploymentPlan plan)
    {
        var properties = Properties(plan);
        properties["provisioningState"] = "Succeeded";
        properties["timestamp"] = Time(services.Time.GetUtcNow());
        properties["duration"] = "PT0S";
        properties["validatedResources"] = new JsonArray([.. plan.Resources.Select(resource => new JsonObject { ["id"] = resource.Id })]);
        return new JsonObject { ["id"] = id, ["name"] = name, ["type"] = DeploymentType, ["properties"] = properties };
    }

    public static JsonObject Write(Deployment deployment, DeploymentStep step)
    {
        var properties = new JsonObject
        {
            ["provisioningOperation"] = step.Action,
            ["provisioningState"] = step.State,
            ["timestamp"] = Time(step.Ended ?? step.Started),
            ["duration"] = XmlConvert.ToString((step.Ended ?? step.Started) - step.Started),
            ["trackingId"] = deployment.CorrelationId.ToString(),
            ["statusCode"] = step.Status == 0 ? null : ((System.Net.HttpStatusCode)step.Status).ToString(),
            ["targetResource"] = new JsonObject { ["id"] = step.ResourceId, ["resourceType"] = step.Type, ["resourceName"] = step.Name },
        };
        if (step.Error is not null)
        {
            properties["statusMessage"] = new JsonObject { ["error"] = step.Error.DeepClone() };
        }

        return new JsonObject { ["id"] = $"{deployment.Id}/operations/{step.Id}", ["operationId"] = step.Id, ["properties"] = properties };
    }

    private JsonObject Properties(DeploymentPlan plan)
    {
        var properties = new JsonObject();
        if (plan.TemplateUri is not null)
        {
            properties["templateLink"] = new JsonObject { ["uri"] = plan.TemplateUri, ["contentVersion"] = plan.Template["contentVersion"]?.DeepClone() };
        }

        properties["templateHash"] = Hash(plan.Template.ToJsonString());
        properties["parameters"] = plan.ShownParameters.DeepClone();
        properties["mode"] = plan.Complete ? "Complete" : "Incremental";
        properties["providers"] = new JsonArray([.. plan.Resources.GroupBy(resource => resource.Type.Split('/')[0], StringComparer.OrdinalIgnoreCase).Select(Provider)]);
        properties["dependencies"] = new JsonArray([.. plan.Resources.Where(resource => resource.DependsOn.Count > 0).Select(resource => Dependency(plan, resource))]);
        if (plan.OnError is { } rollback)
        {
            properties["onErrorDeployment"] = new JsonObject { ["type"] = rollback.Type, ["deploymentName"] = rollback.Name };
        }

        return properties;
    }

    private JsonObject Provider(IGrouping<string, TemplateResource> resources) => new()
    {
        ["namespace"] = resources.Key,
        ["resourceTypes"] = new JsonArray([.. resources.GroupBy(each => each.Type[(each.Type.IndexOf('/', StringComparison.Ordinal) + 1)..], StringComparer.OrdinalIgnoreCase).Select(type => new JsonObject
        {
            ["resourceType"] = type.Key,
            ["locations"] = new JsonArray([.. type.Select(LocationOf).Distinct().Select(location => JsonValue.Create(location))]),
        })]),
    };

    private string? LocationOf(TemplateResource resource) => resource.Body["location"] is JsonValue value && value.TryGetValue(out string? location)
        ? services.Locations.Names.FirstOrDefault(name => ArmLocations.Same(name, location)) ?? location
        : null;

    private static JsonObject Dependency(DeploymentPlan plan, TemplateResource resource)
    {
        var json = Named(resource);
        json["dependsOn"] = new JsonArray([.. resource.DependsOn.Select(id => Named(plan.Resources.First(each => each.Id == id)))]);
        return json;

        static JsonObject Named(TemplateResource each) => new() { ["id"] = each.Id, ["resourceType"] = each.Type, ["resourceName"] = each.Name };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>FNV-1a of the template's text, in digits as the service's hash is.</summary>
    private static string Hash(string text) =>
        text.Aggregate(14695981039346656037, (hash, character) => unchecked((hash ^ character) * 1099511628211)).ToString(CultureInfo.InvariantCulture);
}
