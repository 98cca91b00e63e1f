using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Conditions;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Conditions;

public sealed class AssertRunnerTests
{
    public static TheoryData<Condition, bool> AtHome => new()
    {
        { new Condition.Green(RegionRole.Primary), true },
        { new Condition.Green(RegionRole.Secondary), false },
        { new Condition.Red(RegionRole.Primary), false },
        { new Condition.Red(RegionRole.Secondary), true },
        { new Condition.ActiveIn(RegionRole.Primary), true },
        { new Condition.ActiveIn(RegionRole.Secondary), false },
        { new Condition.RestorePointAge("files", RegionRole.Secondary, TimeSpan.FromMinutes(5)), true },
        { new Condition.RestorePointAge("files", RegionRole.Secondary, TimeSpan.FromSeconds(30)), false },
        { new Condition.Endpoint(RegionRole.Primary, IsEnabled: true), true },
        { new Condition.Endpoint(RegionRole.Primary, IsEnabled: false), false },
    };

    [Theory]
    [MemberData(nameof(AtHome))]
    public async Task Condition_OfAWorkloadAtHome_HoldsOrDoesNot(Condition condition, bool holds)
    {
        var scene = new RecoveryScene();

        var attempt = await Step(scene, condition).RunAsync();

        Assert.Equal(holds ? StepOutcome.Done : StepOutcome.Failed, attempt.Outcome);
        Assert.Equal(holds ? null : "AssertionFailed", attempt.Code);
        Assert.StartsWith(holds ? "holds: " : "does not hold: ", attempt.Summary, StringComparison.Ordinal);
        Assert.Empty(scene.Effects);
    }

    [Fact]
    public async Task Conditions_OfWhichOneDoesNotHold_FailAndNameAll()
    {
        var attempt = await Step(new RecoveryScene(), new Condition.ActiveIn(RegionRole.Primary), new Condition.Green(RegionRole.Secondary)).RunAsync();

        Assert.Equal(
            "holds: westeurope carries 'shop' (found: westeurope); does not hold: northeurope is healthy (found: 403 in 12 ms)", attempt.Summary);
    }

    /// <summary>A redirect says nothing of what is behind it: neither well nor dead.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Health_ThatIsUnknown_IsNeitherGreenNorRed(bool green)
    {
        var scene = new RecoveryScene { Probe = { Status = 302 } };

        var attempt = await Step(scene, green ? new Condition.Green(RegionRole.Primary) : new Condition.Red(RegionRole.Primary)).RunAsync();

        Assert.Equal((StepOutcome.Again, "AssertionUnknown"), (attempt.Outcome, attempt.Code));
    }

    [Fact]
    public async Task ActiveIn_WhileUsersMove_DoesNotHoldForEither()
    {
        var scene = new RecoveryScene();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-1") { Arriving = true }, default);

        Assert.Equal(StepOutcome.Failed, (await Step(scene, new Condition.ActiveIn(RegionRole.Primary)).RunAsync()).Outcome);
        Assert.Equal(StepOutcome.Failed, (await Step(scene, new Condition.ActiveIn(RegionRole.Secondary)).RunAsync()).Outcome);
    }

    [Fact]
    public async Task RestorePoint_OfAStoreWithoutASnapshot_IsNeverYoungEnough()
    {
        var scene = new RecoveryScene();
        scene.Restore.Snapshots.Clear();

        var attempt = await Step(scene, new Condition.RestorePointAge("files", RegionRole.Secondary, TimeSpan.FromDays(365))).RunAsync();

        Assert.Equal("AssertionFailed", attempt.Code);
    }

    private static StepDriver Step(RecoveryScene scene, params Condition[] conditions) =>
        new(scene, new AssertStep("assert", TimeSpan.FromMinutes(1), conditions));
}
