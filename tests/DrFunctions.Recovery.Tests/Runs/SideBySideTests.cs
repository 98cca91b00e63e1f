using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Runs;

public sealed class SideBySideTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly string[] s_beside = ["restore files to files-0001", "restore orders to orders-0001", "start shop-northeurope"];

    [Fact]
    public async Task Group_AllIsWell_BeginsTogetherAndEndsBeforeTheNext()
    {
        var scene = Stage();
        var turns = new List<string>();
        var driver = new RunDriver(scene) { OnTurn = turn => turns.Add(string.Join(',', turn.Steps)) };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(["0", "1,2,3", "4", "5"], turns);
        Assert.Equal(s_beside, scene.Effects[1..4].Order());
        Assert.Equal("shift to northeurope", scene.Effects[4]);
        Assert.Equal([null, 1, 1, 1, null, null], run.Steps.Select(step => step.Group));
    }

    [Fact]
    public async Task Group_OneFails_LetsTheOthersFinishAndPauses()
    {
        var scene = Stage();
        scene.Restore.Snapshots.Remove("orders");
        var states = new List<StepState>();
        var driver = new RunDriver(scene);
        driver.WhenPaused = async run =>
        {
            states.AddRange(run.Steps.Select(step => step.State));
            scene.Restore.Snapshots["orders"] = [new Recovery.Steps.RestorePoint("orders-0001", MovableClock.Start)];
            await scene.Execution.CommandAsync(run.RunId, new RunCommand(CommandKind.Retry, "orders", "ada", "copied one"), default);
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(
            [StepState.Completed, StepState.Completed, StepState.Failed, StepState.Completed, StepState.Pending, StepState.Pending], states);
        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(s_beside, scene.Effects[1..4].Order());
    }

    [Fact]
    public async Task Run_TwoProcessesKilledAndInterleavedAnyhow_HasEachEffectOnceAndOneChain()
    {
        var (killed, ended) = (0, new HashSet<RunState>());
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var scene = Stage();
            await scene.Starts.StartAsync(scene.Request(), default);
            var (left, cancelsAt) = (6, random.Next(0, 300));
            var interleaving = new Interleaving(random);
            scene.Interception.Around = async (call, moment) =>
            {
                await interleaving.PauseAsync(call, moment);
                if (random.Next(25) == 0 && left-- > 0)
                {
                    killed++;
                    throw new KilledException(call);
                }
            };

            // Each actor is a process; one that is killed is followed by another.
            await interleaving.RunAsync(
                () => DriveAsync(scene),
                () => DriveAsync(scene),
                () => CancelAsync(scene, seed % 3 == 0 ? cancelsAt : int.MaxValue));

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            var run = await new RunDriver(scene).ViewAsync("shop-run-1");
            ended.Add(run.State);
            var check = EvidenceChain.Verify(await scene.Journal.ReadStoredAsync(run.RunId, default));
            Assert.True(check.IsIntact, $"seed {seed}: {check.Detail}");
            Assert.True(scene.Effects.Distinct().Count() == scene.Effects.Count, $"seed {seed}: {string.Join(", ", scene.Effects)}");
            var state = await scene.States.ReadAsync("shop", default);
            var home = run.State == RunState.Completed ? RegionRole.Secondary : RegionRole.Primary;
            Assert.True(
                (state.Active, state.Arriving, scene.Traffic.Served?.Name, scene.WebApps.States[scene.Plan.RegionOf(home).WebApp])
                    == (home, false, scene.Plan.RegionOf(home).Name, "Running"),
                $"seed {seed}: {run.State}, {state}, {string.Join(", ", scene.Effects)}");
        }

        Assert.True(killed > 300, $"{killed} kills");
        Assert.Equal([RunState.Completed, RunState.Cancelled], ended.Order());
    }

    private static async Task DriveAsync(RecoveryScene scene)
    {
        while (true)
        {
            try
            {
                await new RunDriver(scene, scene.AnotherProcess()).DriveAsync(scene.Request());
                return;
            }
            catch (KilledException)
            {
                // The next process goes on.
            }
        }
    }

    private static async Task CancelAsync(RecoveryScene scene, int afterReads)
    {
        while (true)
        {
            try
            {
                for (var read = 0; read < Math.Min(afterReads, 600); read++)
                {
                    await scene.Documents.ReadAsync("nothing", default);
                }

                if (afterReads < int.MaxValue)
                {
                    await scene.AnotherProcess().CommandAsync("shop-run-1", new RunCommand(CommandKind.Cancel, null, "ada", "enough"), default);
                }

                return;
            }
            catch (Exception exception) when (exception is KilledException or RecoveryException { Code: "RunNotBegun" })
            {
                // Tries again.
            }
        }
    }

    private static RecoveryScene Stage() => new(APlan().WithStores("files", "orders").WithRunbook(
        "failover",
        new FenceStep("fence", s_minute, RegionRole.Primary),
        new RestoreStep("files", s_minute, "files", RegionRole.Secondary) { Group = 1 },
        new RestoreStep("orders", s_minute, "orders", RegionRole.Secondary) { Group = 1 },
        new StartWebAppStep("start", s_minute, RegionRole.Secondary) { Group = 1 },
        new ShiftTrafficStep("shift", s_minute, RegionRole.Secondary),
        new ProveStep("prove", s_minute, RegionRole.Secondary)).Build());
}
