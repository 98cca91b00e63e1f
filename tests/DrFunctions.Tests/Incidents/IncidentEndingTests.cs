using DrFunctions.App.Durable;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using Microsoft.DurableTask;

namespace DrFunctions.App.Incidents;

/// <summary>An alert that arrives while the incident's orchestration ends, in every order of what the two do.</summary>
public sealed class IncidentEndingTests
{
    // What decides: what is stored and read of signals, marks and instances. All else is done at once.
    private static readonly string[] s_turns = ["TryCreate signals/", "List signals/", "TryCreate endings/", "TryDelete endings/", "Read endings/", "Get incident-", "End incident-"];

    [Fact]
    public async Task Alert_WhileTheOrchestrationEnds_IsJudgedWithoutATickInEveryOrder()
    {
        var orders = new AllChoices();
        var (count, waits, anew) = (0, 0, 0);
        do
        {
            var (slept, begun) = await EndAsync(orders);
            Assert.True(++count <= 5000, "too many orders to try");
            waits += slept ? 1 : 0;
            anew += begun > 1 ? 1 : 0;
        }
        while (orders.MoveNext());

        // Ends before, goes on, or is waited for and begins anew: each was among them.
        Assert.InRange(count, 50, 5000);
        Assert.InRange(waits, 1, count - 1);
        Assert.InRange(anew, 1, count - 1);
    }

    [Fact]
    public async Task Wake_AnOrchestrationThatNeverEnds_IsLeftToTheTickAfterTenSeconds() => await Task.Run(async () =>
    {
        // Off the test's context, so that whoever is woken goes on before Wake returns.
        var scene = new RecoveryScene();
        var client = new MemoryTaskClient(scene.Interception);
        var time = new SleepingTime { Busy = 1 };
        var waker = new IncidentWaker(scene.Endings, time);
        await waker.WakeAsync(client, "shop", default);
        await scene.Endings.MarkAsync("shop", default);

        var waking = waker.WakeAsync(client, "shop", default);
        for (var second = 0; second < 10; second++)
        {
            Assert.False(waking.IsCompleted);
            time.Wake(TimeSpan.FromSeconds(1));
        }

        Assert.True(waking.IsCompletedSuccessfully);
        Assert.Equal(["incident-shop"], client.Instances);
    });

    [Fact]
    public async Task Begin_AfterAnEnding_SaysThatItDoesNotEnd()
    {
        var scene = new RecoveryScene();
        Assert.Null(await scene.Desk.OpenAsync("shop", default));
        Assert.True(await scene.Endings.IsMarkedAsync("shop", default));
        await scene.Signals.AddAsync(Signal(scene), default);

        Assert.NotNull(await scene.Desk.BeginAsync("shop", default));

        Assert.False(await scene.Endings.IsMarkedAsync("shop", default));
    }

    private static async Task<(bool Slept, int Begun)> EndAsync(AllChoices orders)
    {
        // Users are elsewhere, so that an incident is closed by its first look.
        var scene = new RecoveryScene();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "by hand"), default);
        var time = new SleepingTime();
        var begun = 0;
        MemoryTaskClient? client = null;
        client = new MemoryTaskClient(scene.Interception)
        {
            Run = async id =>
            {
                begun++;
                time.Busy++;
                await new VirtualOrchestration(scene, () => Task.CompletedTask).RunAsync("shop");
                await scene.Interception.CallAsync($"End {id}", () =>
                {
                    client!.Complete(id);
                    return true;
                });
                time.Busy--;
                time.Wake(TimeSpan.FromMilliseconds(100));
            },
        };
        var waker = new IncidentWaker(scene.Endings, time);
        var interleaving = new Interleaving(orders);
        scene.Interception.Around = (call, moment) =>
            s_turns.Any(turn => call.StartsWith(turn, StringComparison.Ordinal)) ? interleaving.PauseAsync(call, moment) : Task.CompletedTask;

        await interleaving.RunAsync(
            () => client.ScheduleNewOrchestrationInstanceAsync(IncidentOrchestration.Name, null, new StartOrchestrationOptions("incident-shop")), // finds nothing, and ends
            async () =>
            {
                await scene.Signals.AddAsync(Signal(scene), default);
                await waker.WakeAsync(client, "shop", default);
            });
        await client.AllRunAsync();

        scene.Interception.Around = (_, _) => Task.CompletedTask;
        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));
        var incident = Assert.Single(await scene.Incidents.ReadAsync("shop", default));
        Assert.StartsWith("blocked: activeInPrimary", incident.Outcome, StringComparison.Ordinal);
        return (time.HasSlept, begun);
    }

    private static SignalRecord Signal(RecoveryScene scene) => new(
        1,
        new Signal("a", "Example.Alert", "", [scene.Plan.Primary.WebApp], SignalCondition.Fired, MovableClock.Start, MovableClock.Start, "site down"),
        "shop", SignalDisposition.Correlated, "the plan names the resource", "{}");

    /// <summary>Every sequence of choices, one after the other: a depth-first walk.</summary>
    private sealed class AllChoices() : Random(0)
    {
        private readonly List<(int Choice, int Of)> _path = [];
        private int _depth;

        public override int Next(int maxValue)
        {
            if (_depth == _path.Count)
            {
                _path.Add((0, maxValue));
            }

            Assert.Equal(_path[_depth].Of, maxValue); // else what came before was not repeated
            return _path[_depth++].Choice;
        }

        public bool MoveNext()
        {
            while (_path is [.., var (choice, of)] && choice == of - 1)
            {
                _path.RemoveAt(_path.Count - 1);
            }

            _depth = 0;
            if (_path is not [.., var (last, most)])
            {
                return false;
            }

            _path[^1] = (last + 1, most);
            return true;
        }
    }

    /// <summary>Whoever sleeps is woken when something has happened, at once when nothing is under way.</summary>
    private sealed class SleepingTime : TimeProvider
    {
        private readonly List<Action> _sleeping = [];
        private TimeSpan _elapsed;

        public bool HasSlept { get; private set; }

        /// <summary>How many others are under way.</summary>
        public int Busy { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            HasSlept = true;
            _sleeping.Add(() => callback(state));
            if (Busy == 0)
            {
                Wake(dueTime);
            }

            return new Timer();
        }

        public void Wake(TimeSpan after)
        {
            _elapsed += after;
            var woken = _sleeping.ToList();
            _sleeping.Clear();
            woken.ForEach(wake => wake());
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
