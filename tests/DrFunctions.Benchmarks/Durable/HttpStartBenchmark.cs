using System.Collections.Concurrent;
using System.Diagnostics;
using DrFunctions.LocalRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>From a request to the first activity: a real host on a real port, its hub on the emulator.</summary>
internal static class HttpStartBenchmark
{
    public static async Task RunAsync(Measurements measured, string connectionString, int requests)
    {
        await using var host = await FunctionsTestHost.StartAsync(new FunctionsTestHostOptions
        {
            FunctionTypes = [typeof(StartFunctions)],
            StorageConnectionString = connectionString,
            ContentRoot = AppContext.BaseDirectory,
        });
        for (var i = 0; i < 20; i++)
        {
            await StartAsync(host.Client); // The hub is held, and what runs is compiled.
        }

        var times = new List<double>();
        for (var i = 0; i < requests; i++)
        {
            times.Add(await StartAsync(host.Client));
        }

        times.Sort();
        measured.Add("Azurite: HTTP start to first activity, p50", "ms", times[times.Count / 2]);
        measured.Add("Azurite: HTTP start to first activity, p99", "ms", times[times.Count * 99 / 100]);
    }

    private static async Task<double> StartAsync(HttpClient client)
    {
        var begun = Stopwatch.GetTimestamp();
        var id = await client.GetStringAsync(new Uri("api/begin", UriKind.Relative));
        var reached = await StartFunctions.Reached(id).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return Stopwatch.GetElapsedTime(begun, reached).TotalMilliseconds;
    }
}

/// <summary>The app: a request starts an orchestration of one activity.</summary>
public static class StartFunctions
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource<long>> At = new();

    /// <summary>When an instance's activity began.</summary>
    internal static Task<long> Reached(string id) => Of(id).Task;

    /// <summary>Starts an orchestration and answers with its id.</summary>
    [Function("Begin")]
    public static async Task<IActionResult> BeginAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "begin")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync("One", request.HttpContext.TraceIdentifier);
        return new ContentResult { Content = id };
    }

    /// <summary>One activity.</summary>
    [Function("One")]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync("Reach", context.InstanceId);

    /// <summary>Notes the time.</summary>
    [Function("Reach")]
    public static void Reach([ActivityTrigger] string id) => Of(id).TrySetResult(Stopwatch.GetTimestamp());

    private static TaskCompletionSource<long> Of(string id) =>
        At.GetOrAdd(id, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
