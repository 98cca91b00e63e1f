using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.BackUp;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Runs;

/// <summary>The way home of the sample plan, killed at every call, step boundaries among them, in virtual time.</summary>
public sealed class FailbackKillTests
{
    private const string Run = "shop-run-2";
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    private static readonly string[] s_failback =
        ["stop shop-northeurope", "back up files", $"restore files to {Run}-1", "start shop-westeurope", "shift to westeurope"];

    [Fact]
    public async Task Failback_KilledAtAnyCall_BringsUsersHomeWithEveryEffectOnce()
    {
        var calls = await Kills.AtEveryCallAsync(FailedOver, PlayAsync, AssertHomeAsync);

        Assert.InRange(calls, 70, 500);
    }

    [Fact]
    public async Task Failback_KilledAtManyCalls_BringsUsersHomeWithEveryEffectOnce()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var scene = FailedOver();
            var left = 12;
            scene.Interception.Around = (call, moment) => random.Next(12) == 0 && left-- > 0
                ? throw new KilledException($"{moment} {call}")
                : Task.CompletedTask;

            await Kills.ThroughAsync(scene, PlayAsync);

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            await AssertHomeAsync(scene, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Failback_DrivenTwiceAtOnce_BringsUsersHomeWithEveryEffectOnce()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var scene = FailedOver();
            await scene.Starts.StartAsync(Request(scene), default);
            await scene.Execution.OpenAsync("shop", Run, default);
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;

            await interleaving.RunAsync(
                () => new RunDriver(scene).DriveAsync(Request(scene)),
                () => new RunDriver(scene, scene.AnotherProcess()).DriveAsync(Request(scene)));

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            await AssertHomeAsync(scene, $"seed {seed}");
        }
    }

    // Users are in the secondary, and the primary is well again.
    private static RecoveryScene FailedOver()
    {
        var scene = new RecoveryScene(Builders.APlan().WithRunbook(
            "failback",
            new FenceStep("fence", s_timeout, RegionRole.Secondary),
            new BackUpStep("takeBackup", s_timeout, "files", RegionRole.Secondary),
            new RestoreStep("restore", s_timeout, "files", RegionRole.Primary),
            new StartWebAppStep("startWebApp", s_timeout, RegionRole.Primary),
            new ShiftTrafficStep("shiftTraffic", s_timeout, RegionRole.Primary),
            new ProveStep("prove", s_timeout, RegionRole.Primary)).Build());
        var run = new RunDriver(scene).StartAsync(scene.Request()).GetAwaiter().GetResult(); // everything of a scene is done at once
        Assert.Equal(RunState.Completed, run.State);
        scene.Effects.Clear();
        scene.Clock.Advance(TimeSpan.FromHours(1));
        return scene;
    }

    private static RunRequest Request(RecoveryScene scene) => scene.Request(Run, "failback", mode: RunMode.Planned);

    // What a person asks for again who got no answer, and what the tick finds.
    private static async Task PlayAsync(RecoveryScene scene)
    {
        if (await scene.Starts.StartAsync(Request(scene), default) is RunStart.Started)
        {
            await new RunDriver(scene).TickAsync();
        }
    }

    private static async Task AssertHomeAsync(RecoveryScene scene, string where)
    {
        var run = await new RunDriver(scene).ViewAsync(Run);
        Assert.True(run.State == RunState.Completed, $"{where}: {run.State}: {run.Steps.FirstOrDefault(step => step.Error is not null)}");
        Assert.All(run.Steps, step => Assert.True(step.State == StepState.Completed, $"{where}: {step.Name} is {step.State}"));
        Assert.True(s_failback.SequenceEqual(scene.Effects), $"{where}: {string.Join(", ", scene.Effects)}");
        Assert.Equal(0, run.Attained.RpoSeconds);
        Assert.Equal(new WorkloadState(RegionRole.Primary, 2, Run), await scene.States.ReadAsync("shop", default));
        var check = EvidenceChain.Verify(await scene.Journal.ReadAsync(Run, default));
        Assert.True(check.IsIntact, $"{where}: {check.Detail}");
        var held = await scene.Locks.ReadAsync("shop", default);
        Assert.Equal((LockState.Released, Run), (held!.State, held.Run.RunId)); // a run held it
    }
}
