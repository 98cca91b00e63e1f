using DrFunctions.LocalRuntime.Durable.Leases;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Tests.Durable;

public sealed class TwoHostsTests
{
    [Fact]
    public async Task Hub_WithTwoHosts_IsHeldByOneAndEveryRequestOfTheOtherIsServed()
    {
        await using var world = Waiting();
        var first = await world.StartHoldingAsync();
        var second = await world.StartAsync();
        await world.UntilAsync(() => world.Log.Count(2002) == 1);

        var id = await second.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await world.UntilAsync(second.Client.WaitForInstanceStartAsync(id));
        await second.Client.RaiseEventAsync(id, "go", "from the other");
        var end = await world.EndOfAsync(second, id);

        Assert.Equal("from the other", end.ReadOutputAs<string>());
        Assert.True(first.Engine.HoldsHub);
        Assert.False(second.Engine.HoldsHub);
        await world.UntilAsync(() => world.Store.ListAsync("inbox/", null, 10, default).Result.Documents.Count == 0);
    }

    [Fact]
    public async Task Host_StoppedCleanly_HandsOverWithoutWaitingForTheLease()
    {
        await using var world = Waiting();
        var first = await world.StartHoldingAsync();
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await world.UntilAsync(first.Client.WaitForInstanceStartAsync(id));
        var second = await world.StartAsync();
        await world.UntilAsync(() => world.Log.Count(2002) == 1);

        await world.UntilAsync(Done(first.StopAsync()));
        var stopped = world.Time.GetUtcNow();
        await world.UntilAsync(() => second.Engine.HoldsHub);

        Assert.InRange(world.Time.GetUtcNow() - stopped, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        await second.Client.RaiseEventAsync(id, "go", "on");
        Assert.Equal("on", (await world.EndOfAsync(second, id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Host_Killed_IsFollowedWithinTheLeaseTime()
    {
        await using var world = Waiting();
        var first = await world.StartHoldingAsync();
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await world.UntilAsync(first.Client.WaitForInstanceStartAsync(id));

        await first.KillAsync();
        var started = world.Time.GetUtcNow();
        var second = await world.StartHoldingAsync();

        Assert.InRange(world.Time.GetUtcNow() - started, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20));
        await second.Client.RaiseEventAsync(id, "go", "on");
        Assert.Equal("on", (await world.EndOfAsync(second, id)).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Host_KilledWhoseClockIsTenMinutesOff_IsFollowedInTimeAndItsTimersAreOffByThatMuch(int minutes)
    {
        await using var world = new DurableWorld();
        world.App.Activity("Do", _ => null).Orchestrator("Sleep", async context =>
        {
            var times = new List<DateTime> { context.CurrentUtcDateTime };
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            times.Add(context.CurrentUtcDateTime);
            await context.CallActivityAsync("Do");
            times.Add(context.CurrentUtcDateTime);
            return times;
        });
        var off = await world.StartAsync(clockOffset: TimeSpan.FromMinutes(minutes));
        await world.UntilAsync(() => off.Engine.HoldsHub);
        await off.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", new StartOrchestrationOptions("s"));
        await world.UntilAsync(off.Client.WaitForInstanceStartAsync("s"));
        var begun = world.Time.GetUtcNow();

        await off.KillAsync();
        var next = await world.StartHoldingAsync();
        var taken = world.Time.GetUtcNow();
        await world.UntilAsync(() => next.Client.GetInstanceAsync("s").Result!.IsCompleted, TimeSpan.FromSeconds(2));
        var slept = world.Time.GetUtcNow() - begun;
        var times = (await world.EndOfAsync(next, "s")).ReadOutputAs<DateTime[]>()!;

        Assert.InRange(taken - begun, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)); // The lease knows no clock.
        Assert.InRange(slept, TimeSpan.FromMinutes(Math.Max(0, 1 + minutes)), TimeSpan.FromMinutes(Math.Max(0, 1 + minutes) + 1));
        Assert.Equal(times.Order(), times); // An orchestration's time never goes back, whoever's clock it is.
    }

    [Fact]
    public async Task Host_PausedWhileAnotherTakesTheHub_IsFencedWhenItWakes()
    {
        await using var world = Waiting();
        var gate = new TaskCompletionSource();
        world.App.Activity("Slow", async (_, _) =>
        {
            var mine = world.App.Calls.Count;
            await (mine == 1 ? gate.Task : Task.CompletedTask);
            return $"call {mine}";
        }).Orchestrator("Call", async context =>
            await context.CallActivityAsync<string>("Slow") + await context.WaitForExternalEvent<string>("go"));
        var store = new FaultyStore(world.Store);
        var stale = await world.StartHoldingAsync(store);
        var id = await stale.Client.ScheduleNewOrchestrationInstanceAsync("Call");
        await world.UntilAsync(() => world.App.Calls.Count == 1);

        store.Pause();
        gate.SetResult(); // Its answer is about to be written: the write hangs in the paused process.
        await DurableWorld.SettleAsync();
        var next = await world.StartAsync();
        await world.UntilAsync(() => next.Engine.HoldsHub);
        await world.UntilAsync(() => world.App.Calls.Count == 2);
        await DurableWorld.SettleAsync();
        store.Continue();
        await world.UntilAsync(() => world.Log.Count(2003) >= 1);
        await next.Client.RaiseEventAsync(id, "go", "!");
        var end = await world.EndOfAsync(next, id);

        Assert.Equal("call 2!", end.ReadOutputAs<string>());
        Assert.False(stale.Engine.HoldsHub);
        Assert.True(next.Engine.HoldsHub);
    }

    [Fact]
    public async Task Host_PausedWhileAnotherTakesTheHub_StartsNoActivityThatWaitedForItsPlace()
    {
        await using var world = Waiting();
        var (gate, calls) = (new TaskCompletionSource(), 0);
        world.App.Activity("Slow", async (_, _) =>
        {
            await (Interlocked.Increment(ref calls) == 1 ? gate.Task : Task.CompletedTask);
            return null;
        }).Orchestrator("Two", async context =>
        {
            await Task.WhenAll(context.CallActivityAsync("Slow"), context.CallActivityAsync("Slow"));
            return null;
        });
        var store = new FaultyStore(world.Store);
        var stale = await world.StartHoldingAsync(store, options => options.MaxConcurrentActivities = 1);
        var id = await stale.Client.ScheduleNewOrchestrationInstanceAsync("Two");
        await world.UntilAsync(() => calls == 1);

        store.Pause();
        var next = await world.StartHoldingAsync();
        await world.EndOfAsync(next, id);
        Assert.Equal(3, calls); // Both again.
        Assert.False(stale.Engine.HoldsHub);
        gate.SetResult(); // It wakes up, and does not know yet.
        await DurableWorld.SettleAsync();
        store.Continue();
        await world.UntilAsync(() => world.Log.Count(2003) >= 1);

        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Host_PausedInTheMiddleOfAWrite_IsRefusedThoughNothingHasHappenedSinceTheTakeOver()
    {
        await using var world = Waiting();
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        world.App.Activity("Slow", async (_, _) =>
        {
            var call = world.App.Calls.Count;
            await gates[call - 1].Task;
            return $"call {call}";
        }).Orchestrator("Call", async context => await context.CallActivityAsync<string>("Slow"));
        var store = new FaultyStore(world.Store) { HoldOnly = "replace instances/held" };
        var stale = await world.StartHoldingAsync(store);
        await stale.Client.ScheduleNewOrchestrationInstanceAsync("Call", new StartOrchestrationOptions("held"));
        await world.UntilAsync(() => world.App.Calls.Count == 1);
        store.Pause();
        gates[0].SetResult();
        await world.UntilAsync(() => store.Held > 0); // The answer of the first call is on its way to the store.
        var lease = await world.Store.ReadAsync("lease", default);
        var free = LeaseRecord.Parse(lease!.Body) with { Owner = "" }; // As if the process had slept for longer than the lease time.
        await world.Store.ReplaceAsync("lease", new DocumentContent(free.ToBytes()), lease.ETag, default);

        var next = await world.StartHoldingAsync();
        await world.UntilAsync(() => world.App.Calls.Count == 2);
        store.Continue();
        await world.UntilAsync(() => store.Log.Contains("refused replace instances/held"));
        gates[1].SetResult();
        var end = await world.EndOfAsync(next, "held");

        Assert.Equal("call 2", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Orchestrator_ReplayedByAnotherHost_SeesTheSameTimesAndIds()
    {
        await using var world = Waiting();
        var seen = new List<string>();
        world.App.Orchestrator("Stable", async context =>
        {
            var first = $"{context.NewGuid()} {context.CurrentUtcDateTime:O}";
            await context.WaitForExternalEvent<string>("one");
            seen.Add($"{first} {context.NewGuid()} {context.CurrentUtcDateTime:O}");
            await context.WaitForExternalEvent<string>("two");
            return null;
        });
        var first = await world.StartHoldingAsync();
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Stable");
        await first.Client.RaiseEventAsync(id, "one");
        await world.UntilAsync(() => seen.Count == 1 && world.Store.ListAsync("inbox/", null, 9, default).Result.Documents.Count == 0);
        await first.KillAsync(); // The turn is written: its message is gone.

        var second = await world.StartHoldingAsync();
        await second.Client.RaiseEventAsync(id, "two");
        await world.EndOfAsync(second, id);

        Assert.True(seen.Count > 1);
        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task Stop_WaitsForRunningActivities_AndKeepsTheirResults()
    {
        await using var world = Waiting();
        var entered = new TaskCompletionSource();
        world.App.Activity("Slow", async (_, ct) =>
        {
            entered.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, ct);
            }
            catch (OperationCanceledException)
            {
                return "cut short, but done";
            }

            return null;
        }).Orchestrator("Call", async context => await context.CallActivityAsync<string>("Slow"));
        var first = await world.StartHoldingAsync();
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Call");
        await world.UntilAsync(Done(entered.Task));

        await world.UntilAsync(Done(first.StopAsync()));
        var found = await first.Client.GetInstanceAsync(id, true);

        Assert.Equal("cut short, but done", found!.ReadOutputAs<string>());
        Assert.Single(world.App.Calls);
    }

    [Fact]
    public async Task Activity_StoppedWithItsHost_RunsAgainWithTheNext()
    {
        await using var world = Waiting();
        world.App.Activity("Slow", async (_, ct) =>
        {
            if (world.App.Calls.Count == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, ct);
            }

            return "second time";
        }).Orchestrator("Call", async context => await context.CallActivityAsync<string>("Slow"));
        var first = await world.StartHoldingAsync();
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Call");
        await world.UntilAsync(() => world.App.Calls.Count == 1);

        await world.UntilAsync(Done(first.StopAsync()));
        var second = await world.StartHoldingAsync();
        var end = await world.EndOfAsync(second, id);

        Assert.Equal("second time", end.ReadOutputAs<string>());
        Assert.Equal(2, world.App.Calls.Count);
    }

    [Fact]
    public async Task Store_SilentForAMinute_IsOneWarningAndNothingIsLostOrDoneTwice()
    {
        await using var world = Waiting();
        world.App.Activity("Step", input => input).Orchestrator("Steps", async context =>
        {
            for (var i = 0; i < 3; i++)
            {
                await context.CallActivityAsync("Step", i);
                await context.CreateTimer(TimeSpan.FromSeconds(10), CancellationToken.None);
            }

            return "end";
        });
        var store = new FaultyStore(world.Store);
        var host = await world.StartHoldingAsync(store);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Steps");
        await world.UntilAsync(() => world.App.Calls.Count == 1);

        store.IsDown = true;
        for (var i = 0; i < 60; i++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await DurableWorld.SettleAsync();
        }

        store.IsDown = false;
        var end = await world.EndOfAsync(host, id);

        Assert.Equal("end", end.ReadOutputAs<string>());
        Assert.Equal(["Step(0)", "Step(1)", "Step(2)"], world.App.Calls);
        Assert.Equal(1, world.Log.Count(2101));
        Assert.Equal(1, world.Log.Count(2102));
    }

    [Fact]
    public async Task Store_ThatNeverAnswers_DoesNotHangTheHost()
    {
        await using var world = Waiting();
        var store = new FaultyStore(world.Store);
        store.Pause();
        await world.StartAsync(store);

        // The calls ignore their tokens, as a dead connection may; the silence is noticed all the same.
        await world.UntilAsync(() => world.Log.Count(2101) == 1);
    }

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private static DurableWorld Waiting()
    {
        var world = new DurableWorld();
        world.App.Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"));
        return world;
    }
}
