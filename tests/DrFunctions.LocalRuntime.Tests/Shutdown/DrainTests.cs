using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.LocalRuntime.Shutdown;

public sealed class DrainTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Drain_StopsEventsAndOrchestrationsAndLetsRequestsGoOn()
    {
        await using var host = await StartAsync();
        await Eventually.HoldsAsync(() => host.Services.GetRequiredService<DurableEngine>().HoldsHub, "the host holds the hub");

        using var drained = await host.Client.PostAsync(Admin(host, "host/drain"), null);

        Assert.Equal(HttpStatusCode.Accepted, drained.StatusCode);
        await Eventually.HoldsAsync(() => StateAsync(host).Result == "Completed 0", "nothing runs any more");
        await Eventually.HoldsAsync(() => !host.Services.GetRequiredService<DurableEngine>().HoldsHub, "the hub is given back");
        using var page = await host.Client.GetAsync("/api/page");
        using var delivery = await host.Client.PostAsync(
            $"/runtime/webhooks/EventGrid?functionName=Event&code={host.EventGridKey}", new StringContent("[{}]", Encoding.UTF8, "application/json"));
        using var run = await host.Client.PostAsync(Admin(host, "functions/Tick"), null);
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (page.StatusCode, delivery.StatusCode, run.StatusCode));
    }

    [Fact]
    public async Task Drain_StopsTimers()
    {
        // No durable functions: nothing else waits on this clock.
        var clock = new WaitingClock(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(Timers)],
            TimeProvider = clock,
            ConfigureServices = services => services.AddSingleton(_world),
        });
        await clock.RunUntilAsync(() => _world.Ticks > 0, "the timer fires");
        await Eventually.HoldsAsync(() => StateAsync(host).Result == "Disabled 0", "the timer's function has ended");

        using var drained = await host.Client.PostAsync(Admin(host, "host/drain"), null);
        var ticks = _world.Ticks;
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("Completed 0", await StateAsync(host));
        Assert.Equal(ticks, _world.Ticks);
    }

    [Fact]
    public async Task Drain_WhileSomethingRuns_IsInProgressUntilItHasEnded()
    {
        await using var host = await StartAsync();
        var request = host.Client.GetAsync("/api/gated");
        await _world.Entered.Task.WaitAsync(Hosts.Patience);

        using var drained = await host.Client.PostAsync(Admin(host, "host/drain"), null);

        Assert.Equal("InProgress 1", await StateAsync(host));
        _world.Open.SetResult();
        using var answer = await request.WaitAsync(Hosts.Patience);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.HoldsAsync(() => StateAsync(host).Result == "Completed 0", "nothing runs any more");
    }

    [Theory]
    [InlineData("host/drain", "POST")]
    [InlineData("host/drain/status", "GET")]
    [InlineData("host/resume", "POST")]
    public async Task Drain_WithoutTheMasterKey_IsABare401(string path, string method)
    {
        await using var host = await StartAsync();

        using var answer = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/admin/{path}?code={host.FunctionKey}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Disabled 0", await StateAsync(host));
    }

    [Fact]
    public async Task Stop_WhileARequestRuns_GivesTheHubToTheNextHostAtOnce()
    {
        var hub = new MemoryHubStore();
        var first = await StartAsync(hub: hub, settings: ("shutdownTimeoutSeconds", "600"));
        await Eventually.HoldsAsync(() => first.Services.GetRequiredService<DurableEngine>().HoldsHub, "the first holds the hub");
        await using var second = await StartAsync(hub: hub);
        var request = first.Client.GetAsync("/api/gated");
        await _world.Entered.Task.WaitAsync(Hosts.Patience);

        var stop = first.StopAsync();

        await Eventually.HoldsAsync(() => second.Services.GetRequiredService<DurableEngine>().HoldsHub, "the second holds the hub");
        Assert.False(request.IsCompleted);
        Assert.False(stop.IsCompleted);
        _world.Open.SetResult();
        using var answer = await request.WaitAsync(Hosts.Patience);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stop.WaitAsync(Hosts.Patience);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Stop_WhileAnActivityRuns_TellsItAndTheNextHostRunsItAgain()
    {
        var hub = new MemoryHubStore();
        var first = await StartAsync(hub: hub);
        var id = await first.DurableClient.ScheduleNewOrchestrationInstanceAsync("Long");
        await _world.Entered.Task.WaitAsync(Hosts.Patience);
        _world.Open.SetResult();

        await first.StopAsync().WaitAsync(Hosts.Patience);
        await first.DisposeAsync();
        await using var second = await StartAsync(hub: hub);
        var end = await second.DurableClient.WaitForInstanceCompletionAsync(id, true).WaitAsync(Hosts.Patience);

        Assert.Equal("told, then run again", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Stop_TellsTheFunctionOfARequestWhenItsGraceIsOver()
    {
        var host = await StartAsync(settings: ("shutdownTimeoutSeconds", "2"));
        var request = host.Client.GetAsync("/api/patient");
        await _world.Entered.Task.WaitAsync(Hosts.Patience);

        await host.StopAsync().WaitAsync(Hosts.Patience);

        using var answer = await request.WaitAsync(Hosts.Patience);
        Assert.Equal("told", await answer.Content.ReadAsStringAsync());
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Stop_TellsATimersFunctionAtOnce()
    {
        var host = await StartAsync(settings: ("shutdownTimeoutSeconds", "600"));
        var timer = host.RunTimerAsync("Endless");
        await _world.Entered.Task.WaitAsync(Hosts.Patience);

        await host.StopAsync().WaitAsync(Hosts.Patience);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => timer);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Request_AfterTheHostWasToldToStop_Is503AndEndsItsConnection()
    {
        await using var host = await StartAsync();
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        using var answer = await host.Client.GetAsync("/api/page");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.ConnectionClose);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("soon")]
    [InlineData("3601")]
    public async Task ShutdownTimeout_ThatCannotBe_IsRefusedByName(string value)
    {
        var mistake = await Assert.ThrowsAsync<Hosting.StartupException>(() => StartAsync(settings: ("shutdownTimeoutSeconds", value)));

        Assert.Equal([$"setting shutdownTimeoutSeconds is '{value}', expected whole seconds from 1 to 3600"], mistake.Problems);
    }

    private Task<FunctionsTestHost> StartAsync(MemoryHubStore? hub = null, params (string Name, string Value)[] settings) =>
        FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(Functions)],
            Hub = hub,
            Settings = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value),
            ConfigureServices = services => services.AddSingleton(_world),
        });

    private static async Task<string> StateAsync(FunctionsTestHost host)
    {
        var status = await host.Client.GetFromJsonAsync<JsonElement>(Admin(host, "host/drain/status"));
        Assert.Equal(0, status.GetProperty("outstandingRetries").GetInt32());
        return $"{status.GetProperty("state").GetString()} {status.GetProperty("outstandingInvocations").GetInt32()}";
    }

    private static string Admin(FunctionsTestHost host, string path) => $"/admin/{path}?code={host.MasterKey}";

    public sealed class World
    {
        public int Ticks { get; set; }

        public int Runs { get; set; }

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Functions(World world)
    {
        [Function("Page")]
        public static IActionResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new OkResult();

        [Function("Gated")]
        public async Task<IActionResult> GatedAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            world.Entered.SetResult();
            await world.Open.Task;
            return new OkResult();
        }

        [Function("Patient")]
        public async Task<IActionResult> PatientAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            world.Entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new ContentResult { Content = "told" };
        }

        [Function("Tick")]
        public void Tick([TimerTrigger("0 * * * * *")] TimerInfo timer) => world.Ticks++;

        [Function("Endless")]
        public Task EndlessAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken cancellationToken)
        {
            world.Entered.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        [Function("Event")]
        public static void Event([EventGridTrigger] string text) => Assert.NotNull(text);

        [Function("Long")]
        public static Task<string> LongAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("Work");

        [Function("Work")]
        public async Task<string> WorkAsync([ActivityTrigger] string? nothing, CancellationToken cancellationToken)
        {
            if (++world.Runs > 1)
            {
                return "told, then run again";
            }

            world.Entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return "never";
        }
    }

    public sealed class Timers(World world)
    {
        [Function("Tick")]
        public void Tick([TimerTrigger("0 * * * * *")] TimerInfo timer) => world.Ticks++;
    }
}
