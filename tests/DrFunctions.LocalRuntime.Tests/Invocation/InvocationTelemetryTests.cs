using DrFunctions.LocalRuntime.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.LocalRuntime.Invocation;

public sealed class InvocationTelemetryTests
{
    [Fact]
    public async Task Invocations_AreCountedByFunctionTriggerAndOutcome()
    {
        using var good = new RecordedMetrics("faas.name", "MeasuredGood");
        using var bad = new RecordedMetrics("faas.name", "MeasuredBad");
        using var slow = new RecordedMetrics("faas.name", "MeasuredSlow");
        await using var host = await Hosts.StartAsync<Functions>(null, ("AzureFunctionsJobHost__functionTimeout", "00:00:00.2"));

        await host.Client.GetAsync("/api/measuredgood");
        await host.Client.GetAsync("/api/measuredgood");
        await host.Client.GetAsync("/api/measuredbad");
        await host.Client.GetAsync("/api/measuredslow");

        Assert.Equal(2, good.Sum("faas.invocations", "faas.trigger=http"));
        Assert.Equal(2, good.Values("faas.invoke_duration", "faas.trigger=http outcome=success").Count());
        Assert.Equal(0, bad.Sum("faas.invocations"));
        Assert.Equal(1, bad.Sum("faas.errors", "faas.trigger=http error.type=System.InvalidOperationException"));
        Assert.Single(bad.Values("faas.invoke_duration", "faas.trigger=http outcome=failure"));
        Assert.Equal(1, slow.Sum("faas.timeouts", "faas.trigger=http"));
        Assert.Single(slow.Values("faas.invoke_duration", "faas.trigger=http outcome=timeout"));
        Assert.All([good, bad, slow], metrics => Assert.Equal(0, metrics.Sum("faas.active_invocations")));
    }

    [Fact]
    public async Task Timer_ThatFires_ShowsItsLateness()
    {
        using var metrics = new RecordedMetrics("faas.name", "MeasuredTimer");
        var clock = new WaitingClock(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await Testing.FunctionsTestHost.StartAsync(new Testing.FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(Timers)],
            TimeProvider = clock,
        });

        await clock.RunUntilAsync(() => metrics.Sum("faas.invocations", "faas.trigger=timer") > 0, "the timer fires");

        Assert.Equal(0, metrics.Values("faas.timer.lateness", "").First());
    }

    public sealed class Functions
    {
        [Function("MeasuredGood")]
        public static IActionResult Good([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new OkResult();

        [Function("MeasuredBad")]
        public static IActionResult Bad([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidOperationException();

        [Function("MeasuredSlow")]
        public static async Task<IActionResult> SlowAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new OkResult();
        }
    }

    public sealed class Timers
    {
        [Function("MeasuredTimer")]
        public static void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);
    }
}
