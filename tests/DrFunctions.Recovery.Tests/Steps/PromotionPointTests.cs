using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.PromotePostgres;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Tests.Fences;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps;

/// <summary>What a promotion loses is measured where anybody says it, and stays unknown where nobody does.</summary>
public sealed class PromotionPointTests
{
    private static readonly DateTimeOffset s_safe = MovableClock.Start.AddSeconds(-40);

    [Theory]
    [InlineData(PostgresPromotion.Planned, 0)]
    [InlineData(PostgresPromotion.Forced, 40)]
    public async Task Run_Promotes_MeasuresItsRpo(PostgresPromotion mode, int least)
    {
        var scene = Postgres(mode);

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.True(run.State == RunState.Completed, run.EndReason);
        Assert.Equal(ObjectiveVerdict.Met, run.Attained.Rpo);
        Assert.InRange(run.Attained.RpoSeconds!.Value, least, least == 0 ? 0 : least + 30); // It is met.
    }

    /// <summary>The primary's region is lost: nobody answers for the replication any more, but it was asked once a minute.</summary>
    [Fact]
    public async Task Run_ForcedWhileNobodyAnswers_MeasuresByTheNewestSampleOfTheSameSource()
    {
        var scene = Postgres(PostgresPromotion.Forced);
        scene.Replication.IsSilent = true;
        await SampleAsync(scene, -300, "postgres-replication", s_safe.AddMinutes(-5));
        await SampleAsync(scene, -120, "postgres-replication", s_safe.AddMinutes(-2));
        await SampleAsync(scene, -60, "backup-copy", s_safe);

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal(s_safe.AddMinutes(-2), run.Attained.RestorePoint);
        Assert.Equal(ObjectiveVerdict.Met, run.Attained.Rpo);
    }

    [Fact]
    public async Task Run_ForcedAndNobodyEverSaid_StaysUnknown()
    {
        var scene = Postgres(PostgresPromotion.Forced);
        scene.Replication.SafeUntil = null;

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal((RunState.Completed, ObjectiveVerdict.Unknown, null), (run.State, run.Attained.Rpo, run.Attained.RpoSeconds));
    }

    [Fact]
    public async Task Run_FindsTheReplicaPromotedAlready_ClaimsNothing()
    {
        var scene = Postgres(PostgresPromotion.Planned);
        scene.Azure.Servers[FenceScene.Replica] = scene.Azure.Servers[FenceScene.Replica] with { Role = ReplicationRole.Primary };

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.Equal((RunState.Completed, ObjectiveVerdict.Unknown), (run.State, run.Attained.Rpo));
    }

