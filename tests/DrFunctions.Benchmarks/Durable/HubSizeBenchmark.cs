using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.Testing.Emulators;

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
        await new FinishedHub(store, "memory").MeasureTakeOverAsync(measured, finished);
    }

    /// <summary>Queries, a purge and the take-over of a hub on the emulator.</summary>
    public static async Task RunOnAzuriteAsync(Measurements measured, int finished)
    {
        await using var azurite = await Azurite.StartAsync("account");
        var hub = new FinishedHub(BlobHubStore.Connect(azurite.ConnectionString, "finished"), "Azurite");
        await hub.FillAsync(finished);
        await hub.MeasureTakeOverAsync(measured, finished);
        await hub.MeasureQueriesAsync(measured, finished);
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
