using DrFunctions.App.Http;
using DrFunctions.App.Plans;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Incidents;

/// <summary>Read incidents and signals.</summary>
public sealed class IncidentFunctions(IncidentLog incidents, SignalLog signals, PlanStore plans, ApiErrors errors)
{
    [Function("ListIncidents")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/incidents")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await plans.FindCurrentTextAsync(workload, cancellationToken) is null
            ? PlanFunctions.PlanMissing(workload)
            : ApiResult.Json(new IncidentList(await incidents.ReadAsync(workload, cancellationToken))));

    [Function("ListSignals")]
    public Task<IActionResult> ListSignalsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "signals")] HttpRequest request, CancellationToken cancellationToken) =>
        errors.GuardAsync(async () =>
        {
            var workload = request.Query["workload"].FirstOrDefault();
            if (workload is not null && !WorkloadName.IsValid(workload))
            {
                return ApiResult.BadRequest("FieldInvalid", $"workload: '{workload}', expected a workload's name.");
            }

            var records = await signals.ReadAsync(workload, cancellationToken);
            return ApiResult.Json(new SignalList([.. records.Select(record => new SignalBody(
                record.Signal.Id,
                record.Signal.ReceivedAt,
                record.Signal.OccurredAt,
                record.Signal.EventType,
                record.Signal.Resources.Count > 0 ? record.Signal.Resources[0].Value : record.Signal.Subject,
                record.Workload,
                record.Disposition,
                record.Reason))]));
        });

    private sealed record IncidentList(IReadOnlyList<IncidentRecord> Incidents);

    private sealed record SignalList(IReadOnlyList<SignalBody> Signals);

    private sealed record SignalBody(
        string Id,
        DateTimeOffset ReceivedAt,
        DateTimeOffset OccurredAt,
        string EventType,
        string Resource,
        string? Workload,
        SignalDisposition Disposition,
        string Reason);
}
