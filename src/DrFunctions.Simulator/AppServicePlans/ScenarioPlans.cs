using System.Globalization;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.AppServicePlans;

/// <summary>The plans of a scenario: those it names, and one for each region whose sites name none.</summary>
internal static class ScenarioPlans
{
    public static IEnumerable<AppServicePlan> Of(Scenario scenario)
    {
        var named = scenario.AppServicePlans.Select(plan => new AppServicePlan
        {
            Name = plan.Name,
            ResourceGroup = GroupOf(scenario, plan.ResourceGroup),
            Region = RegionOf(scenario, plan.Region),
            Sku = PlanSku.Find(plan.Sku)! with { Capacity = plan.Capacity }, // checked
        });
        var implied = scenario.Sites.Where(site => site.Plan is null).Select(site => new AppServicePlan
        {
            Name = AppServicePlanStore.NameOf(site),
            ResourceGroup = GroupOf(scenario, site.ResourceGroup),
            Region = RegionOf(scenario, site.Region),
            Sku = PlanSku.Find("S1")!, // it is one of the table
        });
        return named.Concat(implied).DistinctBy(plan => (plan.ResourceGroup + "/" + plan.Name).ToUpperInvariant());
    }

    public static void Check(List<string> errors, Scenario scenario)
    {
        for (var i = 0; i < scenario.AppServicePlans.Count; i++)
        {
            Check(errors, $"appServicePlans[{i}]", scenario.AppServicePlans[i], scenario);
        }

        for (var i = 0; i < scenario.Sites.Count; i++)
        {
            var site = scenario.Sites[i];
            if (site.Plan is not null && !scenario.AppServicePlans.Any(plan => ArmRouter.Is(plan.Name, site.Plan)
                && ArmRouter.Is(plan.ResourceGroup, site.ResourceGroup) && ArmRouter.Is(plan.Region, site.Region)))
            {
                errors.Add($"sites[{i}].plan: expected one of appServicePlans in the site's resource group and region and found '{site.Plan}'");
            }
        }
    }

    private static void Check(List<string> errors, string at, ScenarioAppServicePlan plan, Scenario scenario)
    {
        if (!AppServicePlanReader.IsName(plan.Name))
        {
            errors.Add($"{at}.name: expected 1 to 60 letters, digits and hyphens and found '{plan.Name}'");
        }
        else if (scenario.AppServicePlans.Count(other => ArmRouter.Is(other.Name, plan.Name) && ArmRouter.Is(other.ResourceGroup, plan.ResourceGroup)) > 1)
        {
            errors.Add($"{at}.name: '{plan.Name}' occurs more than once in the resource group '{plan.ResourceGroup}'");
        }

        if (!scenario.ResourceGroups.Any(name => ArmRouter.Is(name, plan.ResourceGroup)))
        {
            errors.Add($"{at}.resourceGroup: expected one of {string.Join(", ", scenario.ResourceGroups)} and found '{plan.ResourceGroup}'");
        }

        if (!scenario.Regions.Any(region => ArmRouter.Is(region.Name, plan.Region)))
        {
            errors.Add($"{at}.region: expected one of {string.Join(", ", scenario.Regions.Select(region => region.Name))} and found '{plan.Region}'");
        }

        if (PlanSku.Find(plan.Sku) is not { } sku)
        {
            errors.Add($"{at}.sku: expected one of {string.Join(", ", PlanSku.Names)} and found '{plan.Sku}'");
        }
        else if (plan.Capacity < 1 || plan.Capacity > sku.MaxCapacity)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{at}.capacity: expected 1 to {sku.MaxCapacity} and found {plan.Capacity}"));
        }
    }

    private static string GroupOf(Scenario scenario, string group) => scenario.ResourceGroups.First(name => ArmRouter.Is(name, group));

    private static string RegionOf(Scenario scenario, string region) => scenario.Regions.First(each => ArmRouter.Is(each.Name, region)).Name;
}