    /// <summary>A planned promotion cannot go on; a named person forces it, and the loss is on record.</summary>
    [Fact]
    public async Task Force_OfAPausedPromotion_DoesTheForcedOneAndRecordsTheLoss()
    {
        var scene = Postgres(PostgresPromotion.Planned);
        scene.Azure.Replications[FenceScene.Replica] = "Broken";
        IReadOnlyList<string>? decisions = null;
        var driver = new RunDriver(scene)
        {
            WhenPaused = async run =>
            {
                decisions = RunViews.Of(await scene.Journal.ReadAsync(run.RunId, default)).Pause!.Decisions; // It waits.
                Assert.IsType<CommandVerdict.Accepted>(await scene.Execution.CommandAsync(run.RunId, new RunCommand(CommandKind.Force, null, "ada", "the region is lost"), default));
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.True(run.State == RunState.Completed, run.EndReason);
        Assert.Contains("force", decisions!);
        Assert.Contains("promote orders-ne Forced", scene.Effects);
        Assert.DoesNotContain("promote orders-ne Planned", scene.Effects);
        Assert.Equal((s_safe, ObjectiveVerdict.Met), (run.Attained.RestorePoint, run.Attained.Rpo));
    }

    /// <summary>Forcing goes without the fence that is the planned failover itself: what the old primary still takes is lost unseen.</summary>
    [Theory]
    [InlineData(true, ObjectiveVerdict.Unknown)]
    [InlineData(false, ObjectiveVerdict.Unknown)]
    public async Task Force_OfAGroup_IsAnOverrideWhereTheFailoverWasTheFence(bool isFencedByItself, ObjectiveVerdict expected)
    {
        var store = new SqlGroupStore("ledger", FenceScene.Group, FenceScene.OtherGroup, isFencedByItself ? new FailoverGroupFence() : new StopWebAppFence());
        var scene = With(store, new FailoverSqlGroupStep("sql", TimeSpan.FromMinutes(30), RegionRole.Secondary, FenceScene.OtherGroup, IsPlanned: true));
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = step =>
            {
                scene.Azure.Groups[FenceScene.OtherGroup] = scene.Azure.Groups[FenceScene.OtherGroup] with { ReplicationState = step == 0 ? "CATCH_UP" : "SUSPENDED" };
                return Task.CompletedTask;
            },
            WhenPaused = async run => Assert.IsType<CommandVerdict.Accepted>(
                await scene.Execution.CommandAsync(run.RunId, new RunCommand(CommandKind.Force, null, "ada", "the region is lost"), default)),
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.True(run.State == RunState.Completed, run.EndReason);
        Assert.Contains("fail ledger over forced", scene.Effects);
        Assert.Equal(expected, run.Attained.Rpo);
        var ended = (await scene.Journal.ReadAsync(run.RunId, default)).Single(entry => entry.Kind == DrFunctions.Recovery.Journal.JournalKind.StepCompleted && entry.Step == 1);
        Assert.Equal(isFencedByItself ? "fence" : null, ended.Fact("overrides"));
    }

    /// <summary>The way back after a switchover: the old primary follows, and what it has is measured as it was the other way.</summary>
    [Fact]
    public async Task Run_ForcedFailback_MeasuresItsRpoTheOtherWay()
    {
        var scene = Failback();

        var run = await new RunDriver(scene).StartAsync(scene.Request("shop-run-2", "failback", mode: RunMode.Planned));

        Assert.True(run.State == RunState.Completed, run.EndReason);
        Assert.Contains("promote orders-we ForcedSwitchover", scene.Effects);
        Assert.Equal((s_safe, "orders"), (run.Attained.RestorePoint, run.Attained.WorstStore));
        Assert.InRange(run.Attained.RpoSeconds!.Value, 40, 70);
    }

    [Theory]
    [InlineData(true, "orders-we is a replica in westeurope; what has not arrived would be lost: the last 40 s, the RPO is 900 s")]
    [InlineData(false, "orders-we is a replica in westeurope; what has not arrived would be lost, and how much that is nobody knows")]
    public async Task Precheck_OfAForcedPromotion_SaysWhatWouldBeLost(bool isKnown, string expected)
    {
        var scene = Failback();
        scene.Replication.SafeUntil = isKnown ? s_safe : null;

        var preview = await scene.Preview.OfAsync(scene.Plan, scene.Request("shop-run-2", "failback", mode: RunMode.Planned), default);

        Assert.Equal(expected, preview!.Steps[1].Precheck.Message); // The plan has the runbook.
    }

    private static RecoveryScene Failback()
    {
        var home = Postgres(PostgresPromotion.Planned);
        var limit = TimeSpan.FromMinutes(20);
        var scene = new RecoveryScene(home.Plan with
        {
            Runbooks = new Dictionary<string, Runbook>(home.Plan.Runbooks)
            {
                ["failback"] = new("failback",
                [
                    new FenceStep("fence", limit, RegionRole.Secondary),
                    new PromotePostgresStep("promote", limit, RegionRole.Primary, FenceScene.Server, PostgresPromotion.ForcedSwitchover),
                    new StartWebAppStep("start", limit, RegionRole.Primary),
                    new ShiftTrafficStep("shift", limit, RegionRole.Primary),
                    new ProveStep("prove", limit, RegionRole.Primary),
                ]),
            },
        });
        scene.Azure.Servers[FenceScene.Server] = home.Azure.Servers[FenceScene.Server] with { Role = ReplicationRole.Replica, Source = FenceScene.Replica };
        scene.Azure.Servers[FenceScene.Replica] = home.Azure.Servers[FenceScene.Replica] with { Role = ReplicationRole.Primary, Source = null };
        scene.Replication.SafeUntil = s_safe;
        scene.WebApps.States[scene.Plan.Primary.WebApp] = "Stopped";
        scene.WebApps.States[scene.Plan.Secondary.WebApp] = "Running";
        Assert.True(scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 0, "before"), default).IsCompletedSuccessfully);
        return scene;
    }

    private static RecoveryScene Postgres(PostgresPromotion mode)
    {
        var store = new PostgresStore("orders", FenceScene.Server, FenceScene.Replica, new StopWebAppFence());
        var scene = With(store, new PromotePostgresStep("promote", TimeSpan.FromMinutes(20), RegionRole.Secondary, FenceScene.Replica, mode));
        scene.Replication.SafeUntil = s_safe;
        return scene;
    }

    // The runbook: fence, promote, start, shift, prove.
    private static RecoveryScene With(DataStore store, RunbookStep promotion)
    {
        var scene = FenceScene.Of(store);
        var steps = scene.Plan.Runbooks["failover"].Steps;
        var promoting = new RecoveryScene(scene.Plan with
        {
            Runbooks = new Dictionary<string, Runbook> { ["failover"] = new("failover", [steps[0], promotion, .. steps.Skip(1)]) },
        });
        foreach (var (id, server) in scene.Azure.Servers)
        {
            promoting.Azure.Servers[id] = server;
        }

        foreach (var (id, group) in scene.Azure.Groups)
        {
            promoting.Azure.Groups[id] = group;
        }

        return promoting;
    }

    private static async Task SampleAsync(RecoveryScene scene, int seconds, string source, DateTimeOffset safe) => await scene.History.AddAsync(
        "shop", new LagSample(MovableClock.Start.AddSeconds(seconds), ProbeFinding.Healthy, [new LagReading("orders", source, safe, null)]) { Epoch = 0 }, default);
}
