using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>An engine that holds its hub.</summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    /// <summary>How many turns, activities and raw writes run at once.</summary>
    public const int AtOnce = 16;

    private readonly ServiceProvider _services;

    private RunningEngine(ServiceProvider services) => _services = services;

    public DurableTaskClient Client => _services.GetRequiredService<DurableTaskClient>();

    public DurableEngine Engine => _services.GetRequiredService<DurableEngine>();

    public static async Task<RunningEngine> StartAsync(IHubStore store)
    {
        var options = new DurableOptions { MaxConcurrentActivities = AtOnce, MaxConcurrentOrchestrators = AtOnce };
        var services = new ServiceCollection().AddLogging().AddSingleton<IDurableFunctions, BenchmarkApp>().AddDurable(options, _ => store);
        var running = new RunningEngine(services.BuildServiceProvider());
        foreach (var service in running._services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        while (!running.Engine.HoldsHub)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return running;
    }

    /// <summary>Runs orchestrations of so many activities each, all started at once, and checks what they return.</summary>
    public async Task RunAsync(int orchestrations, int activities, string orchestrator = BenchmarkApp.Chain)
    {
        var ids = new string[orchestrations];
        await Parallel.ForAsync(0, orchestrations, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
            ids[i] = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, activities, new StartOrchestrationOptions(), ct));
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (id, ct) =>
        {
            var end = await Client.WaitForInstanceCompletionAsync(id, true, ct);
            if (end.ReadOutputAs<int>() != BenchmarkApp.Sum(activities))
            {
                throw new InvalidOperationException($"Instance {id} is {end.RuntimeStatus} and returned {end.SerializedOutput}.");
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
