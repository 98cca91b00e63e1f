using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Fences;

/// <summary>A run that fences a store of every kind: killed at every call, cancelled, or with a fence that fails.</summary>
public sealed class FenceRunTests
{
    private static readonly string[] s_fences =
        ["close fileswe", "give shop/writers.json to northeurope", "stop orders-we", "stop shop-westeurope", "take shop/writers.json from westeurope"];

    private static readonly string[] s_undone =
        ["give shop/writers.json to westeurope", "open fileswe", "start orders-we", "start shop-westeurope", "take shop/writers.json from northeurope"];

    [Fact]
    public async Task Run_KilledAtAnyCall_FencesEveryStoreOnceBeforeUsersMove()
    {
        var calls = await Kills.AtEveryCallAsync(Scene, PlayAsync, async (scene, where) =>
        {
            var run = await new RunDriver(scene).ViewAsync("shop-run-1");
            Assert.True(run.State == RunState.Completed, $"{where}: {run.State} {run.EndReason} {run.Steps[0].Error}");
            Assert.Equal(s_fences, scene.Effects[..5].Order(StringComparer.Ordinal));
            Assert.Equal(["start shop-northeurope", "shift to northeurope"], scene.Effects[5..]);
            Assert.True(
                scene.Effects.IndexOf("take shop/writers.json from westeurope") < scene.Effects.IndexOf("give shop/writers.json to northeurope"), where);
        });

        Assert.InRange(calls, 60, 600);
    }

    [Fact]
    public async Task CancelOfARun_KilledAtAnyCall_GivesEveryStoreBackOnce()
    {
        var calls = await Kills.AtEveryCallAsync(
            () =>
            {
                var scene = Scene();
                scene.WebApps.States.Remove(scene.Plan.Secondary.WebApp); // The run waits for a person behind its fence.
                return scene;
            },
            scene => PlayAsync(scene, run => scene.Execution.CommandAsync(run.RunId, new RunCommand(CommandKind.Cancel, null, "ada", "enough"), default)),
            async (scene, where) =>
            {
                var run = await new RunDriver(scene).ViewAsync("shop-run-1");
                Assert.True(run.State == RunState.Cancelled, $"{where}: {run.State} {run.EndReason}");
                Assert.Equal(s_fences, scene.Effects[..5].Order(StringComparer.Ordinal));
                Assert.Equal(s_undone, scene.Effects[5..].Order(StringComparer.Ordinal));
                Assert.Equal(("Ready", "Running", "westeurope"), (scene.Azure.Servers[FenceScene.Server].State, scene.WebApps.States[scene.Plan.Primary.WebApp], scene.Leases.Records[FenceScene.Blob].Holder));
                Assert.Equal(FenceScene.Open, scene.Azure.Accesses[FenceScene.Account]);
            });

        Assert.InRange(calls, 60, 900);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("files")]
    [InlineData("ledger")]
    [InlineData("books")]
    [InlineData("pages")]
    public async Task Run_OneFenceFails_CarriesOutTheOthersAndGoesNoFurther(string store)
    {
        var scene = Scene();
        scene.Interception.Around = (call, moment) => moment == Moment.Before && call.StartsWith(Call(store), StringComparison.Ordinal)
            ? throw new RecoveryException("AuthorizationFailed", $"no right to {call}", isTransient: false, "give it")
            : Task.CompletedTask;
        RunProgress? paused = null;
        var driver = new RunDriver(scene)
        {
            WhenPaused = run =>
            {
                paused ??= run;
                return Task.CompletedTask;
            },
        };

        var run = await driver.StartAsync(scene.Request());

        Assert.Equal(("AuthorizationFailed", 0), (paused!.Pause!.Code, paused.Pause.Step));
        Assert.Equal(RunState.Failed, run.State);
        Assert.DoesNotContain(scene.Effects, effect => effect is "start shop-northeurope" or "shift to northeurope");
        Assert.Equal(RegionRole.Primary, (await scene.States.ReadAsync("shop", default)).Active);
    }

    // What the fence of a store does, as opposed to what looks.
    private static string Call(string store) => store switch
    {
        "orders" => "begin stop orders-we",
        "files" => "SetAccess",
        "ledger" => "ReadGroup",
        "books" => "WriteLease",
        _ => "stop shop-westeurope",
    };

    private static RecoveryScene Scene() => FenceScene.Of(FenceScene.Orders, FenceScene.Files, FenceScene.Ledger, FenceScene.Books, FenceScene.Pages);

    private static async Task PlayAsync(RecoveryScene scene) => await PlayAsync(scene, _ => Task.CompletedTask);

    private static async Task PlayAsync(RecoveryScene scene, Func<RunProgress, Task> decide)
    {
        // Whoever asked for the run asks again; the tick finds its lock.
        await scene.Starts.StartAsync(scene.Request(), default);
        await new RunDriver(scene) { WhenPaused = decide }.TickAsync();
    }
}
