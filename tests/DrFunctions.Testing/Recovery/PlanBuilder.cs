using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Builds a valid plan; see <see cref="Builders.APlan"/>.</summary>
public sealed class PlanBuilder
{
    private readonly Dictionary<string, RunbookStep[]> _runbooks = new()
    {
        ["failover"] =
        [
            new FenceStep("fence", TimeSpan.FromMinutes(10), RegionRole.Primary),
            new RestoreStep("restore", TimeSpan.FromHours(1), "files", RegionRole.Secondary),
            new StartWebAppStep("startWebApp", TimeSpan.FromMinutes(10), RegionRole.Secondary),
            new ShiftTrafficStep("shiftTraffic", TimeSpan.FromMinutes(10), RegionRole.Secondary),
            new ProveStep("prove", TimeSpan.FromMinutes(5), RegionRole.Secondary),
        ],
    };

    private string _workload = "shop";
    private (string Primary, string Secondary) _regions = ("westeurope", "northeurope");
    private string[] _stores = ["files"];
    private RecoveryObjectives _objectives = new(TimeSpan.FromMinutes(15), TimeSpan.FromHours(1));
    private Func<IncidentPolicy, IncidentPolicy> _policy = policy => policy;

    public PlanBuilder WithWorkload(string name)
    {
        _workload = name;
        return this;
    }

    public PlanBuilder WithRegions(string primary, string secondary)
    {
        _regions = (primary, secondary);
        return this;
    }

    public PlanBuilder WithStores(params string[] names)
    {
        _stores = names;
        return this;
    }

    public PlanBuilder WithObjectives(TimeSpan rpo, TimeSpan rto)
    {
        _objectives = new RecoveryObjectives(rpo, rto);
        return this;
    }

    public PlanBuilder WithPolicy(Func<IncidentPolicy, IncidentPolicy> change)
    {
        _policy = change;
        return this;
    }

    public PlanBuilder WithRunbook(string name, params RunbookStep[] steps)
    {
        _runbooks[name] = steps;
        return this;
    }

    public WorkloadPlan Build() => new()
    {
        Workload = _workload,
        Objectives = _objectives,
        Strategy = Strategy.Warm,
        Primary = Region(_regions.Primary),
        Secondary = Region(_regions.Secondary),
        Stores = [.. _stores.Select(name => new ContainerStore(
            name, new BlobContainer("SHOP_PRIMARY", name), new BlobContainer("SHOP_SECONDARY", name), new StopWebAppFence()))],
        Backups = [.. _stores.Select(name => new BackupPolicy(name, name, "*/5 * * * *", TimeZoneInfo.Utc))],
        Traffic = new TrafficPlan(
            Id("Microsoft.Network/trafficManagerProfiles", _workload),
            new Uri($"http://{_workload}.trafficmanager.net/health"),
            _regions.Primary,
            _regions.Secondary),
        Incidents = _policy(new IncidentPolicy { Resources = [Site(_regions.Primary)], Runbook = "failover" }),
        Runbooks = _runbooks.ToDictionary(one => one.Key, one => new Runbook(one.Key, one.Value)),
    };

    private Region Region(string name) => new(
        name, Site(name), new Uri($"http://{_workload}-{name}.azurewebsites.net/health"), new BlobContainer($"SHOP_{name.ToUpperInvariant()}", "backups"));

    private ResourceId Site(string region) => Id("Microsoft.Web/sites", $"{_workload}-{region}");

    private ResourceId Id(string type, string name) =>
        ResourceId.Parse($"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/{_workload}/providers/{type}/{name}");
}
