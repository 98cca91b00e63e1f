using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>The process dies at every write there is, before or after its effect; the next process ends what was begun.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const string Expected = "a0 a1 a2 | kid:k | b0,b1,b2 | go | heard";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Process_DiesAtAnyWrite_TheNextOneEndsTheOrchestrationWithEveryResultRecordedOnce(bool afterTheEffect)
    {
        var writes = await RunAsync(0, false);
        output.WriteLine($"{writes} writes");
        Assert.InRange(writes, 10, 80);
        var cuts = 0;
        for (var at = 1; at <= writes; at++)
        {
            cuts += await RunAsync(at, afterTheEffect) <= at ? 1 : 0;
        }

        Assert.InRange(cuts, writes - 4, writes); // Answers that come together are written together: the count varies a little.
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_FailsOnceOrItsAnswerIsLost_TheSameProcessGoesOnAndDoesNothingTwice(bool afterTheEffect)
    {
        var writes = await RunAsync(0, false);
        for (var at = 1; at <= writes; at++)
        {
            await RunAsync(at, afterTheEffect, once: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Process_DiesAtAnyWriteWhileEventsCome_EachIsTakenUpOnceAndInOrder(bool afterTheEffect)
    {
        for (var at = 1; at <= 9; at++)
        {
            await using var world = new DurableWorld();
            world.App.Orchestrator("Collect", async context =>
            {
                var got = context.GetInput<List<int>>()!;
                got.Add(await context.WaitForExternalEvent<int>("add"));
                got.Add(await context.WaitForExternalEvent<int>("add"));
                if (got.Count < 6)
                {
                    context.ContinueAsNew(got);
                }

                return got;
            });
            var store = new FaultyStore(world.Store) { CutAt = at, CutAfter = afterTheEffect };
            var dying = await world.StartHoldingAsync(store, Configure);
            var next = await world.StartAsync(configure: Configure);
            var id = await next.Client.ScheduleNewOrchestrationInstanceAsync("Collect", new List<int>());
            for (var i = 1; i <= 6; i++)
            {
                await next.Client.RaiseEventAsync(id, "add", i);
                world.Time.Advance(TimeSpan.FromMilliseconds(600));
                await DurableWorld.SettleAsync();
            }

            await world.UntilAsync(() => store.IsDown || store.Writes > 9 || next.Client.GetInstanceAsync(id).Result!.IsCompleted);
            await dying.KillAsync();
            var end = await world.EndOfAsync(next, id);

            Assert.Equal([1, 2, 3, 4, 5, 6], end.ReadOutputAs<int[]>()!);
        }
    }

    [Fact]
    public async Task Message_TakenUpByTheProcessBeforeAndReadWhileItIsDeleted_IsNotTakenUpAgain()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Collect", async context => new[]
        {
            await context.WaitForExternalEvent<int>("add"),
            await context.WaitForExternalEvent<int>("add"),
        });
        var dying = new FaultyStore(world.Store) { Break = "delete inbox/" };
        var first = await world.StartHoldingAsync(dying);
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Collect", new StartOrchestrationOptions("one"));
        await first.Client.RaiseEventAsync("one", "add", 1);
        await world.UntilAsync(() => world.Log.Count(2007) > 0); // The turn is written, the message still there.
        await first.KillAsync();

        var store = new FaultyStore(world.Store);
        var (instances, inbox) = (store.HoldAnswers("read instances/"), store.HoldAnswers("read inbox/"));
        var next = await world.StartHoldingAsync(store);
        await world.UntilAsync(() => instances.Held > 0 && inbox.Held > 0);
        instances.Open();
        await world.UntilAsync(() => store.Log.Contains("replace instances/one"));
        for (var i = 0; i < 10; i++)
        {
            await DurableWorld.SettleAsync();
        }

        inbox.Open();
        await next.Client.RaiseEventAsync("one", "add", 2);
        var end = await world.EndOfAsync(next, "one");

        Assert.Equal([1, 2], end.ReadOutputAs<int[]>()!);
        await world.UntilAsync(() => world.Store.ListAsync("inbox/", null, 10, default).Result.Documents.Count == 0);
    }

    private static void Configure(LocalRuntime.Durable.DurableOptions options)
    {
        options.ClientPatience = TimeSpan.FromSeconds(1);
        options.LeaseTime = TimeSpan.FromSeconds(2);
        options.RenewInterval = TimeSpan.FromMilliseconds(500);
    }

    private static async Task<int> RunAsync(int cutAt, bool cutAfter, bool once = false)
    {
        await using var world = new DurableWorld();
        var effects = new ConcurrentDictionary<string, int>();
        DefineApp(world.App, effects);
        var store = new FaultyStore(world.Store) { CutAt = cutAt, CutAfter = cutAfter, CutOnce = once };
        var host = await world.StartAsync(store, Configure);
        await world.UntilAsync(() => host.Engine.HoldsHub);

        // The world outside asks again until it has been heard, as a person or a trigger would.
        async Task<bool> AskAsync(DurableWorld.Host asked)
        {
            try
            {
                if (await asked.Client.GetInstanceAsync("run") is null)
                {
                    await asked.Client.ScheduleNewOrchestrationInstanceAsync("Run", "in", new StartOrchestrationOptions("run"));
                    await asked.Client.RaiseEventAsync("run", "go", "go");
                }

                return (await asked.Client.GetInstanceAsync("run"))!.IsCompleted;
            }
            catch (LocalRuntime.Durable.Storage.HubStoreException)
            {
                return false;
            }
        }

        await UntilOverAsync(world, () => AskAsync(host), () => store.IsDown);
        var writes = store.Writes;
        if (store.IsDown)
        {
            await host.KillAsync();
            host = await world.StartHoldingAsync(configure: Configure);
            if (await host.Client.GetInstanceAsync("run") is { IsCompleted: false })
            {
                // Whether the event was raised before the process died is not known to who raised it: it is raised again.
                await host.Client.RaiseEventAsync("run", "go", "go");
            }

            await UntilOverAsync(world, () => AskAsync(host), () => false);
        }

        var end = await world.EndOfAsync(host, "run");
        Assert.True(end.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"cut at {cutAt}: {end.FailureDetails}");
        Assert.Equal(Expected, end.ReadOutputAs<string>());
        Assert.Equal(["a0", "a1", "a2", "b0", "b1", "b2", "k"], effects.Keys.Order());
        Assert.All(effects.Values, count => Assert.InRange(count, 1, once || cutAt == 0 ? 1 : 2));
        await world.UntilAsync(() => host.Engine.ActiveInstances == 0);
        return writes;
    }

    private static void DefineApp(FakeFunctions app, ConcurrentDictionary<string, int> effects)
    {
        app.Activity("Do", key =>
        {
            effects.AddOrUpdate(key, 1, (_, count) => count + 1);
            return key;
        });
        app.Orchestrator("Kid", async context => "kid:" + await context.CallActivityAsync<string>("Do", "k"));
        app.Orchestrator("Ear", async context =>
        {
            var from = await context.WaitForExternalEvent<string>("speak");
            context.SendEvent(from, "heard", "heard");
            return null;
        });
        app.Orchestrator("Run", async context =>
        {
            var chain = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                chain.Add(await context.CallActivityAsync<string>("Do", $"a{i}"));
            }

            var ear = context.CallSubOrchestratorAsync("Ear", options: new TaskOptions().WithInstanceId("ear"));
            var kid = await context.CallSubOrchestratorAsync<string>("Kid");
            var fan = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Do", $"b{i}")));
            await context.CreateTimer(TimeSpan.FromSeconds(3), CancellationToken.None);
            var go = await context.WaitForExternalEvent<string>("go");
            context.SendEvent("ear", "speak", context.InstanceId);
            var heard = await context.WaitForExternalEvent<string>("heard");
            await ear;
            return $"{string.Join(' ', chain)} | {kid} | {string.Join(',', fan)} | {go} | {heard}";
        });
    }

    private static async Task UntilOverAsync(DurableWorld world, Func<Task<bool>> ask, Func<bool> isCut)
    {
        while (!isCut() && !await world.UntilAsync(ask(), TimeSpan.FromSeconds(1)))
        {
            await DurableWorld.SettleAsync(isCut);
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
