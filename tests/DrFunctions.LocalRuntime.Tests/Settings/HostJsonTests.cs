using System.Net;
using DrFunctions.LocalRuntime.Durable;
using DrFunctions.LocalRuntime.Hosting;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Testing.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>Every member of host.json that is honoured has its effect.</summary>
public sealed class HostJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Logs _logs = new();

    public void Dispose()
    {
        _logs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RoutePrefix_IsWhatEveryRouteBeginsWith()
    {
        await using var host = await StartAsync("""{ "extensions": { "http": { "routePrefix": "/v1/things/" } } }""");

        Assert.Equal("answer", await host.Client.GetStringAsync("/v1/things/answer"));
    }

    [Fact]
    public async Task RoutePrefix_ThatIsEmpty_LeavesTheHostsOwnAddressesAlone()
    {
        await using var host = await StartAsync("""{ "extensions": { "http": { "routePrefix": "" } } }""");
        using var status = await host.Client.GetAsync("/admin/host/status");

        Assert.Equal("answer", await host.Client.GetStringAsync("/answer"));
        Assert.Equal(HttpStatusCode.Unauthorized, status.StatusCode);
    }

    [Fact]
    public async Task FunctionTimeout_CancelsWhatTakesLonger()
    {
        await using var host = await StartAsync("""{ "functionTimeout": "00:00:00.05" }""");
        using var answer = await host.Client.GetAsync("/api/endless");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task LogLevel_FiltersByCategory()
    {
        await using var host = await StartAsync("""{ "logging": { "logLevel": { "default": "Warning", "Shop.Orders": "Debug" } } }""");
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();

        Assert.False(loggers.CreateLogger("Shop").IsEnabled(LogLevel.Information));
        Assert.True(loggers.CreateLogger("Shop.Orders").IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public async Task MaxOutstandingRequests_TurnsAwayWhatIsBeyond()
    {
        var gate = new Gate();
        await using var host = await StartAsync("""{ "extensions": { "http": { "maxOutstandingRequests": 2, "maxConcurrentRequests": 1 } } }""", gate);
        var first = host.Client.GetAsync("/api/gated");
        await gate.Entered.Task.WaitAsync(Hosts.Patience);
        var second = host.Client.GetAsync("/api/gated");
        await OutstandingAsync(host, 2);
        using var third = await host.Client.GetAsync("/api/answer");

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal(1, gate.Count);
        gate.Open.SetResult();
        Assert.All(await Task.WhenAll(first, second), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(2, gate.Count);
        Assert.Equal("answer", await host.Client.GetStringAsync("/api/answer"));
    }

    [Fact]
    public async Task MaxConcurrentRequests_LetsAWaitingClientLeaveWithoutARun()
    {
        var gate = new Gate();
        await using var host = await StartAsync("""{ "extensions": { "http": { "maxConcurrentRequests": 1 } } }""", gate);
        var first = host.Client.GetAsync("/api/gated");
        await gate.Entered.Task.WaitAsync(Hosts.Patience);
        using var leave = new CancellationTokenSource();
        var second = host.Client.GetAsync("/api/gated", leave.Token);
        await OutstandingAsync(host, 2);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await OutstandingAsync(host, 1);
        gate.Open.SetResult();
        using var answer = await first;

        Assert.Equal("answer", await host.Client.GetStringAsync("/api/answer"));
        Assert.Equal(1, gate.Count);
    }

    [Fact]
    public async Task CustomHeaders_StandOnEveryAnswerOfAFunction()
    {
        await using var host = await StartAsync("""{ "extensions": { "http": { "customHeaders": { "X-Content-Type-Options": "nosniff" } } } }""");
        using var answer = await host.Client.GetAsync("/api/answer");
        using var refused = await host.Client.GetAsync("/api/guarded");

        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("nosniff", Assert.Single(refused.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("\"Shop\"", "Shop")]
    [InlineData("\"%Hub__Name%\"", "Orders")]
    public async Task HubName_NamesTheTaskHub(string written, string expected)
    {
        await using var host = await StartAsync($$"""{ "extensions": { "durableTask": { "hubName": {{written}} } } }""", settings: ("Hub__Name", "Orders"));

        Assert.Equal(expected, host.Services.GetRequiredService<DurableOptions>().HubName);
    }

    [Fact]
    public async Task DurableTask_LimitsAndPollsAreTheEngines()
    {
        await using var host = await StartAsync("""
            { "extensions": { "durableTask": {
                "maxConcurrentActivityFunctions": 3, "maxConcurrentOrchestratorFunctions": 4,
                "storageProvider": { "maxQueuePollingInterval": "00:00:02" } } } }
            """);
        var options = host.Services.GetRequiredService<DurableOptions>();

        Assert.Equal((3, 4, TimeSpan.FromSeconds(2)), (options.MaxConcurrentActivities, options.MaxConcurrentOrchestrators, options.PollInterval));
    }

    [Fact]
    public async Task ExtendedSessions_AreWarnedAbout()
    {
        await using var host = await StartAsync("""{ "extensions": { "durableTask": { "extendedSessionsEnabled": true } } }""");

        Assert.Contains(
            "host.json:1: 'extensions:durableTask:extendedSessionsEnabled': extended sessions are not kept: every turn of an orchestration is a replay",
            _logs.At(LogLevel.Warning));
    }

    [Fact]
    public async Task Setting_OverridesTheFile()
    {
        await using var host = await StartAsync(
            """{ "extensions": { "http": { "routePrefix": "file" } } }""", settings: ("AzureFunctionsJobHost__extensions__http__routePrefix", "setting"));

        Assert.Equal("answer", await host.Client.GetStringAsync("/setting/answer"));
    }

    [Fact]
    public async Task Setting_ThatOverridesTheFileWrongly_IsNamed()
    {
        var exception = await Assert.ThrowsAsync<StartupException>(() => StartAsync("{}", settings: ("AzureFunctionsJobHost__functionTimeout", "soon")));

        Assert.Equal(["setting AzureFunctionsJobHost__functionTimeout is 'soon', expected a time span of up to 49 days such as 00:10:00, or -1 for no limit"], exception.Problems);
    }

    [Fact]
    public async Task TimeZone_IsWarnedAbout()
    {
        await using var host = await StartAsync("{}", settings: ("WEBSITE_TIME_ZONE", "Europe/Berlin"));

        Assert.Contains("setting WEBSITE_TIME_ZONE is 'Europe/Berlin' and is not honoured: schedules are in UTC", _logs.At(LogLevel.Warning));
    }

    [Theory]
    [InlineData("AzureWebJobs.Guarded.Disabled", "true")]
    [InlineData("AzureWebJobs_Guarded_Disabled", "1")]
    [InlineData("AzureWebJobs__Guarded__Disabled", "True")]
    public async Task DisabledFunction_AnswersTheMasterKeyOnly(string name, string value)
    {
        await using var host = await StartAsync("{}", settings: (name, value));
        using var function = await host.Client.GetAsync($"/api/guarded?code={host.FunctionKey}");
        using var master = await host.Client.GetAsync($"/api/guarded?code={host.MasterKey}");

        Assert.Equal(HttpStatusCode.NotFound, function.StatusCode);
        Assert.Equal(HttpStatusCode.OK, master.StatusCode);
    }

    [Fact]
    public async Task DisabledFunctions_OfOtherTriggers_AreNotStarted()
    {
        await using var host = await StartAsync(
            "{}", settings: [("AzureWebJobs.Timer.Disabled", "true"), ("AzureWebJobs.Event.Disabled", "true"), ("AzureWebJobs.Work.Disabled", "true")]);
        using var delivery = await host.Client.PostAsync(
            $"/runtime/webhooks/EventGrid?functionName=Event&code={host.EventGridKey}", new StringContent("[{}]"));
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        var started = await client.ScheduleNewOrchestrationInstanceAsync("Orchestrate");
        var ended = await client.WaitForInstanceCompletionAsync(started, getInputsAndOutputs: true).WaitAsync(Hosts.Patience);

        Assert.Equal(HttpStatusCode.NotFound, delivery.StatusCode);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.DoesNotContain(_logs.Texts, text => text.Contains("Executing 'Timer'", StringComparison.Ordinal));
    }

    private static Task OutstandingAsync(FunctionsTestHost host, int count) =>
        Eventually.HoldsAsync(() => host.Services.GetRequiredService<RequestLimit>().Outstanding == count, $"{count} requests run or wait");

    private async Task<FunctionsTestHost> StartAsync(string hostJson, Gate? gate = null, params (string Name, string Value)[] settings)
    {
        await File.WriteAllTextAsync(
            _folder.Combine("host.json"), "{ \"version\": \"2.0\"" + (hostJson == "{}" ? "" : ",") + hostJson.Trim()[1..]);
        return await FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(Functions)],
            ContentRoot = _folder.Path,
            Settings = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value),
            ConfigureServices = services =>
            {
                services.AddLogging(logging => logging.AddProvider(_logs));
                services.AddSingleton(gate ?? new Gate());
            },
        });
    }

    public sealed class Gate
    {
        private int _count;

        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Open { get; } = new();

        public int Count => _count;

        public Task PassAsync()
        {
            Interlocked.Increment(ref _count);
            Entered.TrySetResult();
            return Open.Task;
        }
    }

    public sealed class Functions(Gate gate)
    {
        [Function("Answer")]
        public static IActionResult Answer([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            new ContentResult { Content = "answer" };

        [Function("Guarded")]
        public static IActionResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new OkResult();

        [Function("Gated")]
        public async Task<IActionResult> GatedAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            await gate.PassAsync();
            return new OkResult();
        }

        [Function("Endless")]
        public static async Task<IActionResult> EndlessAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new OkResult();
        }

        [Function("Timer")]
        public static void Timer([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Event")]
        public static void Event([EventGridTrigger] string text) => Assert.NotNull(text);

        [Function("Orchestrate")]
        public static Task OrchestrateAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Work");

        [Function("Work")]
        public static void Work([ActivityTrigger] string? input) => Assert.Null(input);
    }
}
