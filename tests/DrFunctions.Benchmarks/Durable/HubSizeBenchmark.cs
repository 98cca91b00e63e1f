using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>What many finished instances cost: memory of the engine, and the time to take the hub over.</summary>
internal static class HubSizeBenchmark
{
    private const double MiB = 1024 * 1024;

    public static async Task RunAsync(Measurements measured, int finished)
    {
        var store = new MemoryHubStore();
        var with = await FinishAsync(measured, store, finished);
        var without = Heap();
        measured.Add(FormattableString.Invariant($"memory: documents of {finished:#,0} finished instances"), "MiB", without / MiB);
        measured.Add(FormattableString.Invariant($"memory: held by the engine beside them after {finished:#,0}"), "MiB", (with - without) / MiB);
        await measured.SecondsAsync(FormattableString.Invariant($"memory: take-over of a hub of {finished:#,0} finished instances, until one runs"), async () =>
        {
            await using var next = await RunningEngine.StartAsync(store);
            await next.RunAsync(1, 1);
        });
        GC.KeepAlive(store);
    }

    private static async Task<long> FinishAsync(Measurements measured, MemoryHubStore store, int finished)
    {
        await using var engine = await RunningEngine.StartAsync(store);
        await engine.RunAsync(1000, 1);
        var allocated = GC.GetTotalAllocatedBytes(true);
        await measured.RateAsync(FormattableString.Invariant($"memory: {finished:#,0} orchestrations of one activity"), "/s", finished, async () =>
        {
            for (var done = 0; done < finished; done += 1000)
            {
                await engine.RunAsync(1000, 1);
            }
        });
        measured.Add("memory: allocated an orchestration of one activity", "KiB", (GC.GetTotalAllocatedBytes(true) - allocated) / 1024.0 / finished);
        return Heap();
    }

    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(true);
    }
}
