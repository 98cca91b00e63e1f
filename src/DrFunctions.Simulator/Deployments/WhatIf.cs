using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Deployments;

/// <summary>Tells what a deployment would change, and changes nothing.</summary>
internal sealed class WhatIf(DeployedResources resources)
{
    /// <summary>The changes, resources of the template first.</summary>
    /// <param name="request">The request.</param>
    /// <param name="resourceGroup">The resource group.</param>
    /// <param name="plan">What would be deployed.</param>
    /// <param name="idsOnly">Whether resources are left out but for their ids.</param>
    public JsonArray Changes(ArmRequest request, string resourceGroup, DeploymentPlan plan, bool idsOnly)
    {
        var changes = plan.Resources.Select(resource => Change(request, resource)).ToList();
        foreach (var other in resources.Others(request, resourceGroup, plan))
        {
            var (id, version) = (DeployedResources.IdOf(request, other), resources.VersionOf(other));
            var before = With(version, resources.Get(request, id, version) ?? []);
            changes.Add(plan.Complete
                ? Entry(id, "Delete", before, null)
                : Entry(id, "Ignore", before, before.DeepClone().AsObject()));
        }

        if (idsOnly)
        {
            foreach (var change in changes)
            {
                foreach (var member in new[] { "before", "after", "delta" })
                {
                    change.Remove(member);
                }
            }
        }

        return new JsonArray([.. changes.OrderBy(change => (string)change["resourceId"]!, StringComparer.OrdinalIgnoreCase)]);
    }

    private JsonObject Change(ArmRequest request, TemplateResource resource)
    {
        JsonObject? found;
        try
        {
            found = resources.Get(request, resource.Id, resource.ApiVersion);
        }
        catch (ArmRejection rejection)
        {
            var unsupported = Entry(resource.Id, "Unsupported", null, null);
            unsupported["unsupportedReason"] = rejection.Message;
            return unsupported;
        }

        var wanted = ArmBody.Copy(resource.Body);
        if (found is null)
        {
            wanted["id"] = resource.Id;
            wanted["type"] = resource.Type;
            wanted["name"] = resource.Name.Split('/')[^1];
            return Entry(resource.Id, "Create", null, With(resource.ApiVersion, wanted));
        }

        var before = With(resource.ApiVersion, ArmBody.Copy(found));
        var after = ArmBody.Copy(before);
        var delta = new JsonArray();
        foreach (var (name, value) in wanted)
        {
            Compare(before[name], value, name, delta);
            Apply(after, name, value);
        }

        var change = Entry(resource.Id, delta.Count == 0 ? "NoChange" : "Modify", before, after);
        if (delta.Count > 0)
        {
            change["delta"] = delta;
        }

        return change;
    }

    private static void Compare(JsonNode? before, JsonNode? after, string path, JsonArray delta)
    {
        switch (before, after)
        {
            case (JsonObject or null, JsonObject { Count: > 0 } wanted):
                foreach (var (name, value) in wanted)
                {
                    Compare(before?[name], value, path + "." + name, delta);
                }

                break;
            case (JsonArray old, JsonArray wanted):
                var children = new JsonArray();
                for (var index = 0; index < Math.Max(old.Count, wanted.Count); index++)
                {
                    Compare(
                        index < old.Count ? old[index] : null, index < wanted.Count ? wanted[index] : null, index.ToString(CultureInfo.InvariantCulture), children);
                }

                if (children.Count > 0)
                {
                    delta.Add(new JsonObject { ["path"] = path, ["propertyChangeType"] = "Array", ["children"] = children });
                }

                break;
            default:
                if (!Same(before, after, path))
                {
                    var property = new JsonObject { ["path"] = path, ["propertyChangeType"] = before is null ? "Create" : after is null ? "Delete" : "Modify" };
                    foreach (var (name, value) in new[] { ("before", before), ("after", after) })
                    {
                        if (value is not null)
                        {
                            property[name] = value.DeepClone();
                        }
                    }

                    delta.Add(property);
                }

                break;
        }
    }

    private static bool Same(JsonNode? before, JsonNode? after, string path) => JsonNode.DeepEquals(before, after)
        || (before is JsonValue left && after is JsonValue right && left.TryGetValue(out string? old) && right.TryGetValue(out string? wanted)
            && (path == "location" ? ArmLocations.Same(old, wanted) : wanted.StartsWith('/') && ArmRouter.Is(old, wanted)));

    private static void Apply(JsonObject into, string name, JsonNode? value)
    {
        if (value is JsonObject wanted && into[name] is JsonObject existing)
        {
            foreach (var (inner, innerValue) in wanted)
            {
                Apply(existing, inner, innerValue);
            }
        }
        else
        {
            into[name] = value?.DeepClone();
        }
    }

    private static JsonObject With(string apiVersion, JsonObject resource)
    {
        var json = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true }) { ["apiVersion"] = apiVersion };
        foreach (var (name, value) in resource)
        {
            json[name] = value?.DeepClone();
        }

        return json;
    }

    private static JsonObject Entry(string id, string type, JsonObject? before, JsonObject? after)
    {
        var entry = new JsonObject { ["resourceId"] = id, ["changeType"] = type };
        if (before is not null)
        {
            entry["before"] = before;
        }

        if (after is not null)
        {
            entry["after"] = after;
        }

        return entry;
    }
}
