using System.Diagnostics;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>What an orchestrator may await, in virtual time, over a store in memory.</summary>
public sealed class DurableEngineTests
{
    [Fact]
    public async Task Orchestration_CallsActivitiesInTurn_EachOnceAndTheResultComesBack()
    {
        await using var world = new DurableWorld();
        world.App.Activity("Add", input => $"{input}+1").Orchestrator("Chain", async context =>
        {
            var value = context.GetInput<string>();
            for (var i = 0; i < 3; i++)
            {
                value = await context.CallActivityAsync<string>("Add", value);
            }

            return value;
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Chain", "0", "one");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("0+1+1+1", end.ReadOutputAs<string>());
        Assert.Equal("0", end.ReadInputAs<string>());
        Assert.Equal(["Add(0)", "Add(0+1)", "Add(0+1+1)"], world.App.Calls);
        Assert.Equal(0, host.Engine.ActiveInstances);
    }

    [Fact]
    public async Task FanOut_RunsActivitiesTogether_AndKeepsTheirOrder()
    {
        await using var world = new DurableWorld();
        var together = 0;
        var most = 0;
        var all = new TaskCompletionSource();
        world.App.Activity("Part", async (input, _) =>
        {
            var now = Interlocked.Increment(ref together);
            most = Math.Max(most, now);
            if (now == 5)
            {
                all.SetResult();
            }

            await all.Task;
            return input!.Value.GetInt32() * 10;
        }).Orchestrator("FanOut", async context =>
            await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<int>("Part", i))));
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "FanOut");

