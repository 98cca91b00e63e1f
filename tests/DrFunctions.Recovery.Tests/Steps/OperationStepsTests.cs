using System.Text.Json;
using DrFunctions.Recovery.AppServicePlans;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.Steps.Deploy;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Steps.FailoverStorage;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.RestorePostgres;
using DrFunctions.Recovery.Steps.ScaleAppServicePlan;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps;

/// <summary>A run with every step that Resource Manager takes its time for: killed at every call, each effect happens once.</summary>
public sealed class OperationStepsTests
{
    private static readonly ResourceId s_plan = StepScene.Id("Microsoft.Web/serverfarms", "standby");
    private static readonly ResourceId s_replica = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "shop-ne");
    private static readonly ResourceId s_source = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "books-we");
    private static readonly ResourceId s_target = StepScene.Id("Microsoft.DBforPostgreSQL/flexibleServers", "books-ne");
    private static readonly ResourceId s_account = StepScene.Id("Microsoft.Storage/storageAccounts", "shopfiles");
    private static readonly ResourceId s_group = StepScene.Id("Microsoft.Sql/servers", "sql-ne/failoverGroups/shop");

    private static readonly string[] s_effects =
    [
        "stop shop-westeurope", "deploy dr-shop-run-1-deploy", "scale standby", "promote shop-ne Planned", "restore books-ne elsewhere",
        "fail shopfiles over planned", "fail shop over planned", "start shop-northeurope", "shift to northeurope",
    ];

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Run_KilledAtAnyCall_CompletesWithEveryEffectOnce(Moment moment)
    {
        var at = 0;
        while (true)
        {
            var (scene, calls, isKilled) = (Scene(), 0, false);
            scene.Interception.Around = (call, now) =>
            {
                if (now == moment && calls++ == at && !isKilled)
                {
                    isKilled = true;
                    throw new KilledException($"{moment} {call}");
                }

                return Task.CompletedTask;
            };

            var run = await RunAsync(scene);
            Assert.True(run.State == RunState.Completed, $"killed {moment} call {at}: {run.Steps.FirstOrDefault(step => step.Error is not null)}");
            Assert.Equal(s_effects, scene.Effects);
            if (!isKilled)
            {
                break;
            }

            at++;
        }

        Assert.InRange(at, 150, 1000);
    }

    private static async Task<RunView> RunAsync(RecoveryScene scene)
    {
        var driver = new RunDriver(scene);
        while (true)
        {
            try
            {
                await driver.StartAsync(scene.Request());
                return await driver.ViewAsync("shop-run-1");
            }
            catch (Exception exception) when (exception is KilledException or Xunit.Sdk.XunitException)
            {
                // Started already: the tick finds the lock.
                scene.Restart();
                try
                {
                    await driver.TickAsync();
                    if (await scene.Journal.ReadAsync("shop-run-1", default) is { Count: > 0 })
                    {
                        return await driver.ViewAsync("shop-run-1");
                    }
                }
                catch (KilledException)
                {
                    scene.Restart();
                }
            }
        }
    }

    private static RecoveryScene Scene()
    {
        var plan = Builders.APlan().WithRunbook(
            "failover",
            new FenceStep("fence", TimeSpan.FromMinutes(10), RegionRole.Primary),
            new DeployStep(
                "deploy",
                TimeSpan.FromHours(1),
                "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop",
                new DeploymentTemplate(null, null, new Uri("https://templates.example/standby.json")),
                new Dictionary<string, JsonElement>(),
                []),
            new ScaleAppServicePlanStep("scale", TimeSpan.FromMinutes(15), s_plan, "P1v3", 3),
            new PromotePostgresStep("promote", TimeSpan.FromMinutes(20), RegionRole.Secondary, s_replica, PostgresPromotion.Planned),
            new RestorePostgresStep("restorePostgres", TimeSpan.FromHours(2), RegionRole.Secondary, s_source, s_target, TimeSpan.FromMinutes(5)),
            new FailoverStorageStep("storage", TimeSpan.FromHours(1), RegionRole.Secondary, s_account, IsPlanned: true),
            new FailoverSqlGroupStep("sql", TimeSpan.FromMinutes(30), RegionRole.Secondary, s_group, IsPlanned: true),
            new StartWebAppStep("start", TimeSpan.FromMinutes(10), RegionRole.Secondary),
            new ShiftTrafficStep("shift", TimeSpan.FromMinutes(10), RegionRole.Secondary),
            new ProveStep("prove", TimeSpan.FromMinutes(5), RegionRole.Secondary)).Build();
        return new RecoveryScene(plan)
        {
            Azure =
            {
                Plans = { [s_plan] = new AppServicePlan("B1", 1, false, 3) },
                Servers =
                {
                    [s_replica] = new FlexibleServer("Ready", ReplicationRole.Replica, "northeurope", null, null, null),
                    [s_source] = new FlexibleServer("Ready", ReplicationRole.None, "westeurope", null, null, MovableClock.Start.AddDays(-7)),
                },
                Accounts = { [s_account] = new GeoAccount("Standard_GRS", "westeurope", "northeurope", false, null, new GeoCopy("Live", MovableClock.Start, true, true)) },
                Groups = { [s_group] = new SqlFailoverGroup(false, "CATCH_UP", null, ["orders"]) },
            },
        };
    }
}
