using Microsoft.DurableTask;
using Xunit.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>
/// The store goes wrong at every call there is, before or after its effect, once or for good; the same process, or the next one, ends
/// what was begun.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>How often a call is tried whose number depends on the time a test takes: renewals, looks.</summary>
    private const int OfMany = 3;

    public static TheoryData<FaultKind, bool> Faults => new()
    {
        { FaultKind.Fails, false },
        { FaultKind.Fails, true },
        { FaultKind.Hangs, false },
        { FaultKind.Hangs, true },
        { FaultKind.FailsForGood, false },
        { FaultKind.FailsForGood, true },
        { FaultKind.HangsForGood, false },
        { FaultKind.HangsForGood, true },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Store_GoesWrongAtAnyOfItsCalls_EveryOrchestrationEndsWithEachEffectOnceAndNothingIsLeft(FaultKind kind, bool after)
    {
        var (_, calls) = await CrashScenario.PlayAsync(null);
        var faults = Enumerate(calls, kind, after);
        var struck = 0;
        await Parallel.ForEachAsync(faults, Together, async (fault, _) =>
        {
            if ((await CrashScenario.PlayAsync(fault)).HasStruck)
            {
                Interlocked.Increment(ref struck);
            }
        });
        output.WriteLine($"{struck} of {faults.Count} calls went wrong: {string.Join(", ", faults.GroupBy(fault => fault.Call).Select(call => $"{call.Count()} {call.Key}"))}");

        Assert.InRange(struck, 60, faults.Count);
        Assert.InRange(struck, faults.Count * 9 / 10, faults.Count); // Answers that come together are written together: the count varies a little.
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Store_GoesWrongAtAnyCallWhileEventsCome_EachIsTakenUpOnceAndInOrder(FaultKind kind, bool after)
    {
        var faults = Enumerate((await CollectAsync(null)).Calls, kind, after);
        Assert.InRange(faults.Count, 20, 100);
        await Parallel.ForEachAsync(faults, Together, async (fault, _) =>
        {
            var (got, log, _) = await CollectAsync(fault);
            Assert.True(got == "[1,2,3,4,5,6]", $"{fault}: {got}\n{log}");
        });
    }

    [Fact]
    public async Task Message_TakenUpByTheProcessBeforeAndReadWhileItIsDeleted_IsNotTakenUpAgain()
    {
        await using var world = Collecting(2);
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
        await SettleLongAsync();
        inbox.Open();
        await next.Client.RaiseEventAsync("one", "add", 2);
        var end = await world.EndOfAsync(next, "one");

        Assert.Equal([1, 2], end.ReadOutputAs<int[]>()!);
        await world.UntilAsync(() => world.Store.ListAsync("inbox/", null, 10, default).Result.Documents.Count == 0);
    }

    [Fact]
    public async Task Event_RaisedBeforeTheProcessHeldTheHub_ComesBeforeTheOneItRaisesThen()
    {
        await using var world = Collecting(2);
        var first = await world.StartHoldingAsync();
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Collect", new StartOrchestrationOptions("one"));
        await world.UntilAsync(first.Client.WaitForInstanceStartAsync("one"));
        await first.KillAsync();
        var store = new FaultyStore(world.Store);
        var inbox = store.HoldAnswers("read inbox/");
        var next = await world.StartAsync(store);
        await next.Client.RaiseEventAsync("one", "add", 1);
        await world.UntilAsync(() => inbox.Held > 0);

        await next.Client.RaiseEventAsync("one", "add", 2);
        await SettleLongAsync();
        inbox.Open();
        var end = await world.EndOfAsync(next, "one");

        Assert.Equal([1, 2], end.ReadOutputAs<int[]>()!);
    }

    [Fact]
    public async Task Event_SentByTheProcessBeforeAndNotReadYet_IsNotLostToTheNextOne()
    {
        await using var world = Collecting(2);
        world.App.Orchestrator("Speak", context =>
        {
            context.SendEvent("one", "add", 1);
            context.SendEvent("one", "add", 2);
            return Task.FromResult<object?>(null);
        });
        var dying = new FaultyStore(world.Store) { Fault = new StoreFault("create inbox/one", 2, false, FaultKind.FailsForGood) };
        var first = await world.StartHoldingAsync(dying);
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Collect", new StartOrchestrationOptions("one"));
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Speak");
        await world.UntilAsync(() => dying.HasStruck);
        await first.KillAsync();

        var store = new FaultyStore(world.Store);
        var inbox = store.HoldAnswers("read inbox/");
        var next = await world.StartAsync(store);
        await world.UntilAsync(() => inbox.Held > 0);
        await SettleLongAsync();
        inbox.Open();
        var end = await world.EndOfAsync(next, "one");

        Assert.Equal([1, 2], end.ReadOutputAs<int[]>()!);
    }

    private static DurableWorld Collecting(int count)
    {
        var world = new DurableWorld();
        world.App.Orchestrator("Collect", async context =>
        {
            var got = new List<int>();
            while (got.Count < count)
            {
                got.Add(await context.WaitForExternalEvent<int>("add"));
            }

            return got;
        });
        return world;
    }

    private static async Task SettleLongAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            await DurableWorld.SettleAsync();
        }
    }

    private static ParallelOptions Together => new() { MaxDegreeOfParallelism = 8 };

    private static List<StoreFault> Enumerate(IEnumerable<(string Call, int Occurrence)> calls, FaultKind kind, bool after) =>
    [
        .. calls.Distinct()
            .Where(call => call.Occurrence <= OfMany || !(call.Call.EndsWith(" lease", StringComparison.Ordinal) || call.Call == "list inbox/"))
            .Select(call => new StoreFault(call.Call, call.Occurrence, after, kind)),
    ];

    private static async Task<(string Got, string Log, IReadOnlyList<(string Call, int Occurrence)> Calls)> CollectAsync(StoreFault? fault)
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
        var store = new FaultyStore(world.Store) { Fault = fault };
        await world.StartAsync(store);
        await world.UntilAsync(() => store.HasStruck || world.Hosts.First().Engine.HoldsHub);
        var next = await world.StartAsync();
        var id = await next.Client.ScheduleNewOrchestrationInstanceAsync("Collect", new List<int>());
        for (var i = 1; i <= 6; i++)
        {
            await next.Client.RaiseEventAsync(id, "add", i);
            world.Time.Advance(TimeSpan.FromMilliseconds(600));
            await DurableWorld.SettleAsync();
        }

        var end = await world.EndOfAsync(next, id);
        return (end.SerializedOutput ?? $"{end.RuntimeStatus}", string.Join('\n', store.Log.Concat(world.Log.Lines)), [.. store.Calls]);
    }
}
