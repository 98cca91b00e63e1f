using System.Text;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;

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
    public async Task Child_HasEndedAndThenBroken_StillTellsItsParent()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Parent", async context =>
            await context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions { InstanceId = "child" }));
        world.App.Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("go"));
        var store = new FaultyStore(world.Store);
        var host = await world.StartHoldingAsync(store);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await world.UntilAsync(() => world.Store.ReadAsync("instances/child", default).Result is not null);

        store.Break = "delete inbox/child";
        await host.Client.RaiseEventAsync("child", "go", "went");
        await world.UntilAsync(() => world.Log.Count(Broken) >= 1);
        store.Break = null;
        var end = await world.EndOfAsync(host, id);

        Assert.Equal("went", end.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"instanceId":"x","kind":"event","event":{"name":"go","input":{}}}""")]
    [InlineData("""{"instanceId":"x","kind":"event","event":{"name":"go","input":[]}}""")]
    public async Task Message_CannotBeRead_IsLeftAndTheHubGoesOn(string body)
    {
        const int unreadable = 2008;
        await using var world = new DurableWorld();
        world.App.Orchestrator("Work", _ => Task.FromResult<object?>("done"));
        await world.Store.CreateAsync("inbox/x/1", new DocumentContent(Encoding.UTF8.GetBytes(body)), default);
        var host = await world.StartHoldingAsync();

        await world.UntilAsync(() => world.Log.Count(unreadable) == 1);
        var end = await world.RunAsync(host, "Work");

        Assert.Equal("done", end.ReadOutputAs<string>());
        Assert.Equal(1, host.Engine.Fence); // It has not lost the hub.
        Assert.NotNull(await world.Store.ReadAsync("inbox/x/1", default));
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
