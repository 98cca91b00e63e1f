using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Evaluation.Resources;

/// <summary>The web apps of the two regions exist, are where the plan says, and match. Pure.</summary>
public static class ResourceRules
{
    // Below Standard a web app is Stopped for Traffic Manager.
    private static readonly string[] s_tooSmall = ["Free", "Shared", "Basic"];

    /// <summary>What is wrong with the two; null stands for one that does not exist.</summary>
    public static IReadOnlyList<Finding> Check(EvaluatedPlan evaluated, WebAppFacts? primary, WebAppFacts? secondary)
    {
        ArgumentNullException.ThrowIfNull(evaluated);
        var plan = evaluated.Plan;

        // Where nothing runs in the second region, it is deployed by the run.
        var mayBeMissing = plan.Strategy is Strategy.BackupOnly or Strategy.Cold && evaluated.State.Active == RegionRole.Primary;
        var findings = new List<Finding>();
        findings.AddRange(One(evaluated, RegionRole.Primary, primary, mayBeMissing: false));
        findings.AddRange(One(evaluated, RegionRole.Secondary, secondary, mayBeMissing));
        if (primary is not null && secondary is not null)
        {
            findings.AddRange(Both(plan, primary, secondary));
        }

        return findings;
    }

    private static IEnumerable<Finding> One(EvaluatedPlan evaluated, RegionRole role, WebAppFacts? site, bool mayBeMissing)
    {
        var region = evaluated.Plan.RegionOf(role);
        var id = region.WebApp.Value;
        if (site is null)
        {
            if (!mayBeMissing)
            {
                yield return new Finding(
                    "DR-RES-001", FindingSeverity.Error, id, "the web app does not exist", $"the web app of {region.Name}",
                    "Deploy it, or correct the plan's webApp.");
            }

            yield break;
        }

        if (site.Location is null || site.State is null)
        {
            yield return new Finding(
                "DR-RES-006", FindingSeverity.Unknown, id, $"Resource Manager did not say its {(site.Location is null ? "region" : "state")}",
                "a region and a state", "Read the web app in the portal.");
        }

        if (site.Location is { } location && Plain(location) != Plain(region.Name))
        {
            yield return new Finding(
                "DR-RES-002", FindingSeverity.Error, id, $"the web app is in {location}", region.Name,
                "Correct the plan: both regions would be lost at once, or the wrong one is fenced.");
        }

        var active = evaluated.Plan.HasUsersIn(role, evaluated.State);
        var serves = active || evaluated.Plan.Strategy == Strategy.ActiveActive;
        if (site.State is { } state && !Same(state, "Running") && (serves || evaluated.Plan.Strategy == Strategy.HotStandby))
        {
            yield return new Finding(
                "DR-RES-005", active ? FindingSeverity.Error : FindingSeverity.Warning, id, $"the web app is {state}",
                active ? "Running: it carries the workload"
                    : evaluated.Plan.Strategy == Strategy.ActiveActive ? "Running: the strategy says that both regions serve; return to it once it is well"
                    : "Running: the strategy says that it stands by hot",
                "Start it, or find out who stopped it.");
        }

        if (site.Tier is { } tier && s_tooSmall.Contains(tier, StringComparer.OrdinalIgnoreCase))
        {
            yield return new Finding(
                "DR-RES-007", FindingSeverity.Error, id, $"its App Service plan is of the tier {tier}",
                "Standard or above: Traffic Manager leads nobody to a smaller one", "Scale the App Service plan up.");
        }
    }

    private static IEnumerable<Finding> Both(WorkloadPlan plan, WebAppFacts primary, WebAppFacts secondary)
    {
        var id = plan.Secondary.WebApp.Value;
        if (primary.Kind is { } kind && secondary.Kind is { } other && !Same(kind, other))
        {
            yield return new Finding(
                "DR-RES-003", FindingSeverity.Warning, id, $"the web app is of the kind '{other}'", $"'{kind}', as in {plan.Primary.Name}",
                "Deploy both from one template.");
        }

        var differing = primary.Settings
            .Where(one => secondary.Settings.TryGetValue(one.Key, out var there) && !Same(one.Value, there))
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => $"{one.Key} is '{secondary.Settings[one.Key]}' and not '{one.Value}'")
            .ToList();
        if (differing.Count > 0)
        {
            yield return new Finding(
                "DR-RES-008", FindingSeverity.Warning, id, $"the web app is set otherwise: {string.Join("; ", differing)}", $"the settings of {plan.Primary.Name}",
                "Deploy both from one template.");
        }

        if (primary.Sku is { } size && secondary.Sku is { } standby && !Same(size, standby))
        {
            yield return new Finding(
                "DR-RES-004", FindingSeverity.Warning, id, $"its App Service plan is {standby}", $"{size}, as in {plan.Primary.Name}",
                "Scale it up, or have the runbook do it before it moves users.");
        }
    }

    private static string Plain(string region) => region.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
