using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.CrashApp;

public static class Api
{
    /// <summary>Starts an orchestration; 200 if it was there already.</summary>
    [Function(nameof(Start))]
    public static async Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{name}/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var id = Route(request, "id");
        if (await client.GetInstanceAsync(id) is not null)
        {
            return new OkResult();
        }

        await client.ScheduleNewOrchestrationInstanceAsync(Route(request, "name"), "", new StartOrchestrationOptions(id));
        return new AcceptedResult();
    }

    [Function(nameof(Raise))]
    public static async Task<IActionResult> Raise(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "raise/{id}/{event}")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        await client.RaiseEventAsync(Route(request, "id"), Route(request, "event"), Route(request, "event"));
        return new AcceptedResult();
    }

    /// <summary>What there is of an orchestration, as <c>status|custom status|output or error</c>.</summary>
    [Function(nameof(Show))]
    public static async Task<IActionResult> Show(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "show/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        return await client.GetInstanceAsync(Route(request, "id"), getInputsAndOutputs: true) is { } found
            ? new ContentResult { Content = $"{found.RuntimeStatus}|{found.SerializedCustomStatus}|{found.SerializedOutput ?? found.FailureDetails?.ErrorMessage}" }
            : new NotFoundResult();
    }

    private static string Route(HttpRequest request, string name) => (string)request.RouteValues[name]!; // The route has it.
}
