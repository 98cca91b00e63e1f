using System.Collections.Concurrent;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>A long history lies in documents that are written once; what is written every turn stays small.</summary>
public sealed class SealedHistoryTests
{
    private const int Steps = 30;
    private static readonly string Part = new('x', 10_000);

    [Fact]
    public async Task LongHistory_IsSealed_SoThatATurnWritesASmallDocument()
    {
        await using var world = Long();
        var store = new MeasuringStore(world.Store);
        var host = await world.StartHoldingAsync(store);

        var end = await world.RunAsync(host, "Long", id: "long");

        Assert.Equal(Steps * Part.Length, end.ReadOutputAs<int>());
        Assert.InRange(store.Largest("instances/"), 1, HistoryLog.LongestTail + 2000);
        var sealedParts = await NamesAsync(world, "payloads/long/");
        Assert.InRange(sealedParts.Count, Steps * Part.Length / (HistoryLog.LongestTail + 12_000), 8);
        Assert.All(sealedParts, name => Assert.Contains("/history-", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LongHistory_HostKilledInTheMiddle_TheNextOneReadsItWholeAndRepeatsNothing()
    {
        await using var world = Long();
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("LongThenWait", new StartOrchestrationOptions("long"));
        await world.UntilAsync(() => host.Client.GetInstanceAsync(id, true).Result?.SerializedCustomStatus is not null);
        await host.KillAsync();

        var next = await world.StartHoldingAsync();
        await next.Client.RaiseEventAsync(id, "go");
        var end = await world.EndOfAsync(next, id);

        Assert.Equal(Steps * Part.Length, end.ReadOutputAs<int>());
        Assert.Equal(Steps, world.App.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LongHistory_ProcessDiesAtAnyWrite_NothingIsLost(bool afterTheEffect)
    {
        for (var at = 1; at <= 14; at++)
        {
            await using var world = Long();
            var store = new FaultyStore(world.Store)
            {
                Fault = new StoreFault(StoreFault.AnyWrite, at, afterTheEffect, FaultKind.FailsForGood),
            };
            var dying = await world.StartHoldingAsync(store, Configure);
            var started = dying.Client.ScheduleNewOrchestrationInstanceAsync("Short", new StartOrchestrationOptions("short"));
            await world.UntilAsync(() => store.IsDown || (started.IsCompleted && dying.Engine.ActiveInstances == 0));
            await dying.KillAsync();

            var next = await world.StartHoldingAsync(configure: Configure);
            if (await next.Client.GetInstanceAsync("short") is null)
            {
                await next.Client.ScheduleNewOrchestrationInstanceAsync("Short", new StartOrchestrationOptions("short"));
            }

            Assert.Equal(9 * Part.Length, (await world.EndOfAsync(next, "short")).ReadOutputAs<int>());
        }
    }

    [Fact]
    public async Task LongHistory_ContinuedAsNewOrPurged_LeavesNothingBehind()
    {
        await using var world = Long();
        var host = await world.StartHoldingAsync();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("LongTwice", 1, new StartOrchestrationOptions("twice"));
        var end = await world.EndOfAsync(host, id);
        await world.UntilAsync(() => host.Engine.ActiveInstances == 0);
        var left = await NamesAsync(world, "payloads/");

        await host.Client.PurgeInstanceAsync(id);

        Assert.Equal(Steps * Part.Length, end.ReadOutputAs<int>());
        Assert.NotEmpty(left);
        Assert.Single(left.Select(name => name.Split('/')[2]).Distinct()); // The last execution's.
        Assert.Empty(await NamesAsync(world, "payloads/"));
        Assert.Empty(await NamesAsync(world, "instances/"));
    }

    private static void Configure(LocalRuntime.Durable.DurableOptions options)
    {
        options.ClientPatience = TimeSpan.FromSeconds(1);
        options.LeaseTime = TimeSpan.FromSeconds(2);
        options.RenewInterval = TimeSpan.FromMilliseconds(500);
    }

    private static DurableWorld Long()
    {
        var world = new DurableWorld();
        world.App.Activity("Part", _ => Part)
            .Orchestrator("Long", async context => await SumAsync(context, Steps))
            .Orchestrator("Short", async context => await SumAsync(context, 9))
            .Orchestrator("LongThenWait", async context =>
            {
                var sum = await SumAsync(context, Steps);
                context.SetCustomStatus("waiting");
                await context.WaitForExternalEvent<string>("go");
                return sum;
            })
            .Orchestrator("LongTwice", async context =>
            {
                var sum = await SumAsync(context, Steps);
                if (context.GetInput<int>() > 0)
                {
                    context.ContinueAsNew(0);
                }

                return sum;
            });
        return world;
    }

    private static async Task<int> SumAsync(TaskOrchestrationContext context, int steps)
    {
        var sum = 0;
        for (var i = 0; i < steps; i++)
        {
            sum += (await context.CallActivityAsync<string>("Part", i)).Length;
        }

        return sum;
    }

    private static async Task<List<string>> NamesAsync(DurableWorld world, string prefix) =>
        [.. (await world.Store.ListAsync(prefix, null, 1000, default)).Documents.Select(document => document.Name)];

    /// <summary>Notes how large the documents are that are written.</summary>
    private sealed class MeasuringStore(IHubStore store) : IHubStore
    {
        private readonly ConcurrentQueue<(string Name, int Bytes)> _written = new();

        public int Largest(string prefix) =>
            _written.Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal)).Max(one => one.Bytes);

        public Task EnsureCreatedAsync(CancellationToken ct) => store.EnsureCreatedAsync(ct);

        public Task<StoredDocument?> ReadAsync(string name, CancellationToken ct) => store.ReadAsync(name, ct);

        public Task<DocumentPage> ListAsync(string prefix, string? continuation, int pageSize, CancellationToken ct) =>
            store.ListAsync(prefix, continuation, pageSize, ct);

        public Task<bool> DeleteAsync(string name, string? etag, CancellationToken ct) => store.DeleteAsync(name, etag, ct);

        public Task<string?> CreateAsync(string name, DocumentContent content, CancellationToken ct)
        {
            _written.Enqueue((name, content.Body.Length));
            return store.CreateAsync(name, content, ct);
        }

        public Task<string?> ReplaceAsync(string name, DocumentContent content, string etag, CancellationToken ct)
        {
            _written.Enqueue((name, content.Body.Length));
            return store.ReplaceAsync(name, content, etag, ct);
        }
    }
}
