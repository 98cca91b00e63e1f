namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>Something unforeseen goes wrong with one instance; it is looked at again, and nothing that arrived is lost.</summary>
public sealed class BrokenInstanceTests
{
    private const int Broken = 2007;

    [Fact]
    public async Task Instance_CannotBeRead_IsLookedAtAgainAfterGrowingPauses()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Work", async context => await context.CallActivityAsync<string>("Do", "x"));
        world.App.Activity("Do", input => $"did {input}");
        var store = new FaultyStore(world.Store) { Break = "read instances/" };
        var holding = await world.StartHoldingAsync(store);
        var asked = await world.StartAsync();
        var id = await asked.Client.ScheduleNewOrchestrationInstanceAsync("Work");
        await world.UntilAsync(() => world.Log.Count(Broken) >= 3);
        Assert.Empty(world.App.Calls);

        store.Break = null;
        var end = await world.EndOfAsync(asked, id);

        Assert.Equal("did x", end.ReadOutputAs<string>());
        Assert.True(holding.Engine.HoldsHub);
        var told = world.Log.Entries.Where(entry => entry.Id == Broken).Select(entry => entry.Text.Split('\n')[0]).Take(3);
        Assert.Equal(
            new[] { 1, 2, 4 }.Select(pause => $"Instance '{id}' cannot be handled; it is looked at again in {pause} s."), told);
    }

    [Fact]
    public async Task Answer_CannotBeRecorded_IsKeptAndTheActivityDoesNotRunAgain()
    {
        await using var world = new DurableWorld();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.App.Orchestrator("Work", async context =>
            $"{await context.CallActivityAsync<string>("Do", "x")}, {await context.WaitForExternalEvent<string>("go")}");
        world.App.Activity("Do", async (input, _) =>
        {
            await gate.Task;
            return $"did {input}";
        });
        var store = new FaultyStore(world.Store);
        await world.StartHoldingAsync(store);
        var asked = await world.StartAsync();
        var id = await asked.Client.ScheduleNewOrchestrationInstanceAsync("Work");
        await world.UntilAsync(() => !world.App.Calls.IsEmpty);

        store.Break = "replace instances/";
        gate.SetResult();
        await world.UntilAsync(() => world.Log.Count(Broken) >= 1);
        await asked.Client.RaiseEventAsync(id, "go", "went");
        await world.UntilAsync(() => world.Log.Count(Broken) >= 3);
        store.Break = null;
        var end = await world.EndOfAsync(asked, id);

        Assert.Equal("did x, went", end.ReadOutputAs<string>());
        Assert.Equal(["Do(x)"], world.App.Calls);
    }
}
