using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>A failover of containers and databases over the wire, through what Resource Manager does on such a day.</summary>
public sealed class DatabaseFailoverTests
{
    public static TheoryData<string, Fault[]> Faults => new()
    {
        { "dark", [Arm(FaultKind.Dark) with { For = TimeSpan.FromMinutes(1) }] },
        { "throttled", [Arm(FaultKind.Throttle) with { For = TimeSpan.FromMinutes(1) }] },
        { "server errors", [Arm(FaultKind.Error) with { Status = 503, For = TimeSpan.FromMinutes(1) }] },
        { "the answers to writes are lost", [Lost("POST"), Lost("PATCH"), Lost("PUT")] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Failover_ResourceManagerIsNotWell_BringsEveryStoreAlongAndSaysWhatEachLost(string what, Fault[] faults)
    {
        await using var scene = await SimulatedRuns.StartAsync("hot.yaml");
        await scene.Cloud.SetRegionDarkAsync("westeurope", true);
        scene.Cloud.AddFaults(faults);

        var run = await scene.RunAsync("failover");

        Assert.True(run.State == RunState.Completed, $"{what}: {run.Steps.FirstOrDefault(step => step.Error is not null)}");
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
        Assert.Equal(1, scene.WritesOf("shop"));

        // What a failover group is behind nobody says; of the others it is known, and the whole is as unknown as the worst.
        Assert.Equal(("ledger", ObjectiveVerdict.Unknown, null), (run.Attained.WorstStore, run.Attained.Rpo, run.Attained.RpoSeconds));
        Assert.Equal(["files", "orders", "ledger"], run.Attained.Stores.Select(store => store.Store));
        Assert.Equal(scene.Core.Replication.SafeUntil, run.Attained.Stores[1].RestorePoint);
        Assert.All(run.Attained.Stores.Take(2), store => Assert.True(store.RpoSeconds > 0, $"{what}: {store}"));
    }

    /// <summary>A planned switchover was begun when its old primary's region is lost: it fails, waits, and a person goes on without that region.</summary>
    [Fact]
    public async Task Switchover_TheRegionGoesDarkInTheMiddleOfThePromotion_WaitsAndIsForced()
    {
        await using var scene = await SimulatedRuns.StartAsync("switchover.yaml");
        var attempts = 0;
        scene.BeforeAttempt = (_, index) => index == 1 && ++attempts == 2 ? scene.Cloud.SetRegionDarkAsync("westeurope", true) : Task.CompletedTask;

        var run = await scene.RunAsync("switchover", RunMode.Planned);

        Assert.Equal((RunState.Paused, "promotePostgres"), (run.State, run.Pause!.Step)); // It is paused.
        Assert.Contains("force", run.Pause.Decisions);
        Assert.Equal(0, scene.WritesOf("shop"));

        run = await scene.CommandAsync(run.RunId, CommandKind.Force);

        Assert.True(run.State == RunState.Completed, $"{run.Pause?.Message} {run.Steps.FirstOrDefault(step => step.Error is not null)}");
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
        Assert.Equal(1, scene.WritesOf("shop"));
    }

    private static Fault Arm(FaultKind kind) => new() { On = FaultTarget.ResourceManager, Kind = kind };

    private static Fault Lost(string method) => Arm(FaultKind.Drop) with { Method = method, Phase = FaultPhase.After, Count = 2 };
}
