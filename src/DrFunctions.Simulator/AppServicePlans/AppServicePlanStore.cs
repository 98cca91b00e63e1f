using System.Diagnostics.CodeAnalysis;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.AppServicePlans;

/// <summary>All plans; used only while a request is handled or an operation ends.</summary>
internal sealed class AppServicePlanStore(Scenario scenario)
{
    public const string PlanType = "Microsoft.Web/serverfarms";

    private readonly Dictionary<string, AppServicePlan> _plans = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<AppServicePlan> All => _plans.Values;

    public static string IdOf(string subscription, string resourceGroup, string name) =>
        new ArmScope(subscription, resourceGroup).ResourceId(resourceGroup, PlanType, name);

    /// <summary>The plan that a site of the scenario runs on.</summary>
    public static string NameOf(ScenarioSite site) => site.Plan ?? DefaultNameOf(site.Region);

    /// <summary>The plan of sites that name none.</summary>
    public static string DefaultNameOf(string region) => "plan-" + region;

    public string IdOf(AppServicePlan plan) => IdOf(scenario.SubscriptionId, plan.ResourceGroup, plan.Name);

    public bool TryFind(string resourceGroup, string name, [NotNullWhen(true)] out AppServicePlan? plan) =>
        TryFind(IdOf(scenario.SubscriptionId, resourceGroup, name), out plan);

    public bool TryFind(string id, [NotNullWhen(true)] out AppServicePlan? plan) => _plans.TryGetValue(id, out plan);

    public void Put(AppServicePlan plan) => _plans[IdOf(plan)] = plan;

    public void Remove(AppServicePlan plan) => _plans.Remove(IdOf(plan));

    public void RemoveGroup(string resourceGroup)
    {
        foreach (var plan in All.Where(plan => ArmRouter.Is(plan.ResourceGroup, resourceGroup)).ToList())
        {
            Remove(plan);
        }
    }

    /// <summary>Puts all plans back to the scenario.</summary>
    public void Reset()
    {
        _plans.Clear();
        foreach (var plan in ScenarioPlans.Of(scenario))
        {
            Put(plan);
        }
    }
}
