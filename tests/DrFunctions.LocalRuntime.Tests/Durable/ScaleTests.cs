using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Xunit.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>What many instances and many activities cost the process that runs them.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task FinishedInstances_LeaveNothingInTheEngine()
    {
        await using var world = new DurableWorld();
        world.App.Activity("Echo", input => input)
            .Orchestrator("Child", async context => await context.CallActivityAsync<string>("Echo", "x"))
            .Orchestrator("Parent", async context =>
            {
                await context.CallSubOrchestratorAsync<string>("Child");
                await context.WaitForExternalEvent<string>("go");
                context.SendEvent("nobody", "word", "x");
                return null;
            });
        var host = await world.StartHoldingAsync();
        var other = await world.StartAsync();
        await FinishAsync(world, host, other, 0, 40);
        var few = Objects(world, host, other);

        await FinishAsync(world, host, other, 40, 400);
        var many = Objects(world, host, other);

        output.WriteLine($"{few} objects after 40 instances, {many} after 400");
        Assert.InRange(many - few, -100, 100); // One object for each that has ended would be 360.
    }

    [Fact]
    public async Task WaitingForInstancesThatHaveEnded_LeavesNothingInTheEngine()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Quick", _ => Task.FromResult<object?>("x"));
        var host = await world.StartHoldingAsync();
        for (var i = 0; i < 3; i++)
        {
            await world.RunAsync(host, "Quick", id: $"q{i}");
            await world.EndOfAsync(host, $"q{i}");
        }

        Assert.Equal(0, host.Engine.Signals.Watched);
    }

    [Fact]
    public async Task InstanceWrittenSinceItWasCreated_IsReadAnew_AndTheHubStays()
    {
        await using var world = new DurableWorld();
        world.App.Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"))
            .Orchestrator("Quick", _ => Task.FromResult<object?>("x"));
        var store = new LateAnswers(world.Store, "instances/late");
        var host = await world.StartHoldingAsync(store);

        var start = host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("late"));
        await world.UntilAsync(() => store.IsWaiting);
        await host.Client.RaiseEventAsync("late", "go", "gone");
        var end = await world.EndOfAsync(host, "late");
        await world.UntilAsync(() => host.Engine.ActiveInstances == 0);
        store.Answer();
        await start;
        await world.UntilAsync(() => host.Engine.ActiveInstances == 0);
        var after = await world.RunAsync(host, "Quick", id: "after");

        Assert.Equal("gone", end.ReadOutputAs<string>());
        Assert.True(after.IsCompleted);
        Assert.Equal(1, host.Engine.Fence); // It has held the hub all the time.
    }

    [Fact]
    public async Task Orchestrators_MoreThanTheLimit_NeverAtOnce_AndThoseThatWaitHoldNoSlot()
    {
        const int Limit = 2;
        const int Count = 60;
        await using var world = new DurableWorld();
        world.App.Activity("Echo", input => input).Orchestrator("Wait", async context =>
        {
            var first = await context.CallActivityAsync<string>("Echo", "a");
            return first + await context.WaitForExternalEvent<string>("go");
        });
        var store = new CountingStore(world.Store); // A turn's write belongs to the turn.
        var host = await world.StartHoldingAsync(store, options => options.MaxConcurrentOrchestrators = Limit);
        var ids = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            ids.Add(await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait"));
        }

        await world.UntilAsync(() => world.App.Calls.Count == Count); // All have begun, far more than the limit, and all wait.
        await Task.WhenAll(ids.Select(id => host.Client.RaiseEventAsync(id, "go", "b")));

        foreach (var id in ids)
        {
            Assert.Equal("ab", (await world.EndOfAsync(host, id)).ReadOutputAs<string>());
        }

        Assert.InRange(store.MostReplacing, 1, Limit);
    }

    [Fact]
    public async Task Activities_ManyWaiting_AreAllDoneAndNeverMoreThanTheLimitAtOnce()
    {
        const int Limit = 8;
        const int Count = 5000;
        await using var world = new DurableWorld();
        var (now, most) = (0, 0);
        var another = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.App.Activity("Part", async (_, token) =>
        {
            var running = Interlocked.Increment(ref now);
            most = Math.Max(most, running);
            if (running > 1)
            {
                another.TrySetResult();
            }

            // The first ones end when there is another one beside them.
            await another.Task.WaitAsync(TimeSpan.FromSeconds(30), token);
            Interlocked.Decrement(ref now);
            return 1;
        }).Orchestrator("FanOut", async context =>
            (await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => context.CallActivityAsync<int>("Part")))).Sum());
        var host = await world.StartHoldingAsync(configure: options => options.MaxConcurrentActivities = Limit);

        var end = await world.RunAsync(host, "FanOut");

        Assert.Equal(Count, end.ReadOutputAs<int>());
        Assert.Equal(Count, world.App.Calls.Count);
        Assert.InRange(most, 2, Limit);
    }

    private static async Task FinishAsync(DurableWorld world, DurableWorld.Host host, DurableWorld.Host other, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var starter = i % 2 == 0 ? host : other;
            var id = await starter.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions($"p{i}"));
            await starter.Client.RaiseEventAsync(id, "go");
        }

        for (var i = from; i < to; i++)
        {
            Assert.True((await world.EndOfAsync(host, $"p{i}")).IsCompleted);
        }

        await world.UntilAsync(() => host.Engine.ActiveInstances == 0
            && world.Store.ListAsync(HubNames.Inbox, null, 1, default).Result.Documents.Count == 0);
    }

    private static int Objects(DurableWorld world, params DurableWorld.Host[] hosts) =>
        ObjectGraph.Count(hosts.SelectMany(host => new object[] { host.Engine, host.Client }), world.Store, world.App, world.Time, world.Log);

    /// <summary>Keeps the answer of one create back, after the effect.</summary>
    private sealed class LateAnswers(IHubStore store, string name) : IHubStore
    {
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isWaiting;

        public bool IsWaiting => _isWaiting;

        public void Answer() => _answer.SetResult();

        public Task EnsureCreatedAsync(CancellationToken ct) => store.EnsureCreatedAsync(ct);

        public Task<StoredDocument?> ReadAsync(string document, CancellationToken ct) => store.ReadAsync(document, ct);

        public Task<string?> ReplaceAsync(string document, DocumentContent content, string etag, CancellationToken ct) =>
            store.ReplaceAsync(document, content, etag, ct);

        public Task<bool> DeleteAsync(string document, string? etag, CancellationToken ct) => store.DeleteAsync(document, etag, ct);

        public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
            store.ListAsync(prefix, continuation, pageSize, ct);

        public async Task<string?> CreateAsync(string document, DocumentContent content, CancellationToken ct)
        {
            var written = await store.CreateAsync(document, content, ct);
            if (document == name)
            {
                _isWaiting = true;
                await _answer.Task.WaitAsync(ct);
            }

            return written;
        }
    }
}
