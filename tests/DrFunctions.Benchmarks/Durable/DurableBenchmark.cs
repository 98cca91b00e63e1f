using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>The durable engine in memory and on the emulator, beside what the emulator allows.</summary>
internal static class DurableBenchmark
{
    private const int Chains = 64;
    private const int ChainLength = 20;
    private const int Orchestrations = 300;
    private const int LongLength = 5000;

    public static async Task RunAsync(int finished, int rounds)
    {
        var measured = new Measurements();
        for (var round = 1; round <= rounds; round++)
        {
            Console.WriteLine(FormattableString.Invariant($"round {round}"));
            await InMemoryAsync(measured);
            foreach (var events in (int[])[100, 1000, 10_000])
            {
                ReplayBenchmark.Run(measured, events);
            }

            await OnAzuriteAsync(measured);
        }

        await HubSizeBenchmark.RunAsync(measured, finished);
        await HubSizeBenchmark.RunOnAzuriteAsync(measured, finished / 10);
        measured.Report();
    }

    private static async Task InMemoryAsync(Measurements measured)
    {
        await using var engine = await RunningEngine.StartAsync(new MemoryHubStore());
        await engine.RunAsync(200, 5);
        await measured.RateAsync("memory: activity round trips", "/s", Chains * 100, () => engine.RunAsync(Chains, 100));
        await measured.RateAsync("memory: orchestrations of one activity", "/s", 5000, () => engine.RunAsync(5000, 1));
        await measured.SecondsAsync("memory: one orchestration, 5,000 activities one after the other", () => engine.RunAsync(1, LongLength));
        await measured.SecondsAsync("memory: one orchestration, 5,000 activities at once", () => engine.RunAsync(1, LongLength, BenchmarkApp.FanOut));
    }

    private static async Task OnAzuriteAsync(Measurements measured)
    {
        await using var azurite = await Azurite.StartAsync("account");
        await using (var engine = await RunningEngine.StartAsync(BlobHubStore.Connect(azurite.ConnectionString, "bench")))
        {
            await engine.RunAsync(32, 2);
            var before = await RawAsync();
            var trips = await measured.RateAsync("Azurite: activity round trips", "/s", Chains * ChainLength, () => engine.RunAsync(Chains, ChainLength));
            var between = await RawAsync();
            var whole = await measured.RateAsync("Azurite: orchestrations of one activity", "/s", Orchestrations, () => engine.RunAsync(Orchestrations, 1));
            var after = await RawAsync();
            measured.Add("Azurite: activity round trips as a part of raw writes", "(aim 0.50)", 2 * trips / (before + between));
            measured.Add("Azurite: orchestrations (3 writes) as a part of raw writes", "(aim 0.50)", 3 * 2 * whole / (between + after));
            await measured.SecondsAsync("Azurite: one orchestration, 5,000 activities one after the other", () => engine.RunAsync(1, LongLength));
            await measured.SecondsAsync("Azurite: one orchestration, 5,000 activities at once", () => engine.RunAsync(1, LongLength, BenchmarkApp.FanOut));
        }

        await HttpStartBenchmark.RunAsync(measured, azurite.ConnectionString, 200);

        async Task<double> RawAsync()
        {
            var container = await azurite.CreateContainerAsync("raw");
            return await measured.RateAsync("Azurite: raw conditional writes of 1 KiB", "/s", 1000, () => RawWrites.RunAsync(container, 1000));
        }
    }
}
