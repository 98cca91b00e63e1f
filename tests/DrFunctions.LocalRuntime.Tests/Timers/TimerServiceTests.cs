using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using DrFunctions.LocalRuntime.Storage;
using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Testing.Emulators;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Timers;

public sealed class TimerServiceTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private readonly WaitingClock _clock = new(new DateTimeOffset(2026, 1, 1, 11, 59, 30, TimeSpan.Zero));
    private readonly FaultyRecordStore _store = new(new MemoryRecordStore());
    private readonly Fired _fired = new();

    [Fact]
    public async Task Timer_FiresAtEachOccurrence()
    {
        await using var host = await StartAsync<Minutely>();

        await _clock.RunUntilAsync(() => _fired.Count == 3, "three occurrences");

        Assert.Equal(["12:00:00", "12:01:00", "12:02:00"], _fired.All.Select(fired => $"{fired.Last:HH:mm:ss}"));
        Assert.Equal(["12:01:00", "12:02:00", "12:03:00"], _fired.All.Select(fired => $"{fired.Next:HH:mm:ss}"));
        Assert.All(_fired.All, fired => Assert.False(fired.IsPastDue));
    }

    [Fact]
    public async Task Occurrences_MissedWhileDown_FireOnceAndPastDue()
    {
        await using (await StartAsync<Minutely>())
        {
            await _clock.RunUntilAsync(() => _fired.Count == 1, "the first occurrence");
        }

        _clock.Advance(TimeSpan.FromMinutes(10));
        await using var host = await StartAsync<Minutely>();
        await Eventually.HoldsAsync(() => _fired.Count == 2, "the missed occurrence");

        Assert.True(_fired.All[1].IsPastDue);
        Assert.Equal("12:01:00", $"{_fired.All[1].Last:HH:mm:ss}");
        Assert.Equal("12:11:00", $"{_fired.All[1].Next:HH:mm:ss}");

        await _clock.RunUntilAsync(() => _fired.Count == 3, "the next occurrence");
        Assert.False(_fired.All[2].IsPastDue);
        Assert.Equal("12:11:00", $"{_fired.All[2].Last:HH:mm:ss}");
    }

    [Fact]
    public async Task TwoHosts_OnOneStorage_FireEachOccurrenceOnce()
    {
        var connection = azurite.Server.ConnectionString;
        await using var first = await StartAsync<Minutely>(connection);
        await using var second = await StartAsync<Minutely>(connection);

        await _clock.RunUntilAsync(() => _fired.Count >= 5, "five occurrences");

        Assert.Equal(_fired.Count, _fired.All.Select(fired => fired.Last).Distinct().Count());
    }

    [Fact]
    public async Task LostAnswerToAClaim_FiresTheOccurrenceAllTheSame()
    {
        await using var host = await StartAsync<Minutely>();
        _store.LoseNextAnswer();

        await _clock.RunUntilAsync(() => _fired.Count == 2, "two occurrences");

        Assert.Equal(["12:00:00", "12:01:00"], _fired.All.Select(fired => $"{fired.Last:HH:mm:ss}"));
    }

    [Fact]
    public async Task StorageDown_IsWarnedAboutAndDoesNotStopTheHost()
    {
        using var logs = new Logs();
        await using var host = await StartAsync<Minutely>(services: logs.AddTo);
        await _clock.RunUntilAsync(() => _fired.Count == 1, "the first occurrence");

        _store.IsDown = true;
        await _clock.RunUntilAsync(() => _store.Refused >= 3, "three attempts");
        Assert.Equal("up", await host.Client.GetStringAsync("/api/health"));
        Assert.Contains(
            "The schedule state of timer 'Minutely' cannot be kept: The storage account 'test' did not answer. Trying again in 00:00:01",
            logs.At(LogLevel.Warning));

        _store.IsDown = false;
        await _clock.RunUntilAsync(() => _fired.Count == 2, "an occurrence after the outage");
    }

    [Fact]
    public async Task Keys_WhileTheStorageIsDown_AreAnswered503AndHealthIsUp()
    {
        _store.IsDown = true;
        var listening = new TaskCompletionSource<string>();
        var starting = StartAsync<Minutely>(services: services => services.AddSingleton<IHostedService>(provider => new AddressTeller(
            provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<IServer>(), listening)));
        using var client = new HttpClient { BaseAddress = new Uri(await listening.Task.WaitAsync(Hosts.Patience)) };

        Assert.Equal("up", await client.GetStringAsync("/api/health"));
        using var refused = await client.GetAsync("/admin/functions?code=any");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        using var unkeyed = await client.GetAsync("/admin/functions");
        Assert.Equal(HttpStatusCode.Unauthorized, unkeyed.StatusCode);

        _store.IsDown = false;
        await _clock.RunUntilAsync(() => starting.IsCompleted, "the keys are loaded");
        await using var host = await starting;
        using var admitted = await host.Client.GetAsync($"/admin/functions?code={host.MasterKey}");
        Assert.Equal(HttpStatusCode.OK, admitted.StatusCode);
    }

    [Fact]
    public async Task FailingTimer_FiresAgain()
    {
        _fired.Fails = true;
        await using var host = await StartAsync<Minutely>();

        await _clock.RunUntilAsync(() => _fired.Count == 2, "two occurrences");
    }

    [Fact]
    public async Task TestClock_WinsOverOneThatTheAppRegisters()
    {
        await using var host = await FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(Minutely)],
            TimeProvider = _clock,
            Builder = args =>
            {
                var builder = FunctionsApplication.CreateBuilder(args);
                builder.Services.AddSingleton(TimeProvider.System);
                builder.Services.AddSingleton(_fired);
                return builder;
            },
        });

        Assert.Same(_clock, host.Services.GetRequiredService<TimeProvider>());
    }

    [Fact]
    public async Task RunOnStartup_FiresAtOnce()
    {
        await using var host = await StartAsync<OnStartup>();

        await Eventually.HoldsAsync(() => _fired.Count == 1, "the start");

        Assert.False(_fired.All[0].IsPastDue);
    }

    [Fact]
    public async Task Unmonitored_FiresWithoutStorageAndCatchesNothingUp()
    {
        await using (await StartAsync<Unmonitored>())
        {
            await _clock.RunUntilAsync(() => _fired.Count == 2, "two occurrences");
        }

        _clock.Advance(TimeSpan.FromMinutes(10));
        await using var host = await StartAsync<Unmonitored>();
        await _clock.RunUntilAsync(() => _fired.Count == 3, "the next occurrence");

        Assert.All(_fired.All, fired => Assert.False(fired.IsPastDue));
    }

    [Fact]
    public async Task ChangedSchedule_IsTakenOverAtTheStart()
    {
        await using (await StartAsync<Configured>(settings: ("Every", "0 0 0 1 1 *")))
        {
            await Eventually.HoldsAsync(() => _store.Created.Any(name => name.EndsWith("/Configured/status", StringComparison.Ordinal)), "the schedule's state");
        }

        await using var host = await StartAsync<Configured>(settings: ("Every", "0 * * * * *"));
        await _clock.RunUntilAsync(() => _fired.Count == 1, "an occurrence of the new schedule");

        Assert.Equal("12:00:00", $"{_fired.All[0].Last:HH:mm:ss}");
    }

    [Fact]
    public async Task Admin_RunsATimerNow()
    {
        await using var host = await StartAsync<Minutely>();

        using var answer = await host.Client.PostAsJsonAsync($"/admin/functions/minutely?code={host.MasterKey}", new { input = "" });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await Eventually.HoldsAsync(() => _fired.Count == 1, "the run");
    }

    [Fact]
    public async Task RunTimer_RunsItAndThrowsWhatItThrows()
    {
        await using var host = await StartAsync<Minutely>();

        await host.RunTimerAsync("Minutely", isPastDue: true);
        Assert.True(Assert.Single(_fired.All).IsPastDue);

        _fired.Fails = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.RunTimerAsync("Minutely"));
        await Assert.ThrowsAsync<ArgumentException>(() => host.RunTimerAsync("Nobody"));
    }

    private Task<FunctionsTestHost> StartAsync<TFunctions>(
        string? connection = null, Action<IServiceCollection>? services = null, params (string Name, string Value)[] settings) =>
        FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(TFunctions), typeof(Health)],
            TimeProvider = _clock,
            Records = connection is null ? _store : null,
            StorageConnectionString = connection,
            Settings = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value),
            ConfigureServices = collection =>
            {
                collection.AddSingleton(_fired);
                services?.Invoke(collection);
            },
        });

    /// <summary>Tells where a host listens before its start is over.</summary>
    private sealed class AddressTeller(IHostApplicationLifetime lifetime, IServer server, TaskCompletionSource<string> listening) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStarted.Register(() => listening.SetResult(
                server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    public sealed record Firing(bool IsPastDue, DateTime? Last, DateTime? Next);

    public sealed class Fired
    {
        private readonly ConcurrentQueue<Firing> _firings = new();

        public bool Fails { get; set; }

        public int Count => _firings.Count;

        public IReadOnlyList<Firing> All => [.. _firings];

        public void Add(TimerInfo timer)
        {
            _firings.Enqueue(new Firing(timer.IsPastDue, timer.ScheduleStatus?.Last, timer.ScheduleStatus?.Next));
            if (Fails)
            {
                throw new InvalidOperationException("as asked");
            }
        }
    }

    public sealed class Minutely(Fired fired)
    {
        [Function("Minutely")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => fired.Add(timer);
    }

    public sealed class OnStartup(Fired fired)
    {
        [Function("OnStartup")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => fired.Add(timer);
    }

    public sealed class Unmonitored(Fired fired)
    {
        [Function("Unmonitored")]
        public void Run([TimerTrigger("0 * * * * *", UseMonitor = false)] TimerInfo timer) => fired.Add(timer);
    }

    public sealed class Configured(Fired fired)
    {
        [Function("Configured")]
        public void Run([TimerTrigger("%Every%")] TimerInfo timer) => fired.Add(timer);
    }

    public static class Health
    {
        [Function("Health")]
        public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
            new ContentResult { Content = "up" };
    }
}
