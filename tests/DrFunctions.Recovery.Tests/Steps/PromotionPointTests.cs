using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Fences.FailoverGroup;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.FailoverSqlGroup;
using DrFunctions.Recovery.Steps.PromotePostgres;
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
        var scene = FenceScene.Promoting(store, new FailoverSqlGroupStep("sql", TimeSpan.FromMinutes(30), RegionRole.Secondary, FenceScene.OtherGroup, IsPlanned: true));
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
        var scene = FenceScene.GoingHome(
            new PostgresStore("orders", FenceScene.Server, FenceScene.Replica, new StopWebAppFence()),
            new PromotePostgresStep("promote", TimeSpan.FromMinutes(20), RegionRole.Primary, FenceScene.Server, PostgresPromotion.ForcedSwitchover));
        scene.Replication.SafeUntil = s_safe;
        return scene;
    }

    private static RecoveryScene Postgres(PostgresPromotion mode)
    {
        var store = new PostgresStore("orders", FenceScene.Server, FenceScene.Replica, new StopWebAppFence());
        var scene = FenceScene.Promoting(store, new PromotePostgresStep("promote", TimeSpan.FromMinutes(20), RegionRole.Secondary, FenceScene.Replica, mode));
        scene.Replication.SafeUntil = s_safe;
        return scene;
    }

    private static async Task SampleAsync(RecoveryScene scene, int seconds, string source, DateTimeOffset safe) => await scene.History.AddAsync(
        "shop", new LagSample(MovableClock.Start.AddSeconds(seconds), ProbeFinding.Healthy, [new LagReading("orders", source, safe, null)]) { Epoch = 0 }, default);
}
