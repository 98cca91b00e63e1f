using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>Values that lie in documents of their own: none is left behind, none is lost.</summary>
public sealed class LargePayloadTests
{
    private static readonly string Large = new('x', 70_000);

    [Fact]
    public async Task CustomStatus_ReplacedByASmallOne_IsDeletedOnceTheIdIsUsedAgain()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Shows", async context =>
        {
            context.SetCustomStatus(context.GetInput<int>() > 100 ? Large : "short");
            await context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus("small");
            return null;
        });
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Shows", 101, new StartOrchestrationOptions("shows"));
        await world.UntilAsync(() => LargeOnes(world).Count > 0);
        await EndAsync(world, host);

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Shows", 1, new StartOrchestrationOptions("shows"));
        await EndAsync(world, host);

        await world.UntilAsync(() => LargeOnes(world).Count == 0);
    }

    [Fact]
    public async Task Event_KeptWhileSuspendedAndDroppedByATermination_IsDeletedOnceTheIdIsUsedAgain()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("go"));
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("shows"));
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync("shows"));
        await host.Client.SuspendInstanceAsync("shows");
        await host.Client.RaiseEventAsync("shows", "go", Large);
        await world.UntilAsync(() => LargeOnes(world).Count > 0);
        await host.Client.TerminateInstanceAsync("shows");
        await world.EndOfAsync(host, "shows");

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("shows"));
        await EndAsync(world, host);

        await world.UntilAsync(() => LargeOnes(world).Count == 0);
    }

    [Fact]
    public async Task OutputOfATermination_HostDiesBeforeItSendsItOn_ReachesTheChildWhole()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("go"))
            .Orchestrator("Parent", async context =>
                await context.CallSubOrchestratorAsync<string>("Waits", options: new TaskOptions().WithInstanceId("kid")));
        var store = new FaultyStore(world.Store) { Fault = new StoreFault("create inbox/kid", 1, AfterTheEffect: false, FaultKind.FailsForGood) };
        var first = await world.StartHoldingAsync(store);
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions("mum"));
        await world.UntilAsync(() => first.Client.GetInstanceAsync("kid").Result?.IsRunning == true);
        await first.Client.TerminateInstanceAsync("mum", new TerminateInstanceOptions(Large, Recursive: true));
        await world.UntilAsync(() => store.HasStruck);
        await first.KillAsync();

        var next = await world.StartHoldingAsync();
        var kid = await world.EndOfAsync(next, "kid");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, kid.RuntimeStatus);
        Assert.Equal(Large, kid.ReadOutputAs<string>());
    }

    private static async Task EndAsync(DurableWorld world, DurableWorld.Host host)
    {
        await host.Client.RaiseEventAsync("shows", "go", "gone");
        await world.EndOfAsync(host, "shows");
    }

    private static IReadOnlyList<ListedDocument> LargeOnes(DurableWorld world) =>
        world.Store.ListAsync("payloads/", null, 10, default).Result.Documents;
}
