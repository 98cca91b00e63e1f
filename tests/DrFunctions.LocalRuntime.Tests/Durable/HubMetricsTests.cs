using DrFunctions.LocalRuntime.Telemetry;
using DrFunctions.LocalRuntime.Tests.Durable;

namespace DrFunctions.LocalRuntime.Durable;

public sealed class HubMetricsTests : IDisposable
{
    private static int _hubs;
    private readonly string _hub = $"measured{Interlocked.Increment(ref _hubs)}";
    private readonly RecordedMetrics _metrics;

    public HubMetricsTests() => _metrics = new RecordedMetrics("durabletask.task_hub", _hub);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Activities_ThatWaitForASlot_AreSeenUntilTheyRun()
    {
        await using var world = new DurableWorld();
        var open = new TaskCompletionSource();
        world.App
            .Orchestrator("Fan", async context =>
            {
                await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => context.CallActivityAsync("Slow")));
                return null;
            })
            .Activity("Slow", async (_, _) =>
            {
                await open.Task;
                return null;
            });
        var host = await StartAsync(world, options => options.MaxConcurrentActivities = 1);

        var end = world.RunAsync(host, "Fan");
        await world.UntilAsync(() => _metrics.Sum("durabletask.activities.waiting") == 2);
        Assert.Equal(1, _metrics.Sum("durabletask.activities.running", "durabletask.task.name=Slow"));
        open.SetResult();
        await world.UntilAsync(end);

        await Eventually.HoldsAsync(() => _metrics.Sum("durabletask.activities.running") == 0, "none runs");
        Assert.Equal(0, _metrics.Sum("durabletask.activities.waiting"));
        Assert.Equal(3, _metrics.Values("durabletask.activity.wait").Count());
        await Eventually.HoldsAsync(() => _metrics.Sum("durabletask.orchestrations", "durabletask.task.name=Fan outcome=Completed") == 1, "its end is counted");
        await Eventually.HoldsAsync(() => _metrics.Sum("durabletask.orchestrators.running") == 0, "no orchestrator is at work");
        Assert.Equal(0, _metrics.Sum("durabletask.orchestrators.waiting"));
        Assert.InRange(_metrics.Values("durabletask.turn.duration", "durabletask.task.name=Fan").Count(), 2, 4);
        Assert.Equal(_metrics.Values("durabletask.history.size").Order(), _metrics.Values("durabletask.history.size"));
    }

    [Fact]
    public async Task DurableTimer_ThatFiresLate_ShowsByHowMuch()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Sleep", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(10), CancellationToken.None);
            return null;
        });
        var first = await StartAsync(world);
        var id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
        await world.UntilAsync(first.Client.WaitForInstanceStartAsync(id));
        await first.KillAsync();
        world.Time.Advance(TimeSpan.FromMinutes(30));

        await world.EndOfAsync(await StartAsync(world), id);

        Assert.InRange(Assert.Single(_metrics.Values("durabletask.timer.lateness")), 20 * 60, 21 * 60);
    }

    [Fact]
    public async Task Hub_ThatChangesHands_IsCounted()
    {
        await using var world = new DurableWorld();
        var first = await StartAsync(world);
        Assert.Equal(1, _metrics.Sum("durabletask.hub.held"));

        await first.StopAsync();
        Assert.Equal(0, _metrics.Sum("durabletask.hub.held"));
        await StartAsync(world);

        Assert.Equal(1, _metrics.Sum("durabletask.hub.held"));
        Assert.Equal(2, _metrics.Sum("durabletask.hub.takeovers"));
        Assert.Equal(0, _metrics.Sum("durabletask.hub.losses"));
    }

    [Fact]
    public async Task Store_IsMeasuredByOperationAndOutcome()
    {
        await using var world = new DurableWorld();
        var store = new FaultyStore(world.Store);
        world.App.Orchestrator("Nothing", _ => Task.FromResult<object?>(null));
        var host = await world.StartHoldingAsync(store, options => options.HubName = _hub);
        await world.RunAsync(host, "Nothing", id: "one");

        Assert.Null(await host.Client.GetInstancesAsync("other"));

        Assert.InRange(_metrics.Values("durabletask.store.duration", "operation=list outcome=ok").Count(), 1, int.MaxValue);
        Assert.Equal(2, _metrics.Values("durabletask.store.duration", "operation=create outcome=ok").Count()); // the lease, the instance
        Assert.Contains("operation=read outcome=not_found", _metrics.Tags);
        Assert.DoesNotContain(_metrics.Tags, tags => tags.Contains("one", StringComparison.Ordinal));
    }

    private Task<DurableWorld.Host> StartAsync(DurableWorld world, Action<DurableOptions>? configure = null) => world.StartHoldingAsync(configure: options =>
    {
        options.HubName = _hub;
        configure?.Invoke(options);
    });
}
