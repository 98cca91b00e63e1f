using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using DrFunctions.LocalRuntime.Testing;
using DrFunctions.Testing.Fuzzing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Http;

/// <summary>Hostile requests to every address of a host with a function of every trigger.</summary>
public sealed class FuzzTests
{
    private const string Durable = "/runtime/webhooks/durabletask";
    private const string Event = """{"id":"1","subject":"s","eventType":"t","eventTime":"2026-01-01T00:00:00Z","dataVersion":"1","data":{"a":1}}""";

    [Fact]
    public async Task HostileRequests_AreAnsweredAndStartNothing()
    {
        using var logs = new Logs();
        var work = new Work();
        await using var host = await Hosts.StartAsync<Functions>(services =>
        {
            services.AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Warning));
            services.AddSingleton(work);
        });
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        await client.ScheduleNewOrchestrationInstanceAsync("Waiting", new StartOrchestrationOptions("waiting"));
        var requests = HostileRequests.From(FuzzSettings.Seed, Targets(host)).Take(FuzzSettings.Requests(usual: 10_000));

        var outcomes = await HostileClient.SendAsync(host.Address, requests);

        Report(outcomes.Where(outcome => outcome.Status >= 500 && outcome.Status is not (501 or 505)), "answered 5xx");
        Report(outcomes.Where(outcome => outcome.Status is null && !outcome.Request.IsCut && !IsRefusedEarly(outcome)), "not answered");
        Report(outcomes.Where(outcome => outcome.Answer.Contains("   at ", StringComparison.Ordinal)), "answered with a stack trace");
        Assert.Contains(outcomes, outcome => outcome.Status == StatusCodes.Status202Accepted);

        // Whatever was started was asked for with a key, and its sender was told so, or left before.
        var byMarker = outcomes.ToDictionary(outcome => outcome.Request.Marker);
        Report(
            work.Started.Select(marker => byMarker[marker]).Where(outcome => !outcome.Request.HasKey || outcome.Status is not (null or 202)),
            "started something without being told so");
        var left = outcomes.Count(outcome => outcome.Status is null);
        AssertBetween(work.Timers, Accepted("/admin/functions/Timer"), left);
        var instances = new List<string>();
        await foreach (var instance in client.GetAllInstancesAsync(new OrchestrationQuery()))
        {
            instances.Add(instance.Name);
        }

        Assert.All(instances, name => Assert.Contains(name, (string[])["Orchestrate", "Waiting"], StringComparer.OrdinalIgnoreCase));
        AssertBetween(instances.Count(name => name.Equals("Orchestrate", StringComparison.OrdinalIgnoreCase)), work.Started.Count + Accepted(Durable + "/orchestrators/Orchestrate"), left);
        Assert.Empty(logs.At(LogLevel.Critical));

        int Accepted(string path) => outcomes.Count(outcome => outcome.Status == 202 && outcome.Request.Target.Path == path);

        // It still answers.
        foreach (var target in Targets(host).Where(target => target.Path is "/api/echo/{id}" or "/admin/host/status"))
        {
            Assert.Equal(200, (await HostileClient.SendAsync(host.Address, HostileRequests.Good(0, target))).Status);
        }
    }

    // The server may close on a request it does not want to read to its end, and the answer may be lost with the connection.
    private static bool IsRefusedEarly(HostileOutcome outcome) => outcome.Request.Bytes.Length > 4096;

    private static void AssertBetween(int started, int acknowledged, int left) =>
        Assert.True(started >= 0 && started <= acknowledged + left, $"{started} ran, {acknowledged} were accepted, {left} left without an answer");

    private static void Report(IEnumerable<HostileOutcome> outcomes, string what)
    {
        var found = outcomes.ToList();
        Assert.True(found.Count == 0, $"{found.Count} requests were {what} (seed {FuzzSettings.Seed}):{Environment.NewLine}"
            + string.Join(Environment.NewLine, found.Take(12).Select(outcome => $"{outcome.Status}: {outcome.Request}")));
    }

    private static List<FuzzTarget> Targets(FunctionsTestHost host) =>
    [
        new("POST", "/api/starts/{id}", Key: host.FunctionKey, Bodies: ["""{"name":"a"}""", """{"name":"b","more":[1,2]}"""]),
        new("GET", "/api/items/7"),
        new("GET", "/api/days/2026-01-01"),
        new("GET", "/api/echo/{id}", "a=b"),
        new("GET", "/api/files/a/{id}/c"),
        new("PUT", "/api/texts", Bodies: ["text", "{}"]),
        new("GET", "/api/guarded", Key: host.FunctionKey),
        new("POST", "/runtime/webhooks/EventGrid", "functionName=Event", host.EventGridKey, Event, $"[{Event}]", $"[{Event},{Event}]"),
        new("POST", "/runtime/webhooks/EventGrid", "functionName=Events", host.EventGridKey, $"[{Event}]"),
        new("OPTIONS", "/runtime/webhooks/EventGrid", "functionName=Event", host.EventGridKey) { Headers = ["WebHook-Request-Origin: a.example"] },
        new("GET", Durable + "/instances/waiting", "showInput=true", host.DurableTaskKey),
        new("GET", Durable + "/instances/{id}", Key: host.DurableTaskKey),
        new("GET", Durable + "/instances", "top=10&runtimeStatus=Running", host.DurableTaskKey),
        new("POST", Durable + "/orchestrators/Orchestrate", Key: host.DurableTaskKey, Bodies: ["\"a\"", ""]),
        new("DELETE", Durable + "/instances/{id}", Key: host.DurableTaskKey),
        new("DELETE", Durable + "/instances", "createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Failed", host.DurableTaskKey),
        new("POST", Durable + "/instances/waiting/raiseEvent/{id}", Key: host.DurableTaskKey, Bodies: ["{}", "\"text\"", ""]),
        new("POST", Durable + "/instances/{id}/terminate", "reason=r", host.DurableTaskKey, ""),
        new("POST", Durable + "/instances/{id}/suspend", "reason=r", host.DurableTaskKey, ""),
        new("POST", Durable + "/instances/{id}/resume", "reason=r", host.DurableTaskKey, ""),
        new("GET", "/admin/functions", Key: host.MasterKey),
        new("GET", "/admin/functions/Timer", Key: host.MasterKey),
        new("GET", "/admin/host/status", Key: host.MasterKey),
        new("POST", "/admin/functions/Timer", Key: host.MasterKey, Bodies: ["""{"input":""}""", "{}"]),
        new("POST", "/admin/functions/Event", Key: host.MasterKey, Bodies: [$$"""{"input":{{JsonSerializer.Serialize(Event)}}}"""]),
    ];

    public sealed class Work
    {
        private int _timers;

        public ConcurrentBag<int> Started { get; } = [];

        public int Timers => _timers;

        public void CountTimer() => Interlocked.Increment(ref _timers);
    }

    public sealed record StartBody(string? Name);

    public sealed class Functions(Work work)
    {
        [Function("Start")]
        public async Task<IActionResult> StartAsync(
            [HttpTrigger(AuthorizationLevel.Function, "post", Route = "starts/{id:maxlength(50)}")] HttpRequest request,
            string id,
            [DurableClient] DurableTaskClient client,
            CancellationToken cancellationToken)
        {
            try
            {
                var body = await JsonSerializer.DeserializeAsync<StartBody>(request.Body, JsonSerializerOptions.Web, cancellationToken);
                if (body?.Name is null)
                {
                    return new BadRequestObjectResult("The body has no name.");
                }

                await client.ScheduleNewOrchestrationInstanceAsync("Orchestrate", id, new StartOrchestrationOptions($"{id}-{work.Started.Count}"), cancellationToken);
                work.Started.Add(int.Parse(request.Headers[HostileRequest.MarkerHeader].ToString(), null));
                return new AcceptedResult();
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException)
            {
                return new BadRequestObjectResult(exception.Message);
            }
        }

        [Function("Item")]
        public static IActionResult Item([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}")] HttpRequest request, int id) =>
            new OkObjectResult(id);

        [Function("Day")]
        public static IActionResult Day([HttpTrigger(AuthorizationLevel.Anonymous, Route = "days/{day:datetime}")] HttpRequest request, DateTime day) =>
            new OkObjectResult(day);

        [Function("Echo")]
        public static IActionResult Echo([HttpTrigger(AuthorizationLevel.Anonymous, Route = "echo/{text}")] HttpRequest request, string text) =>
            new OkObjectResult(new { text, query = request.Query.ToDictionary(member => member.Key, member => member.Value.ToString()) });

        [Function("File")]
        public static IActionResult File([HttpTrigger(AuthorizationLevel.Anonymous, Route = "files/{*path}")] HttpRequest request, string? path) =>
            new ContentResult { Content = path };

        [Function("Text")]
        public static async Task<IActionResult> TextAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "texts")] HttpRequest request)
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            return new OkObjectResult((await reader.ReadToEndAsync()).Length);
        }

        [Function("Guarded")]
        public static IActionResult Guarded([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => new OkResult();

        [Function("Timer")]
        public void Timer([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => work.CountTimer();

        [Function("Event")]
        public static void Event([EventGridTrigger] string text) => Assert.NotNull(text);

        [Function("Events")]
        public static void Events([EventGridTrigger(IsBatched = true)] string[] events) => Assert.NotNull(events);

        [Function("Orchestrate")]
        public static Task<string> OrchestrateAsync([OrchestrationTrigger] TaskOrchestrationContext context, string input) =>
            context.CallActivityAsync<string>("Say", input);

        [Function("Waiting")]
        public static Task WaitAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("never-sent");

        [Function("Say")]
        public static string Say([ActivityTrigger] string text) => text;
    }
}
