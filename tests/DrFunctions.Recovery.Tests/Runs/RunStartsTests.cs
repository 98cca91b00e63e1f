using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class RunStartsTests
{
    [Fact]
    public async Task Start_NothingRuns_TakesTheLockAndSchedules()
    {
        var scene = new RecoveryScene();

        var started = Assert.IsType<RunStart.Started>(await scene.Starts.StartAsync(scene.Request(), default));

        Assert.Equal((scene.Request(), 1L), (started.Run, started.Epoch));
        Assert.Equal(["shop-run-1"], scene.Scheduler.Begun);
        Assert.Equal(LockState.Held, (await scene.Locks.ReadAsync("shop", default))!.State);
    }

    [Fact]
    public async Task Start_Twice_IsOneRun()
    {
        var scene = new RecoveryScene();
        await scene.Starts.StartAsync(scene.Request(), default);

        var again = await scene.Starts.StartAsync(scene.Request(), default);

        Assert.Equal(new RunStart.Started(scene.Request(), 1), again);
        Assert.Equal(["shop-run-1"], scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Start_AfterItEnded_StartsNothing()
    {
        var scene = new RecoveryScene();
        await new RunDriver(scene).StartAsync(scene.Request());

        var again = await scene.Starts.StartAsync(scene.Request(), default);

        Assert.IsType<RunStart.Started>(again);
        Assert.Equal(["shop-run-1"], scene.Scheduler.Begun);
        Assert.Equal(LockState.Released, (await scene.Locks.ReadAsync("shop", default))!.State);
    }

    [Fact]
    public async Task Start_WhileAnotherRuns_NamesItAndSchedulesItWhenNobodyDid()
    {
        var scene = new RecoveryScene();
        await scene.Locks.TakeAsync(scene.Request("shop-lost"), default);

        var start = await scene.Starts.StartAsync(scene.Request(), default);

        Assert.Equal(new RunStart.RunActive("shop-lost"), start);
        Assert.Equal(["shop-lost"], scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Start_WhileAnotherRunsAfterTheMove_SchedulesItToo()
    {
        var scene = new RecoveryScene();
        await scene.Locks.TakeAsync(scene.Request("shop-lost"), default);
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-lost"), default);

        var start = await scene.Starts.StartAsync(scene.Request(), default);

        Assert.Equal(new RunStart.RunActive("shop-lost"), start);
        Assert.Equal(["shop-lost"], scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Start_TheTargetCarriesTheWorkload_IsRefusedAndTakesNoLock()
    {
        var scene = new RecoveryScene();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-0"), default);

        var start = await scene.Starts.StartAsync(scene.Request(), default);

        Assert.Equal(new RunStart.AlreadyThere("northeurope"), start);
        Assert.Null(await scene.Locks.ReadAsync("shop", default));
        Assert.Empty(scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Start_TheTargetIsBeingMovedTo_FinishesTheMove()
    {
        var scene = new RecoveryScene();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-0") { Arriving = true }, default);

        Assert.IsType<RunStart.Started>(await scene.Starts.StartAsync(scene.Request(), default));
    }

    [Fact]
    public async Task Start_ARunbookThatMovesNobody_StartsWhereverTheWorkloadIs()
    {
        var plan = APlan().WithRunbook("wake", new StartWebAppStep("start", TimeSpan.FromMinutes(1), RegionRole.Secondary)).Build();
        var scene = new RecoveryScene(plan);
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-0"), default);

        Assert.IsType<RunStart.Started>(await scene.Starts.StartAsync(scene.Request(runbook: "wake"), default));
    }

    [Fact]
    public async Task Start_AnUnknownRunbook_NamesTheKnownOnes()
    {
        var scene = new RecoveryScene(APlan().WithRunbook("again").Build());

        var start = Assert.IsType<RunStart.UnknownRunbook>(await scene.Starts.StartAsync(scene.Request(runbook: "fail-over"), default));

        Assert.Equal("fail-over", start.Name);
        Assert.Equal(["again", "failover"], start.Known);
        Assert.Null(await scene.Locks.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Start_AnUnknownPlanVersion_ThrowsPlanNotFound()
    {
        var scene = new RecoveryScene();

        var exception = await Assert.ThrowsAsync<RecoveryException>(() => scene.Starts.StartAsync(scene.Request(version: "v9"), default));

        Assert.Equal("PlanNotFound", exception.Code);
    }

    [Fact]
    public async Task Start_KilledAtAnyCall_IsFoundByTheTickOrStartedAgain()
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            foreach (var when in new[] { Moment.Before, Moment.After })
            {
                var scene = new RecoveryScene();
                var calls = 0;
                scene.Interception.Around = (call, moment) => moment == when && calls++ == fault ? throw new KilledException(call) : Task.CompletedTask;
                try
                {
                    await scene.Starts.StartAsync(scene.Request(), default);
                    isOver = true;
                }
                catch (KilledException)
                {
                    var held = await scene.Locks.ReadAsync("shop", default);
                    var driver = new RunDriver(scene);
                    await (held is null ? driver.StartAsync(scene.Request()) : driver.TickAsync());

                    Assert.Equal(RunState.Completed, (await driver.ViewAsync("shop-run-1")).State);
                    Assert.Equal(["shop-run-1"], scene.Scheduler.Begun);
                }
            }
        }

        Assert.InRange(fault, 5, 20);
    }

    [Fact]
    public async Task Start_ManyAtOnce_IsOneRun()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var scene = new RecoveryScene();
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;
            var starts = new List<RunStart>();

            await interleaving.RunAsync([.. Enumerable.Range(1, 4).Select<int, Func<Task>>(
                n => async () => starts.Add(await scene.Starts.StartAsync(scene.Request($"shop-run-{n}"), default)))]);

            var winner = Assert.Single(starts.OfType<RunStart.Started>()).Run.RunId;
            Assert.Equal(3, starts.OfType<RunStart.RunActive>().Count(active => active.RunId == winner));
            Assert.Equal([winner], scene.Scheduler.Begun);
        }
    }
}
