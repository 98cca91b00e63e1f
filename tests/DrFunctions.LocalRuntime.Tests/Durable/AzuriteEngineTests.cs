using System.Diagnostics;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.Testing.Emulators;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit.Abstractions;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>The engine as a host has it: real blobs, real time, the registration the host calls.</summary>
public sealed class AzuriteEngineTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int _hubs;

    [Fact]
    public async Task Chain_OfTwentyActivities_TakesOneWriteAStep()
    {
        var app = new FakeFunctions().Activity("Step", input => input).Orchestrator("Chain", async context =>
        {
            for (var i = 0; i < 20; i++)
            {
                await context.CallActivityAsync("Step", i);
            }

            return "end";
        });
        var store = new FaultyStore(BlobHubStore.Connect(azurite.Server.ConnectionString, NewHub()));
        await using var host = await StartAsync(app, store);
        await UntilAsync(() => host.Engine.HoldsHub);
        var stopwatch = Stopwatch.StartNew();

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Chain", new StartOrchestrationOptions("chain"));
        using var patience = new CancellationTokenSource(Patience);
        var end = await host.Client.WaitForInstanceCompletionAsync("chain", true, patience.Token);
        stopwatch.Stop();

        var writes = store.Log.Count(write => write.Contains("instances/chain", StringComparison.Ordinal));
        output.WriteLine($"{writes} writes, {stopwatch.ElapsedMilliseconds} ms");
        Assert.Equal("end", end.ReadOutputAs<string>());
        Assert.Equal(22, writes); // The start, the first turn, and one for each answer.
        Assert.Equal(22, store.Writes);
    }

    [Fact]
    public async Task Host_KilledInTheMiddle_TheNextOneGoesOnFromTheHistory()
    {
        var hub = NewHub();
        var large = new string('x', 100_000);
        var held = new TaskCompletionSource<object?>();
        var app = new FakeFunctions().Activity("One", _ => large).Activity("Two", (_, _) => held.Task)
            .Orchestrator("Both", async context =>
                (await context.CallActivityAsync<string>("One")).Length + await context.CallActivityAsync<int>("Two")
                + await context.WaitForExternalEvent<int>("three"));
        var first = await StartAsync(app, BlobHubStore.Connect(azurite.Server.ConnectionString, hub));
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Both", new StartOrchestrationOptions("both"));
        await first.Client.RaiseEventAsync("both", "three", 3);
        await UntilAsync(() => app.Calls.Count == 2);
        first.Engine.Dispose(); // No goodbye: the lease is left to expire.
        held.SetResult(2);

        await using var second = await StartAsync(app, BlobHubStore.Connect(azurite.Server.ConnectionString, hub));
        using var patience = new CancellationTokenSource(Patience);
        var end = await second.Client.WaitForInstanceCompletionAsync("both", true, patience.Token);

        Assert.Equal(100_005, end.ReadOutputAs<int>());
        Assert.Equal(["One()", "Two()", "Two()"], app.Calls);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Storage_StandsStillForAWhile_TheOrchestrationGoesOnAfterwards()
    {
        await using var server = await Azurite.StartAsync("account");
        var app = new FakeFunctions().Activity("Step", input => input).Orchestrator("Steps", async context =>
        {
            var from = await context.WaitForExternalEvent<string>("go");
            return from + await context.CallActivityAsync<string>("Step", "!");
        });
        await using var host = await StartAsync(app, BlobHubStore.Connect(server.ConnectionString, NewHub()));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Steps", new StartOrchestrationOptions("steps"));
        using var patience = new CancellationTokenSource(Patience);
        await host.Client.WaitForInstanceStartAsync("steps", patience.Token);

        await server.StopAsync();
        var raised = host.Client.RaiseEventAsync("steps", "go", "after", patience.Token);
        await Assert.ThrowsAsync<TimeoutException>(() => raised.WaitAsync(TimeSpan.FromSeconds(2)));
        await server.RestartAsync();
        await raised;
        var end = await host.Client.WaitForInstanceCompletionAsync("steps", true, patience.Token);

        Assert.Equal("after!", end.ReadOutputAs<string>());
        Assert.Equal(["Step(!)"], app.Calls);
    }

    private static string NewHub() => $"engine{Interlocked.Increment(ref _hubs)}";

    private static async Task<Running> StartAsync(FakeFunctions app, IHubStore store)
    {
        var options = new DurableOptions { LeaseTime = TimeSpan.FromSeconds(3), RenewInterval = TimeSpan.FromSeconds(1) };
        var services = new ServiceCollection().AddLogging().AddSingleton<IDurableFunctions>(app).AddDurable(options, _ => store);
        var running = new Running(services.BuildServiceProvider());
        foreach (var service in running.Services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return running;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private sealed record Running(ServiceProvider Services) : IAsyncDisposable
    {
        public DurableTaskClient Client => Services.GetRequiredService<DurableTaskClient>();

        public DurableEngine Engine => Services.GetRequiredService<DurableEngine>();

        public async ValueTask DisposeAsync()
        {
            await Engine.StopAsync(CancellationToken.None);
            await Services.DisposeAsync();
        }
    }
}