        Assert.Equal([0, 10, 20, 30, 40], end.ReadOutputAs<int[]>()!);
        Assert.Equal(5, most);
    }

    [Fact]
    public async Task Activities_MoreThanTheLimit_NeverRunTogether()
    {
        await using var world = new DurableWorld();
        var together = 0;
        var most = 0;
        world.App.Activity("Part", async (_, ct) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref together));
            await Task.Delay(TimeSpan.FromSeconds(1), world.Time, ct);
            Interlocked.Decrement(ref together);
            return null;
        }).Orchestrator("FanOut", async context =>
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => context.CallActivityAsync("Part", i)));
            return null;
        });
        var host = await world.StartHoldingAsync(configure: options => options.MaxConcurrentActivities = 2);

        await world.RunAsync(host, "FanOut");

        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Timer_OfThirtyDays_FiresInMillisecondsOfRealTime()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Sleep", async context =>
        {
            var from = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromDays(30), CancellationToken.None);
            return (context.CurrentUtcDateTime - from).TotalDays;
        });
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync(id));
        var stopwatch = Stopwatch.StartNew();

        world.Time.Advance(TimeSpan.FromDays(30));
        var end = await world.EndOfAsync(host, id);

        Assert.InRange(end.ReadOutputAs<double>(), 30.0, 30.1);
        Assert.InRange(stopwatch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Timer_Cancelled_DoesNotHoldTheOrchestrationAndNeverFires()
    {
        await using var world = new DurableWorld();
        world.App.Activity("Quick", _ => "done").Orchestrator("Race", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
            var work = context.CallActivityAsync<string>("Quick");
            var first = await Task.WhenAny(timer, work);
            cancel.Cancel();
            await context.CallActivityAsync("Quick");
            return $"{first == work} {timer.IsCanceled}";
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Race");

        Assert.Equal("True True", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Events_RaisedBeforeTheWait_AreKeptInOrder()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Listen", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            var first = await context.WaitForExternalEvent<string>("word");
            var second = await context.WaitForExternalEvent<string>("WORD");
            return $"{first} {second} {await context.WaitForExternalEvent<int?>("number") is null}";
        });
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Listen");

        await host.Client.RaiseEventAsync(id, "word", "hello");
        await host.Client.RaiseEventAsync(id, "Word", "world");
        await host.Client.RaiseEventAsync(id, "number");
        var end = await world.EndOfAsync(host, id);

        Assert.Equal("hello world True", end.ReadOutputAs<string>());
        Assert.Empty((await world.Store.ListAsync("inbox/", null, 10, default)).Documents);
    }

    [Fact]
    public async Task EventWait_TimesOut_WithTaskCanceledException()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Listen", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("word", TimeSpan.FromMinutes(5));
            }
            catch (TaskCanceledException)
            {
                return "too late, then " + await context.WaitForExternalEvent<string>("word");
            }
        });
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Listen");
        await world.UntilAsync(host.Client.WaitForInstanceStartAsync(id));

        world.Time.Advance(TimeSpan.FromMinutes(6));
        await DurableWorld.SettleAsync();
        await host.Client.RaiseEventAsync(id, "word", "hello");
        var end = await world.EndOfAsync(host, id);

        Assert.Equal("too late, then hello", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task SubOrchestration_Completes_ParentGetsItsResultAndTheChildKnowsItsParent()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Child", context => Task.FromResult<object?>($"{context.GetInput<string>()} of {context.Parent!.InstanceId}"))
            .Orchestrator("Parent", async context => new[]
            {
                await context.CallSubOrchestratorAsync<string>("Child", "first", new TaskOptions().WithInstanceId("kid")),
                await context.CallSubOrchestratorAsync<string>("Child", "second"),
            });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Parent", id: "mum");

        Assert.Equal(["first of mum", "second of mum"], end.ReadOutputAs<string[]>()!);
        Assert.True((await host.Client.GetInstanceAsync("kid"))!.IsCompleted);
    }

    [Fact]
    public async Task SubOrchestration_Fails_ParentSeesTheChildsFailure()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Child", _ => throw new TimeoutException("too slow"))
            .Orchestrator("Parent", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Child");
                    return null;
                }
                catch (TaskFailedException e)
                {
                    return $"{e.TaskName} {e.FailureDetails.ErrorMessage} {e.IsCausedByException<TimeoutException>()}";
                }
            });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Parent");

        Assert.Equal("Child too slow True", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task SubOrchestration_WithTheIdOfARunningOne_FailsWithItsName()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("never"))
            .Orchestrator("Parent", async context =>
                await context.CallSubOrchestratorAsync<string>("Wait", options: new SubOrchestrationOptions(instanceId: "taken")));
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("taken"));

        var end = await world.RunAsync(host, "Parent");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("Instance id 'taken' is in use: Wait is", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_WithBackOff_WaitsLongerEachTimeAndStopsAtTheLimit()
    {
        await using var world = new DurableWorld();
        var at = new List<TimeSpan>();
        var start = world.Time.GetUtcNow();
        world.App.Activity("Fail", (_, _) =>
        {
            at.Add(world.Time.GetUtcNow() - start);
            throw new InvalidOperationException($"attempt {at.Count}");
        }).Orchestrator("Try", async context =>
        {
            var policy = new RetryPolicy(4, TimeSpan.FromSeconds(10), 3, TimeSpan.FromSeconds(60));
            return await context.CallActivityAsync<string>("Fail", options: TaskOptions.FromRetryPolicy(policy));
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Try");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("attempt 4", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("System.InvalidOperationException", end.FailureDetails.InnerFailure!.ErrorType);
        Assert.InRange(at[1] - at[0], TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(29));
        Assert.InRange(at[2] - at[1], TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(59));
        Assert.InRange(at[3] - at[2], TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(89));
    }

    [Fact]
    public async Task Retry_HandlerThatRefuses_StopsAtOnce()
    {
        await using var world = new DurableWorld();
        world.App.Activity("Fail", (_, _) => throw new InvalidOperationException("no")).Orchestrator("Try", async context =>
        {
            var policy = new RetryPolicy(5, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() };
            await context.CallActivityAsync("Fail", options: TaskOptions.FromRetryPolicy(policy));
            return null;
        });
        var host = await world.StartHoldingAsync();

        await world.RunAsync(host, "Try");

        Assert.Single(world.App.Calls);
    }

    [Fact]
    public async Task ContinueAsNew_StartsOver_WithTheEventsNobodyHasTaken()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Count", async context =>
        {
            var sum = context.GetInput<int>() + await context.WaitForExternalEvent<int>("add");
            if (sum < 10)
            {
                context.ContinueAsNew(sum);
                return -1;
            }

            return sum;
        });
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Count", 0);

        for (var i = 1; i <= 4; i++)
        {
            await host.Client.RaiseEventAsync(id, "add", i);
        }

        var end = await world.EndOfAsync(host, id);

        Assert.Equal(10, end.ReadOutputAs<int>());
        Assert.Equal(6, end.ReadInputAs<int>());
    }

    [Fact]
    public async Task CustomStatus_IsSeenFromOutside_WhileTheOrchestrationRuns()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Show", async context =>
        {
            context.SetCustomStatus(new { Step = 1 });
            await context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus("over");
            return null;
        });
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Show");

        var running = await world.UntilAsync(host.Client.WaitForInstanceStartAsync(id, true));
        await host.Client.RaiseEventAsync(id, "go");
        var end = await world.EndOfAsync(host, id);

        Assert.Equal("""{"Step":1}""", running.SerializedCustomStatus);
        Assert.True(running.IsRunning);
        Assert.Equal("over", end.ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task Context_InEveryReplay_ShowsTheSameTimesAndIdsAndLogsOnce()
    {
        await using var world = new DurableWorld();
        var seen = new List<string>();
        var replays = new List<bool>();
        world.App.Activity("Work", _ => null).Orchestrator("Stable", async context =>
        {
            seen.Add($"{context.NewGuid()} {context.NewGuid()} {context.CurrentUtcDateTime:O} {context.InstanceId} {context.Name}");
            replays.Add(context.IsReplaying);
#pragma warning disable CA1848, CA2254
            context.CreateReplaySafeLogger("test").LogInformation("begun");
            await context.CallActivityAsync("Work");
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            context.CreateReplaySafeLogger<DurableEngineTests>().LogInformation("ended");
#pragma warning restore CA1848, CA2254
            return context.IsReplaying;
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Stable");

        Assert.False(end.ReadOutputAs<bool>());
        Assert.Equal([false, true, true], replays);
        Assert.Single(seen.Distinct());
        Assert.NotEqual(seen[0].Split(' ')[0], seen[0].Split(' ')[1]);
        Assert.Single(world.Log.Entries, entry => entry.Text == "begun");
        Assert.Single(world.Log.Entries, entry => entry.Text == "ended");
    }

    [Fact]
    public async Task Orchestrator_ThatChangesItsMind_FailsWithBothEventsAndItsName()
    {
        await using var world = new DurableWorld();
        var runs = 0;
        world.App.Activity("A", _ => null).Activity("B", _ => null).Orchestrator("Fickle", async context =>
        {
            await context.CallActivityAsync(Interlocked.Increment(ref runs) == 1 ? "A" : "B");
            return null;
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Fickle", id: "f");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith(
            "Orchestrator 'Fickle' (instance 'f') is not deterministic: its history has TaskScheduled #0 (activity 'A'), "
            + "but its code asked for TaskScheduled #0 (activity 'B').",
            end.FailureDetails!.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_ThatAsksForLessThanItDid_Fails()
    {
        await using var world = new DurableWorld();
        var runs = 0;
        world.App.Activity("A", _ => null).Orchestrator("Shy", async context =>
        {
            if (Interlocked.Increment(ref runs) == 1)
            {
                await context.CallActivityAsync("A");
            }

            await context.WaitForExternalEvent<string>("x");
            return null;
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Shy");

        Assert.Contains("TaskScheduled #0 (activity 'A'), but its code asked for nothing", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_ThatAwaitsSomethingElse_FailsInsteadOfHanging()
    {
        await using var world = new DurableWorld();
        var never = new TaskCompletionSource<string>();
        world.App.Orchestrator("Impure", async _ => await never.Task);
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Impure");

        Assert.Contains("awaits something that its context did not give out", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_ThatTheAppDoesNotHave_FailsTheTaskWithItsName()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Call", async context => await context.CallActivityAsync<string>("Missing"));
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Call");

        Assert.Contains("The app has no activity named 'Missing'.", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargePayloads_LieOutsideTheHistory_AndComeBackWhole()
    {
        await using var world = new DurableWorld();
        var large = new string('x', 200_000);
        world.App.Activity("Grow", input => input + "y").Orchestrator("Large", async context =>
        {
            var grown = await context.CallActivityAsync<string>("Grow", context.GetInput<string>());
            context.SetCustomStatus(grown);
            return grown + await context.WaitForExternalEvent<string>("more");
        });
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Large", large, new StartOrchestrationOptions("large"));
        await host.Client.RaiseEventAsync(id, "more", large);

        var end = await world.EndOfAsync(host, id);
        var document = await world.Store.ReadAsync("instances/large", default);
        await host.Client.PurgeInstanceAsync(id);

        Assert.Equal(large + "y" + large, end.ReadOutputAs<string>());
        Assert.Equal(large + "y", end.ReadCustomStatusAs<string>());
        Assert.InRange(document!.Body.Length, 1, 10_000);
        Assert.Empty((await world.Store.ListAsync("payloads/", null, 10, default)).Documents);
    }

    [Fact]
    public async Task LargePayloads_ContinuedAsNew_LeaveNothingBehind()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Again", context =>
        {
            var input = context.GetInput<string>()!;
            if (input.Length < 300_000)
            {
                context.ContinueAsNew(input + input);
            }

            return Task.FromResult<object?>(input.Length);
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Again", new string('x', 100_000));

        Assert.Equal(400_000, end.ReadOutputAs<int>());
        Assert.Equal(400_000, end.ReadInputAs<string>()!.Length);
        await world.UntilAsync(() => world.Store.ListAsync("payloads/", null, 10, default).Result.Documents.Count == 1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task SendEvent_ToWhatIsNoInstanceId_FailsTheOrchestrator(string? to)
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Sends", context =>
        {
            context.SendEvent(to!, "hello", "from me");
            return Task.FromResult<object?>(null);
        });
        var host = await world.StartHoldingAsync();

        var end = await world.RunAsync(host, "Sends");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains($"Instance id '{to}': expected 1 to 100 characters", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendEvent_BetweenOrchestrations_ArrivesOnce()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Listen", async context =>
            {
                var first = await context.WaitForExternalEvent<string>("hello");
                var second = context.WaitForExternalEvent<string>("hello");
                var timer = context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                return await Task.WhenAny(second, timer) == timer ? first : "twice";
            })
            .Orchestrator("Speak", context =>
            {
                context.SendEvent("listener", "hello", "from me");
                return Task.FromResult<object?>(null);
            });
        var host = await world.StartHoldingAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Listen", new StartOrchestrationOptions("listener"));

        await world.RunAsync(host, "Speak");
        var end = await world.EndOfAsync(host, "listener");

        Assert.Equal("from me", end.ReadOutputAs<string>());
    }
}
