using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Signals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Incidents;

/// <summary>Receives alerts: events from Event Grid, and what Azure Monitor's action groups send to a webhook.</summary>
public sealed class AlertFunction(AlertIntake intake, ApiErrors errors)
{
    [Function("Alert")]
    public Task RunAsync([EventGridTrigger] string alert, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        intake.TakeAsync(alert, client, cancellationToken);

    [Function("ReceiveAlert")]
    [Requires(CallerRole.AlertSource)]
    public Task<IActionResult> ReceiveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
    {
        var text = await ApiBody.ReadTextAsync(request, cancellationToken);
        if (!ApiBody.IsJson(text))
        {
            return ApiResult.BadRequest("BodyInvalid", "The body is not JSON, expected an alert of the common alert schema.");
        }

        var found = await intake.TakeAsync(text, client, cancellationToken);
        return ApiResult.Json(new Taken([.. found.Select(each => new TakenSignal(each.Workload, each.Disposition, each.Reason))]));
    });

    private sealed record Taken(IReadOnlyList<TakenSignal> Signals);

    private sealed record TakenSignal(string? Workload, SignalDisposition Disposition, string Reason);
}
