using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Tests.Durable.Instances;

public sealed class InstancePurgeTests
{
    [Fact]
    public async Task Purge_WhileAnotherProcessUsesTheIdAgain_LeavesItsNotice()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Quick", context => Task.FromResult<object?>(context.GetInput<int>()));
        var holdersStore = new FaultyStore(world.Store);
        var holder = await world.StartHoldingAsync(holdersStore);
        await world.RunAsync(holder, "Quick", 1, "again");
        await world.UntilAsync(() => holder.Engine.ActiveInstances == 0);
        var look = holdersStore.HoldAnswers("list inbox/");
        await world.UntilAsync(() => look.Held > 0);

        var startersStore = new FaultyStore(world.Store) { HoldOnly = "replace instances/again" };
        startersStore.Pause();
        var starter = await world.StartAsync(startersStore, isRunning: false);
        var starting = starter.Client.ScheduleNewOrchestrationInstanceAsync("Quick", 2, new StartOrchestrationOptions("again"));
        await world.UntilAsync(() => startersStore.Held > 0);
        var purgersStore = new FaultyStore(world.Store);
        var old = purgersStore.HoldAnswers("read instances/again");
        var purger = await world.StartAsync(purgersStore, isRunning: false);
        var purging = purger.Client.PurgeInstanceAsync("again");
        await world.UntilAsync(() => old.Held > 0);
        startersStore.Continue();
        await world.UntilAsync(starting);
        old.Open();
        var purged = await world.UntilAsync(purging);
        look.Open();
        var end = await world.EndOfAsync(starter, "again");

        Assert.Equal(0, purged.PurgedInstanceCount);
        Assert.Equal(2, end.ReadOutputAs<int>());
        await world.UntilAsync(() => world.Store.ListAsync("inbox/", null, 10, default).Result.Documents.Count == 0);
    }
}
