using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;
using DrFunctions.Simulator.Sites;

namespace DrFunctions.Simulator.AppServicePlans;

/// <summary>Reads and checks the body of a plan.</summary>
internal sealed class AppServicePlanReader(ArmLocations locations)
{
    public static bool IsName(string name) => name.Length is >= 1 and <= 60 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>The plan that a PUT asks for.</summary>
    /// <exception cref="ArmRejection">The body is not valid.</exception>
    public AppServicePlan Put(AppServicePlan? existing, string resourceGroup, string name, JsonObject body)
    {
        if (!IsName(name))
        {
            throw AppServiceErrors.BadRequest($"The name '{name}' of the App Service plan is invalid: expected 1 to 60 letters, digits and hyphens.");
        }

        var region = locations.Require(body, AppServicePlanStore.PlanType);
        if (existing is not null && !ArmLocations.Same(existing.Region, region))
        {
            throw ArmLocations.Moved(existing.Name, existing.Region, resourceGroup, region);
        }

        var members = new JsonMembers(body, "", AppServiceErrors.BadRequest);
        var plan = new AppServicePlan
        {
            Name = existing?.Name ?? name,
            ResourceGroup = resourceGroup,
            Region = region,
            Kind = members.Text("kind") ?? existing?.Kind ?? "app",
            Tags = ArmTags.Read(body),
            Sku = ReadSku(members, existing?.Sku ?? PlanSku.Find("F1")!, replaces: true), // it is one of the table
        };
        return Properties(plan, members.Object("properties"));
    }

    /// <summary>The plan that a PATCH asks for.</summary>
    /// <exception cref="ArmRejection">The body is not valid.</exception>
    public static AppServicePlan Patch(AppServicePlan existing, JsonObject body)
    {
        var members = new JsonMembers(body, "", AppServiceErrors.BadRequest);
        var plan = existing with
        {
            Kind = members.Text("kind") ?? existing.Kind,
            Tags = ArmTags.Read(body) ?? existing.Tags,
            Sku = ReadSku(members, existing.Sku, replaces: false),
        };
        return Properties(plan, members.Object("properties"));
    }

    private static AppServicePlan Properties(AppServicePlan plan, JsonMembers properties) => plan with
    {
        Reserved = properties.Flag("reserved") ?? plan.Reserved,
        PerSiteScaling = properties.Flag("perSiteScaling") ?? plan.PerSiteScaling,
    };

    private static PlanSku ReadSku(JsonMembers members, PlanSku existing, bool replaces)
    {
        if (!members.Has("sku"))
        {
            return existing;
        }

        var body = members.Object("sku");
        var sku = existing;
        if (body.Text("name") is { } name)
        {
            sku = PlanSku.Find(name) ?? throw body.Wrong("name", "one of " + string.Join(", ", PlanSku.Names));
            sku = sku with { Capacity = replaces ? 1 : existing.Capacity };
        }
        else if (replaces)
        {
            throw body.Wrong("name", "one of " + string.Join(", ", PlanSku.Names));
        }

        if (body.Text("tier") is { } tier && !ArmRouter.Is(tier, sku.Tier))
        {
            throw body.Wrong("tier", $"the tier of {sku.Name}, {sku.Tier}");
        }

        var capacity = body.Number("capacity", 0, int.MaxValue) ?? sku.Capacity;
        return capacity >= 1 && capacity <= sku.MaxCapacity
            ? sku with { Capacity = capacity }
            : throw AppServiceErrors.BadRequest(
                $"The parameter NumberOfWorkers has an invalid value. Expected 1 to {sku.MaxCapacity} in the tier {sku.Tier} and found {capacity}.");
    }
}
