using System.Text.Json;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.HttpCalls;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Approval;
using DrFunctions.Recovery.Steps.BackUp;
using DrFunctions.Recovery.Steps.Conditions;
using DrFunctions.Recovery.Steps.Deploy;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Http;
using DrFunctions.Recovery.Steps.Notify;
using DrFunctions.Recovery.Steps.Probe;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.RampTraffic;
using DrFunctions.Recovery.Steps.RemapGeography;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Steps.RestorePostgres;
using DrFunctions.Recovery.Steps.ReturnPlaces;
using DrFunctions.Recovery.Steps.ScaleAppServicePlan;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Steps.StopWebApp;
using DrFunctions.Recovery.Steps.Wait;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps;

/// <summary>A step of every kind, and a plan that they fit.</summary>
internal static class SampleSteps
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    public static WorkloadPlan Plan { get; } = Builders.APlan().Build() with { HttpHosts = [new AllowedHost("hooks.example.org", IsPrivate: false)] };

    /// <summary>A kind that nobody wrote a step of here has one made from its fields.</summary>
    public static IReadOnlyList<RunbookStep> All => [.. Written, .. StepKindCatalog.All.Where(kind => !Written.Any(step => step.GetType() == kind.StepType)).Select(SampleValues.Build)];

    private static IReadOnlyList<RunbookStep> Written { get; } =
    [
        new ApprovalStep("approval", s_limit, "Move the users?", new ApprovalRule(1, TimeSpan.FromMinutes(5))),
        new AssertStep(
            "assert",
            s_limit,
            [
                new Condition.Red(RegionRole.Primary), new Condition.Green(RegionRole.Secondary), new Condition.ActiveIn(RegionRole.Primary),
                new Condition.RestorePointAge("files", RegionRole.Secondary, TimeSpan.FromMinutes(15)), new Condition.Endpoint(RegionRole.Primary, IsEnabled: true),
            ]),
        new DeployStep(
            "deploy",
            s_limit,
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/standby",
            new DeploymentTemplate(new BlobContainer("TEMPLATES", "templates"), "standby.json", null),
            new Dictionary<string, JsonElement>
            {
                ["owner"] = JsonSerializer.SerializeToElement("it's"),
                ["instances"] = JsonSerializer.SerializeToElement(2),
                ["labels"] = JsonSerializer.SerializeToElement(new { cost = "it's" }),
            },
            ["Microsoft.Web/serverfarms/write"]),
        new DeployStep(
            "deployLinked",
            s_limit,
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/standby",
            new DeploymentTemplate(null, null, new Uri("https://templates.example/standby.json")),
            new Dictionary<string, JsonElement>(),
            []),
        new FailoverSqlGroupStep("sql", s_limit, RegionRole.Secondary, StepScene.Id("Microsoft.Sql/servers", "sql-ne/failoverGroups/shop"), IsPlanned: true),
        new FailoverStorageStep("storage", s_limit, RegionRole.Secondary, StepScene.Id("Microsoft.Storage/storageAccounts", "shopfiles"), IsPlanned: false),
        new FenceStep("fence", s_limit, RegionRole.Primary),
        new HttpStep("http", s_limit, "POST", new Uri("https://hooks.example.org/moved")) { Headers = new Dictionary<string, string> { ["Authorization"] = "HOOK_TOKEN" }, Body = "it's" },
        new NotifyStep("notify", s_limit, "OPS_TOPIC", "we move"),
        new ProbeStep("probe", s_limit, 3, TimeSpan.FromSeconds(5)) { Url = new Uri("http://shop.example.org/health") },
        new ProbeStep("probeRegion", s_limit, 3, TimeSpan.FromSeconds(5)) { Region = RegionRole.Primary },
        new ProbeStep("probePort", s_limit, 3, TimeSpan.FromSeconds(5)) { Url = new Uri("tcp://db.example.org:5432") },
        new PromotePostgresStep(
            "promote", s_limit, RegionRole.Secondary, StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-ne"), PostgresPromotion.Switchover),
        new ProveStep("prove", s_limit, RegionRole.Secondary),
        new RestoreStep("restore", s_limit, "files", RegionRole.Secondary),
        new RestorePostgresStep(
            "restorePostgres",
            s_limit,
            RegionRole.Secondary,
            StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-we"),
            StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-restored"),
            TimeSpan.FromMinutes(5)),
        new ScaleAppServicePlanStep("scale", s_limit, StepScene.Id("Microsoft.Web/serverfarms", "standby"), "P1v3", 3),
        new ShiftTrafficStep("shiftTraffic", s_limit, RegionRole.Secondary),
        new RampTrafficStep("rampTraffic", s_limit, RegionRole.Secondary, [10, 100], TimeSpan.FromMinutes(1), 3, SharedData: true),
        new RemapGeographyStep("remapGeography", s_limit, RegionRole.Secondary),
        new ReturnPlacesStep("returnPlaces", s_limit, RegionRole.Primary, ["GEO-EU"], SharedData: true),
        new BackUpStep("takeBackup", s_limit, "files", RegionRole.Primary),
        new StartWebAppStep("startWebApp", s_limit, RegionRole.Secondary),
        new StopWebAppStep("stopWebApp", s_limit, RegionRole.Secondary),
        new WaitStep("wait", s_limit, TimeSpan.FromMinutes(2)),
    ];
}
