using System.Globalization;
using DrFunctions.LocalRuntime.Durable.History;
using DrFunctions.LocalRuntime.Durable.Instances;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>A hub full of instances that have ended, a second apart, every tenth failed: queries, purges and the take-over.</summary>
internal sealed class FinishedHub(IHubStore store, string name)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly InstanceRepository _instances =
        new(new StoreCall(new StoreGuard(store, TimeProvider.System, NullLogger.Instance), Timeout.InfiniteTimeSpan));

    /// <summary>Writes so many.</summary>
    public async Task FillAsync(int count)
    {
        await store.EnsureCreatedAsync(CancellationToken.None);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = RunningEngine.AtOnce }, async (i, ct) =>
        {
            var state = New(i.ToString("D6", CultureInfo.InvariantCulture), Start.AddSeconds(i));
            state.Arrived.Clear();
            state.Status = i % 10 == 0 ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed;
            await _instances.SaveAsync(state, null, ct);
        });
    }

    /// <summary>Measures the time until an instance that waits for a host, the last of the listing, has run.</summary>
    public async Task MeasureTakeOverAsync(Measurements measured, int count)
    {
        await _instances.SaveAsync(New("zz", Start), null, CancellationToken.None);
        RunningEngine? next = null;
        await measured.SecondsAsync(FormattableString.Invariant($"{name}: take-over of a hub of {count:#,0} finished instances"), async () =>
        {
            next = await RunningEngine.StartAsync(store);
            await next.Client.WaitForInstanceCompletionAsync("zz");
        });
        await using (next)
        {
            await next!.Client.PurgeInstanceAsync("zz"); // Not null: measured above.
        }
    }

    /// <summary>Measures queries and a purge.</summary>
    public async Task MeasureQueriesAsync(Measurements measured, int count)
    {
        await using var engine = await RunningEngine.StartAsync(store);
        var failed = new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed], PageSize: 100);
        await QueryAsync("all, pages of 1,000", new OrchestrationQuery(PageSize: 1000), count);
        await QueryAsync("one in ten by status, pages of 100", failed, count / 10);
        await QueryAsync("ten by time", new OrchestrationQuery(CreatedFrom: Start.AddSeconds(count - 10), CreatedTo: Start.AddSeconds(count)), 10);
        await QueryAsync("ten by prefix", new OrchestrationQuery(InstanceIdPrefix: "00001"), 10);
        await QueryAsync("one in ten with inputs and outputs", failed with { FetchInputsAndOutputs = true }, count / 10);
        await measured.SecondsAsync(FormattableString.Invariant($"{name}: {count:#,0} instances, purge one in ten"), async () =>
        {
            var result = await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: failed.Statuses));
            ThrowIfNot(count / 10, result.PurgedInstanceCount);
        });

        Task QueryAsync(string what, OrchestrationQuery query, int expected) =>
            measured.SecondsAsync(FormattableString.Invariant($"{name}: {count:#,0} instances, {what}"), async () =>
            {
                var found = 0;
                await foreach (var instance in engine.Client.GetAllInstancesAsync(query))
                {
                    found++;
                }

                ThrowIfNot(expected, found);
            });
    }

    private static InstanceState New(string id, DateTimeOffset createdAt) =>
        InstanceState.New(BenchmarkApp.Chain, id, $"e{id}", Payload.Of("1"), createdAt);

    private static void ThrowIfNot(int expected, int found)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"Found {found} instances, expected {expected}.");
        }
    }
}
