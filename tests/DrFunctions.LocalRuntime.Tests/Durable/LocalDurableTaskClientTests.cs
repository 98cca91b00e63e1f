using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Tests.Durable;

public sealed class LocalDurableTaskClientTests
{
    [Fact]
    public async Task Schedule_NameThatTheAppDoesNotHave_IsRefusedAtOnce()
    {
        await using var world = new DurableWorld();
        var host = await world.StartHoldingAsync();

        var e = await Assert.ThrowsAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Nope"));

        Assert.StartsWith("The app has no orchestrator named 'Nope'.", e.Message, StringComparison.Ordinal);
        Assert.Empty((await world.Store.ListAsync("instances/", null, 10, default)).Documents);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@entity")]
    public async Task Schedule_IdThatIsNone_IsRefused(string id)
    {
        await using var world = Waiting();
        var host = await world.StartHoldingAsync();

        await Assert.ThrowsAsync<ArgumentException>(
            () => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions(id)));
    }

    [Fact]
    public async Task Schedule_IdOfARunningOne_FailsAndNamesIt()
    {
        await using var world = Waiting();
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("a b"));
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync("a b"));

        var e = await Assert.ThrowsAsync<InvalidOperationException>(
            () => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("a b")));

        Assert.Equal("An orchestration with id 'a b' already exists and has not ended: 'Wait' is Running.", e.Message);
    }

    [Fact]
    public async Task Schedule_IdOfAFinishedOne_StartsAnew()
    {
        await using var world = Waiting();
        var host = await world.StartHoldingAsync();
        for (var round = 1; round <= 2; round++)
        {
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", round, new StartOrchestrationOptions("again"));
            await host.Client.RaiseEventAsync("again", "go", $"round {round}");

            var end = await world.EndOfAsync(host, "again");

            Assert.Equal($"round {round}", end.ReadOutputAs<string>());
            Assert.Equal(round, end.ReadInputAs<int>());
        }
    }

    [Fact]
    public async Task Schedule_SameIdTheMomentItHasEnded_AlwaysRuns()
    {
        await using var world = Waiting();
        world.App.Orchestrator("Quick", context => Task.FromResult<object?>(context.GetInput<int>()));
        var host = await world.StartHoldingAsync();
        for (var round = 0; round < 200; round++)
        {
            var end = await world.RunAsync(host, "Quick", round, "again");

            Assert.Equal(round, end.ReadOutputAs<int>());
        }
    }

    [Fact]
    public async Task Schedule_ManyAtOnceWithOneId_OneWins()
    {
        await using var world = Waiting();
        var host = await world.StartHoldingAsync();
        var starts = Enumerable.Range(0, 8)
            .Select(i => Task.Run(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", i, new StartOrchestrationOptions("one"))))
            .ToList();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(starts));

        Assert.Equal(1, starts.Count(start => start.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Schedule_ForLater_StaysPendingUntilThen()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Now", context => Task.FromResult<object?>(context.CurrentUtcDateTime));
        var host = await world.StartHoldingAsync();
        var later = world.Time.GetUtcNow().AddHours(3);

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Now", new StartOrchestrationOptions(StartAt: later));
        await DurableWorld.SettleAsync();
        var before = await host.Client.GetInstanceAsync(id);
        world.Time.Advance(TimeSpan.FromHours(3));
        var end = await world.EndOfAsync(host, id);

        Assert.Equal(OrchestrationRuntimeStatus.Pending, before!.RuntimeStatus);
        Assert.InRange(end.ReadOutputAs<DateTime>(), later.UtcDateTime, later.UtcDateTime.AddSeconds(5));
    }

    [Fact]
    public async Task Suspend_KeepsWhatHappens_UntilResume()
    {
        await using var world = Waiting();
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync(id));

        await host.Client.SuspendInstanceAsync(id, "lunch");
        await UntilStatusAsync(world, host, id, OrchestrationRuntimeStatus.Suspended);
        await host.Client.RaiseEventAsync(id, "go", "kept");
        await world.UntilAsync(() => world.Store.ListAsync("inbox/", null, 10, default).Result.Documents.Count == 0);
        var suspended = await host.Client.GetInstanceAsync(id);
        await host.Client.ResumeInstanceAsync(id);
        var end = await world.EndOfAsync(host, id);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, suspended!.RuntimeStatus);
        Assert.Equal("kept", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_Recursively_EndsTheChildrenToo()
    {
        await using var world = Waiting();
        world.App.Orchestrator("Parent", async context =>
            await context.CallSubOrchestratorAsync<string>("Wait", options: new SubOrchestrationOptions(instanceId: "kid")));
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await world.UntilAsync(() => host.Client.GetInstanceAsync("kid").Result?.IsRunning == true);

        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("enough", Recursive: true));
        var end = await world.EndOfAsync(host, id);
        var kid = await world.EndOfAsync(host, "kid");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, kid.RuntimeStatus);
    }

    [Fact]
    public async Task Terminate_OrchestrationThatStartsOverForEver_EndsIt()
    {
        await using var world = Waiting();
        world.App.Orchestrator("Eternal", context =>
        {
            context.ContinueAsNew(context.GetInput<int>() + 1);
            return Task.FromResult<object?>(null);
        });
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Eternal", 0);
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync(id));

        await host.Client.TerminateInstanceAsync(id, "enough");
        var end = await world.EndOfAsync(host, id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.True(end.ReadInputAs<int>() > 0);
    }

    [Fact]
    public async Task RaiseEvent_ForNobody_IsDroppedAndLogged()
    {
        await using var world = Waiting();
        var host = await world.StartHoldingAsync();

        await host.Client.RaiseEventAsync("nobody", "go");

        await world.UntilAsync(() => world.Log.Count(2009) == 1);
        Assert.Empty((await world.Store.ListAsync("inbox/", null, 10, default)).Documents);
    }

    [Fact]
    public async Task Query_FiltersAndPages()
    {
        await using var world = Waiting();
        world.App.Orchestrator("Quick", _ => Task.FromResult<object?>("x"));
        var host = await world.StartHoldingAsync();
        for (var i = 0; i < 5; i++)
        {
            await world.RunAsync(host, "Quick", i, $"q_{i}");
        }

        var half = world.Time.GetUtcNow();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("w"));
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync("w"));

        var pages = new List<int>();
        await foreach (var page in host.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 4)).AsPages())
        {
            pages.Add(page.Values.Count);
        }

        Assert.Equal([4, 2], pages);
        Assert.Equal(["w"], await IdsAsync(host, new OrchestrationQuery(CreatedFrom: half.AddSeconds(1))));
        Assert.Equal(["w"], await IdsAsync(host, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(["q_0", "q_1", "q_2", "q_3", "q_4"], await IdsAsync(host, new OrchestrationQuery(InstanceIdPrefix: "q_")));
        Assert.Equal(["q_0", "q_1", "q_2", "q_3", "q_4"], await IdsAsync(host, new OrchestrationQuery(CreatedTo: half)));
    }

    [Fact]
    public async Task Purge_RemovesOnlyWhatHasEnded()
    {
        await using var world = Waiting();
        world.App.Orchestrator("Quick", _ => Task.FromResult<object?>("x"));
        var host = await world.StartHoldingAsync();
        await world.RunAsync(host, "Quick", id: "done");
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("busy"));

        var one = await host.Client.PurgeInstanceAsync("busy");
        var all = await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());

        Assert.Equal(0, one.PurgedInstanceCount);
        Assert.Equal(1, all.PurgedInstanceCount);
        Assert.Null(await host.Client.GetInstanceAsync("done"));
        Assert.NotNull(await host.Client.GetInstanceAsync("busy"));
    }

    [Fact]
    public async Task Purge_Recursively_RemovesItsChildrenAndNobodyElses()
    {
        await using var world = Waiting();
        world.App.Orchestrator("Quick", _ => Task.FromResult<object?>("x"))
            .Orchestrator("Parent", async context =>
            {
                await context.CallSubOrchestratorAsync<string>("Quick", options: new SubOrchestrationOptions(instanceId: "kid"));
                await context.CallSubOrchestratorAsync<string>("Quick", options: new SubOrchestrationOptions(instanceId: "adopted"));
                try
                {
                    await context.CallSubOrchestratorAsync("Parent", options: new SubOrchestrationOptions(instanceId: context.InstanceId));
                }
                catch (TaskFailedException)
                {
                    // Its own id is in use.
                }

                return null;
            });
        var host = await world.StartHoldingAsync();
        await world.RunAsync(host, "Parent", id: "mum");
        await world.RunAsync(host, "Quick", id: "adopted"); // The id is somebody else's now.

        var result = await host.Client.PurgeInstanceAsync("mum", new PurgeInstanceOptions(Recursive: true));

        Assert.Equal(2, result.PurgedInstanceCount);
        Assert.Null(await host.Client.GetInstanceAsync("kid"));
        Assert.NotNull(await host.Client.GetInstanceAsync("adopted"));
    }

    [Fact]
    public async Task Start_WithDedupeStatuses_IsRefusedInTheseOnly()
    {
        await using var world = Waiting();
        world.App.Orchestrator("Quick", _ => Task.FromResult<object?>("x")).Orchestrator("Bad", _ => throw new InvalidOperationException("no"));
        var host = await world.StartHoldingAsync();
        await world.RunAsync(host, "Quick", id: "done");
        await world.RunAsync(host, "Bad", id: "failed");
        var options = new StartOrchestrationOptions("done").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Terminated);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", options));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", options with { InstanceId = "failed" });
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", new StartOrchestrationOptions("done"));
        var misspelt = await Assert.ThrowsAsync<ArgumentException>(
            () => host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", options with { DedupeStatuses = ["Done"] }));

        Assert.Equal("An orchestration with id 'done' already exists: 'Quick' is Completed.", refused.Message);
        Assert.StartsWith("Dedupe status 'Done': expected one of Running, Completed,", misspelt.Message, StringComparison.Ordinal);
        Assert.Equal("x", (await world.EndOfAsync(host, "failed")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Metadata_WithoutInputsAndOutputs_SaysSoWhenTheyAreRead()
    {
        await using var world = Waiting();
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("w"));

        var found = await host.Client.GetInstanceAsync("w");

        Assert.Throws<InvalidOperationException>(() => found!.ReadInputAs<int>());
    }

    [Fact]
    public async Task Call_WhileTheStoreIsSilent_FailsOncePatienceIsUsedUp()
    {
        await using var world = Waiting();
        var store = new FaultyStore(world.Store);
        var host = await world.StartHoldingAsync(store);
        store.IsDown = true;

        var call = host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await world.UntilAsync(() => call.IsCompleted);

        await Assert.ThrowsAsync<HubStoreException>(() => call);
    }

    private static DurableWorld Waiting()
    {
        var world = new DurableWorld();
        world.App.Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"));
        return world;
    }

    private static Task UntilStatusAsync(DurableWorld world, DurableWorld.Host host, string id, OrchestrationRuntimeStatus status) =>
        world.UntilAsync(() => host.Client.GetInstanceAsync(id).Result?.RuntimeStatus == status);

    private static async Task<List<string>> IdsAsync(DurableWorld.Host host, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var instance in host.Client.GetAllInstancesAsync(query))
        {
            ids.Add(instance.InstanceId);
        }

        return ids;
    }
}
