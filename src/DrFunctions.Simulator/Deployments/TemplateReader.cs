using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Reads a template: what is in it and not carried by the simulator is refused, never passed over.</summary>
/// <exception cref="ArmRejection">Every method: InvalidTemplate, naming what is wrong.</exception>
internal sealed class TemplateReader(string subscription, JsonObject resourceGroup)
{
    private static readonly string[] Kept = ["location", "tags", "kind", "sku", "identity", "zones", "plan", "properties"];

    private string GroupName => (string)resourceGroup["name"]!; // the simulator's own object

    /// <summary>The plan of a deployment, but for its mode and what to do on error.</summary>
    public DeploymentPlan Read(JsonObject template, JsonObject given)
    {
        RequireKnown(template, "The template", "$schema", "contentVersion", "metadata", "apiProfile", "parameters", "variables", "resources", "outputs");
        foreach (var member in new[] { "$schema", "contentVersion" })
        {
            if (template[member] is not JsonValue value || !value.TryGetValue(out string? _))
            {
                throw DeploymentErrors.InvalidTemplate($"The template member '{member}' is required and expected to be a string");
            }
        }

        TemplateScope.Check(template["parameters"], referenceAllowed: false);
        TemplateScope.Check(template["variables"], referenceAllowed: false);
        TemplateScope.Check(template["resources"], referenceAllowed: false);
        TemplateScope.Check(template["outputs"], referenceAllowed: true);
        var variables = Object(template, "variables");
        var parameters = new TemplateParameters(template, given, values => Scope(values, null));
        var scope = Scope(parameters.Values, null);
        var (resources, off) = (new List<TemplateResource>(), new List<TemplateResource>());
        Collect(scope, template["resources"] ?? throw DeploymentErrors.InvalidTemplate("The template member 'resources' is required"), null, resources, off);
        var outputs = Object(template, "outputs");
        CheckOutputs(outputs);
        return new DeploymentPlan
        {
            Complete = false,
            Template = template.DeepClone().AsObject(),
            ShownParameters = parameters.Shown,
            Resources = Resolve(resources, off),
            Outputs = reference => Outputs(outputs, Scope(parameters.Values, reference)),
        };

        TemplateScope Scope(IReadOnlyDictionary<string, JsonNode?> values, Func<string, string?, bool, JsonNode?>? reference) =>
            new(values, variables, resourceGroup, subscription, reference);
    }

    public static JsonObject Object(JsonObject of, string member) => of[member] switch
    {
        null => [],
        JsonObject found => found,
        _ => throw DeploymentErrors.InvalidTemplate($"The template member '{member}' is expected to be an object"),
    };

    /// <exception cref="ArmRejection">The object has another member than those.</exception>
    public static void RequireKnown(JsonObject of, string what, params string[] known)
    {
        if (of.Select(each => each.Key).FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw DeploymentErrors.InvalidTemplate($"{what} has the member '{unknown}', which the simulator does not carry: it has {string.Join(", ", known)}");
        }
    }

    private void Collect(TemplateScope scope, JsonNode node, TemplateResource? parent, List<TemplateResource> found, List<TemplateResource> off)
    {
        foreach (var item in node as JsonArray ?? throw DeploymentErrors.InvalidTemplate("The template member 'resources' is expected to be an array"))
        {
            var source = item as JsonObject ?? throw DeploymentErrors.InvalidTemplate("A resource of the template is expected to be an object");
            RequireKnown(source, "A resource of the template", ["type", "apiVersion", "name", "dependsOn", "condition", "comments", "metadata", "resources", .. Kept]);
            var resource = Read(scope, source, parent);
            if (scope.Evaluate(source["condition"]) is { } condition && !IsTrue(condition))
            {
                off.Add(resource);
                continue;
            }

            if (found.Any(each => ArmRouter.Is(each.Id, resource.Id)))
            {
                throw DeploymentErrors.InvalidTemplate($"The resource '{resource.Id}' is defined multiple times in a template");
            }

            found.Add(resource);
            if (source["resources"] is { } children)
            {
                Collect(scope, children, resource, found, off);
            }
        }
    }

