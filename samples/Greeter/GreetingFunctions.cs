using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Greeter;

/// <summary>Says hello, and thirty days later goodbye.</summary>
public static partial class GreetingFunctions
{
    [Function("StartGreeting")]
    public static async Task<IActionResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "greetings/{name:alpha}")] HttpRequest request,
        string name, [DurableClient] DurableTaskClient client) =>
        new AcceptedResult("/api/greetings", new { id = await client.ScheduleNewOrchestrationInstanceAsync("Greet", name) });

    [Function("ShowGreeting")]
    public static async Task<IActionResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "greetings/{id:length(32)}")] HttpRequest request,
        string id, [DurableClient] DurableTaskClient client) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true) is { } greeting
            ? new OkObjectResult(new { status = $"{greeting.RuntimeStatus}", said = greeting.ReadCustomStatusAs<string>(), goodbye = greeting.ReadOutputAs<string>() })
            : new NotFoundResult();

    [Function("Greet")]
    public static async Task<string> GreetAsync([OrchestrationTrigger] TaskOrchestrationContext context, string name)
    {
        context.SetCustomStatus(await context.CallActivityAsync<string>("Say", $"Hello, {name}!"));
        await context.CreateTimer(TimeSpan.FromDays(30), CancellationToken.None);
        return await context.CallActivityAsync<string>("Say", $"Goodbye, {name}!");
    }

    [Function("Say")]
    public static string Say([ActivityTrigger] string words) => words;

    [Function("Count")]
    public static async Task CountAsync(
        [TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, FunctionContext context)
    {
        var running = client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running]));
        LogWaiting(context.GetLogger("Greeter"), await running.CountAsync());
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} people wait for their goodbye")]
    private static partial void LogWaiting(ILogger logger, int count);
}
