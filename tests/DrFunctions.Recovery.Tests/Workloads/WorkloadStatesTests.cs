using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Workloads;

public sealed class WorkloadStatesTests
{
    private static readonly WorkloadState s_moved = new(RegionRole.Secondary, 3, "shop-run-3");

    private readonly RecoveryScene _scene = new();

    [Fact]
    public async Task Read_BeforeAnyRun_IsAtHome() =>
        Assert.Equal(new WorkloadState(RegionRole.Primary, 0, null), await _scene.States.ReadAsync("shop", default));

    [Fact]
    public async Task Move_FirstArrivingThenThere_IsThere()
    {
        await _scene.States.MoveAsync("shop", s_moved with { Arriving = true }, default);
        Assert.True((await _scene.States.ReadAsync("shop", default)).Arriving);

        await _scene.States.MoveAsync("shop", s_moved, default);

        Assert.Equal(s_moved, await _scene.States.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Move_ALateAttemptThatIsStillArriving_DoesNotUndoIt()
    {
        await _scene.States.MoveAsync("shop", s_moved, default);

        await _scene.States.MoveAsync("shop", s_moved with { Arriving = true }, default);

        Assert.Equal(s_moved, await _scene.States.ReadAsync("shop", default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Move_OfAnOlderEpoch_IsRefused(bool arriving)
    {
        await _scene.States.MoveAsync("shop", s_moved, default);

        var exception = await Assert.ThrowsAsync<RecoveryException>(
            () => _scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Primary, 2, "shop-run-2") { Arriving = arriving }, default));

        Assert.Equal(
            ("EpochSuperseded", "The run 'shop-run-2' (epoch 2) cannot move 'shop': epoch 3 already has."), (exception.Code, exception.Message));
        Assert.Equal(s_moved, await _scene.States.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Move_ManyEpochsAtOnce_EndsWithTheNewest()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var scene = new RecoveryScene();
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;

            await interleaving.RunAsync([.. Enumerable.Range(1, 4).Select<int, Func<Task>>(epoch => async () =>
            {
                try
                {
                    await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, epoch, $"shop-run-{epoch}"), default);
                }
                catch (RecoveryException exception)
                {
                    Assert.Equal("EpochSuperseded", exception.Code);
                }
            })]);

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            Assert.Equal(4, (await scene.States.ReadAsync("shop", default)).Epoch);
        }
    }
}
