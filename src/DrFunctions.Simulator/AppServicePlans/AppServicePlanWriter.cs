using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.AppServicePlans;

/// <summary>Writes plans as App Service shows them.</summary>
internal static class AppServicePlanWriter
{
    public static JsonObject Write(AppServicePlan plan, string id, int sites)
    {
        var json = new JsonObject
        {
            ["id"] = id,
            ["name"] = plan.Name,
            ["type"] = AppServicePlanStore.PlanType,
            ["kind"] = plan.Kind,
            ["location"] = plan.Region,
            ["properties"] = new JsonObject
            {
                ["status"] = plan.Status.ToString(),
                ["maximumNumberOfWorkers"] = plan.Sku.MaxCapacity,
                ["numberOfWorkers"] = plan.Status == PlanStatus.Creating ? 0 : plan.Sku.Capacity,
                ["geoRegion"] = plan.Region,
                ["numberOfSites"] = sites,
                ["perSiteScaling"] = plan.PerSiteScaling,
                ["isSpot"] = false,
                ["reserved"] = plan.Reserved,
                ["targetWorkerCount"] = 0,
                ["targetWorkerSizeId"] = 0,
                ["provisioningState"] = plan.Status == PlanStatus.Ready ? "Succeeded" : "InProgress",
            },
            ["sku"] = WriteSku(plan.Sku),
        };
        if (plan.Tags is not null)
        {
            json["tags"] = plan.Tags.DeepClone();
        }

        return json;
    }

    public static JsonObject WriteSku(PlanSku sku) => new()
    {
        ["name"] = sku.Name,
        ["tier"] = sku.Tier,
        ["size"] = sku.Name,
        ["family"] = sku.Family,
        ["capacity"] = sku.Capacity,
    };
}