    private TemplateResource Read(TemplateScope scope, JsonObject source, TemplateResource? parent)
    {
        var type = scope.EvaluateText(source["type"], "the type of a resource");
        var name = scope.EvaluateText(source["name"], $"the name of a resource of type '{type}'");
        if (parent is not null)
        {
            (type, name) = (parent.Type + "/" + type, parent.Name + "/" + name);
        }

        var names = name.Split('/');
        if (type.Split('/').Length != names.Length + 1 || names.Contains(""))
        {
            throw DeploymentErrors.InvalidTemplate(
                $"The template resource '{name}' of type '{type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name");
        }

        var body = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        foreach (var member in Kept.Where(source.ContainsKey))
        {
            body[member] = scope.Evaluate(source[member]);
        }

        var dependencies = scope.Evaluate(source["dependsOn"]) switch
        {
            null => [],
            JsonArray items => items.Select(each => each is JsonValue value && value.TryGetValue(out string? text) ? text
                : throw DeploymentErrors.InvalidTemplate($"The member 'dependsOn' of the resource '{name}' is expected to be an array of strings")).ToList(),
            _ => throw DeploymentErrors.InvalidTemplate($"The member 'dependsOn' of the resource '{name}' is expected to be an array of strings"),
        };
        return new TemplateResource(
            TemplateScope.IdOf(subscription, GroupName, type, names), type, name, scope.EvaluateText(source["apiVersion"], $"the apiVersion of the resource '{name}'"), body, dependencies);
    }

    /// <summary>The resources with ids for names in dependsOn; refuses what is not there and what waits for itself.</summary>
    private static List<TemplateResource> Resolve(List<TemplateResource> resources, List<TemplateResource> off)
    {
        var resolved = resources.Select(resource => resource with { DependsOn = [.. resource.DependsOn.SelectMany(each => Find(resource, each)).Distinct()] }).ToList();
        var done = new HashSet<string>();
        while (done.Count < resolved.Count)
        {
            var ready = resolved.Where(each => !done.Contains(each.Id) && each.DependsOn.All(done.Contains)).ToList();
            if (ready.Count == 0)
            {
                throw DeploymentErrors.InvalidTemplate(
                    $"Circular dependency detected on resources: '{string.Join("', '", resolved.Where(each => !done.Contains(each.Id)).Select(each => each.Id))}'");
            }

            done.UnionWith(ready.Select(each => each.Id));
        }

        return resolved;

        IEnumerable<string> Find(TemplateResource resource, string wanted)
        {
            var matches = resources.Concat(off).Where(each => ArmRouter.Is(each.Id, wanted) || ArmRouter.Is(each.Name, wanted) || ArmRouter.Is(each.Type + "/" + each.Name, wanted)).ToList();
            return matches.Count > 0
                ? matches.Except(off).Select(each => each.Id)
                : throw DeploymentErrors.InvalidTemplate($"The resource '{wanted}', which '{resource.Name}' depends on, is not defined in the template");
        }
    }

    private static void CheckOutputs(JsonObject outputs)
    {
        foreach (var (name, node) in outputs)
        {
            var output = node as JsonObject ?? throw DeploymentErrors.InvalidTemplate($"The template output '{name}' is expected to be an object");
            RequireKnown(output, $"The template output '{name}'", "type", "value", "metadata");
            if (!output.ContainsKey("value") || output["type"] is not JsonValue type || !type.TryGetValue(out string? _))
            {
                throw DeploymentErrors.InvalidTemplate($"The template output '{name}' is expected to have a type and a value");
            }
        }
    }

    private static JsonObject Outputs(JsonObject outputs, TemplateScope scope)
    {
        var given = new JsonObject();
        foreach (var (name, output) in outputs)
        {
            var type = (string)output!["type"]!; // checked
            given[name] = type.StartsWith("secure", StringComparison.OrdinalIgnoreCase)
                ? new JsonObject { ["type"] = type }
                : new JsonObject { ["type"] = type, ["value"] = scope.Evaluate(output["value"]) };
        }

        return given;
    }

    private static bool IsTrue(JsonNode condition) => condition is JsonValue value && value.TryGetValue(out bool holds)
        ? holds
        : throw DeploymentErrors.InvalidTemplate($"The condition of a resource is expected to be true or false and was {condition.ToJsonString()}");
}
