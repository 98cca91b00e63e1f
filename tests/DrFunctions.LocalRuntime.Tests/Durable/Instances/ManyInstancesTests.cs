using System.Globalization;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.Testing.Emulators;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable.Instances;

/// <summary>Queries and purges of a hub with many instances, in memory.</summary>
public class ManyInstancesTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many instances there are: one minute apart, every tenth failed, the rest completed.</summary>
    protected virtual int Count => 10_000;

    private protected virtual Task<IHubStore> NewStoreAsync() => Task.FromResult<IHubStore>(new MemoryHubStore());

    [Fact]
    public async Task Query_OfManyInstances_ReadsNoneOfThemAndGivesFullPages()
    {
        var (store, client) = await FillAsync();
        var half = Start.AddMinutes(Count / 2);

        Assert.Equal(Count, await SumAsync(client, new OrchestrationQuery(PageSize: 500), 500));
        Assert.Equal(Count / 10, await SumAsync(client, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed], PageSize: 30), 30));
        Assert.Equal((Count / 2) + 1, await SumAsync(client, new OrchestrationQuery(CreatedTo: half, PageSize: 100), 100));
        Assert.Equal(Count / 2, await SumAsync(client, new OrchestrationQuery(CreatedFrom: half, PageSize: 100), 100));
        Assert.Equal(100, await SumAsync(client, new OrchestrationQuery(InstanceIdPrefix: "run_001", PageSize: 7), 7));
        Assert.Empty(store.Reads);
    }

    [Fact]
    public async Task Query_WithAFilterThatFewMatch_ListsLittle()
    {
        var (store, client) = await FillAsync();
        var last = Start.AddMinutes(Count - 2);

        Assert.Equal(2, await SumAsync(client, new OrchestrationQuery(CreatedFrom: last, PageSize: 10), 10));

        Assert.InRange(store.Lists.Count, 1, 12); // 10, 20, 40 … 5,000: not one for every ten instances.
    }

    [Fact]
    public async Task Query_ContinuedInAnotherProcess_GoesOnWhereItWas()
    {
        var (store, client) = await FillAsync();
        var failed = new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed], PageSize: 9);
        var first = await FirstPageAsync(client, failed);
        var second = await FirstPageAsync(Client(store), failed with { ContinuationToken = first.ContinuationToken });

        Assert.Equal(Enumerable.Range(0, 18).Select(i => Id(i * 10)), first.Values.Concat(second.Values).Select(instance => instance.InstanceId));
        await Assert.ThrowsAsync<ArgumentException>(() => FirstPageAsync(client, failed with { ContinuationToken = "made up" }));
    }

    [Fact]
    public async Task Query_WithInputsAndOutputs_ReadsOnlyThePageAndSeveralAtOnce()
    {
        var (store, client) = await FillAsync();

        var page = await FirstPageAsync(client, new OrchestrationQuery(InstanceIdPrefix: "run_001", PageSize: 50, FetchInputsAndOutputs: true));

        Assert.Equal(Enumerable.Range(100, 50), page.Values.Select(instance => instance.ReadInputAs<int>()));
        Assert.Equal(50, store.Reads.Distinct().Count());
        Assert.Equal(50, store.Reads.Count);
        Assert.InRange(store.MostAtOnce, 1, 16);
    }

    [Fact]
    public async Task Purge_ByFilter_RemovesThoseAndAllThatBelongsToThem()
    {
        var (store, client) = await FillAsync();
        await store.CreateAsync(HubNames.InboxOf(Id(0)) + "stray", new DocumentContent("{}"u8.ToArray()), default);
        await store.CreateAsync(HubNames.InboxOf("other") + "stray", new DocumentContent("{}"u8.ToArray()), default);

        var result = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Failed]));

        Assert.Equal(Count / 10, result.PurgedInstanceCount);
        Assert.Equal(Count - (Count / 10), await SumAsync(client, new OrchestrationQuery(PageSize: 1000), 1000));
        Assert.Empty((await store.ListAsync("payloads/", null, 10, default)).Documents);
        Assert.Equal([HubNames.InboxOf("other") + "stray"], (await store.ListAsync("inbox/", null, 10, default)).Documents.Select(d => d.Name));
    }

    private async Task<(CountingStore Store, LocalDurableTaskClient Client)> FillAsync()
    {
        var store = new CountingStore(await NewStoreAsync());
        var client = Client(store);
        var repository = new InstanceRepository(new StoreCall(
            new StoreGuard(store, TimeProvider.System, NullLogger.Instance), Timeout.InfiniteTimeSpan));
        var before = Enumerable.Range(0, Count);
        await Parallel.ForEachAsync(before, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, ct) =>
        {
            var state = InstanceState.New("Run", Id(i), $"e{i}", Payload.Of(i.ToString(CultureInfo.InvariantCulture)), Start.AddMinutes(i));
            state.Arrived.Clear();
            state.Status = i % 10 == 0 ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed;
            state.Output = i == 10 ? Payload.Of($"\"{new string('x', 70_000)}\"") : null;
            Assert.NotNull(await repository.SaveAsync(state, null, ct));
        });
        store.Reads.Clear();
        store.Lists.Clear();
        return (store, client);
    }

    private static LocalDurableTaskClient Client(IHubStore store)
    {
        var options = new DurableOptions();
        var app = new FakeFunctions();
        return new LocalDurableTaskClient(
            new DurableEngine(options, app, store, TimeProvider.System, NullLoggerFactory.Instance), app, options, TimeProvider.System);
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"run_{i:D5}");

    private static async Task<int> SumAsync(LocalDurableTaskClient client, OrchestrationQuery query, int pageSize)
    {
        var pages = new List<int>();
        var ids = new HashSet<string>();
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages())
        {
            pages.Add(page.Values.Count);
            Assert.All(page.Values, instance => Assert.True(ids.Add(instance.InstanceId), $"{instance.InstanceId} came twice"));
        }

        Assert.All(pages.SkipLast(1), size => Assert.Equal(pageSize, size));
        return ids.Count;
    }

    private static async Task<Page<OrchestrationMetadata>> FirstPageAsync(LocalDurableTaskClient client, OrchestrationQuery query)
    {
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages())
        {
            return page;
        }

        throw new InvalidOperationException("There is no page.");
    }
}

/// <summary>The same on real blobs.</summary>
public sealed class AzuriteManyInstancesTests(AzuriteFixture azurite) : ManyInstancesTests, IClassFixture<AzuriteFixture>
{
    private static int _hubs;

    /// <inheritdoc />
    protected override int Count => 400;

    private protected override async Task<IHubStore> NewStoreAsync()
    {
        var store = BlobHubStore.Connect(azurite.Server.ConnectionString, $"many{Interlocked.Increment(ref _hubs)}");
        await store.EnsureCreatedAsync(default);
        return store;
    }
}
