using System.Globalization;
using DrFunctions.App.Http;
using DrFunctions.App.People;
using DrFunctions.App.Plans;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Incidents;

/// <summary>Read incidents and signals.</summary>
public sealed class IncidentFunctions(IncidentLog incidents, SignalLog signals, PlanStore plans, ApiErrors errors)
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    [Function("ListIncidents")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plans/{workload}/incidents")] HttpRequest request,
        string workload,
        CancellationToken cancellationToken) => errors.GuardAsync(async () =>
        await plans.FindCurrentTextAsync(workload, cancellationToken) is null
            ? PlanFunctions.PlanMissing(workload)
            : ApiResult.Json(new IncidentList(
                await incidents.ReadAsync(workload, cancellationToken), (await incidents.ReadRemainsAsync(workload, cancellationToken)).Alerts)));

    [Function("ListSignals")]
    [Requires(CallerRole.Reader)]
    public Task<IActionResult> ListSignalsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "signals")] HttpRequest request, CancellationToken cancellationToken) =>
        errors.GuardAsync(async () =>
        {
            var workload = request.Query["workload"].FirstOrDefault();
            if (workload is not null && !WorkloadName.IsValid(workload))
            {
                return ApiResult.BadRequest("FieldInvalid", $"workload: '{workload}', expected a workload's name.");
            }

            var limit = DefaultPage;
            if (request.Query["limit"].FirstOrDefault() is { } asked
                && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestPage))
            {
                return ApiResult.BadRequest("FieldInvalid", $"limit: '{asked}', expected a whole number from 1 to {LargestPage}.");
            }

            var after = request.Query["after"].FirstOrDefault();
            if (after is not null && !SignalArrival.IsPosition(after))
            {
                return ApiResult.BadRequest("FieldInvalid", $"after: '{after}', expected the 'next' of the page before.");
            }

            var page = await signals.ReadAsync(workload, limit, after, cancellationToken);
            var standing = await StandingAsync(page.Signals, cancellationToken);
            return ApiResult.Json(new SignalList([.. page.Signals.Select(record => new SignalBody(
                record.Signal.Id,
                record.Signal.ReceivedAt,
                record.Signal.OccurredAt,
                record.Signal.EventType,
                record.Signal.Resources.Count > 0 ? record.Signal.Resources[0].Value : record.Signal.Subject,
                record.Workload,
                record.Disposition,
                record.Reason,
                standing.Contains((record.Workload, record.Signal.Alert, record.Signal.StatedAt))))], page.Next));
        });

    private async Task<HashSet<(string? Workload, string Alert, DateTimeOffset At)>> StandingAsync(
        IReadOnlyList<SignalRecord> page, CancellationToken cancellationToken)
    {
        var standing = new HashSet<(string?, string, DateTimeOffset)>();
        foreach (var workload in page.Where(record => record.Disposition == SignalDisposition.Correlated).Select(record => record.Workload).OfType<string>().Distinct())
        {
            standing.UnionWith((await incidents.ReadRemainsAsync(workload, cancellationToken)).Alerts.Select(alert => ((string?)workload, alert.Alert, alert.At)));
        }

        return standing;
    }

    private sealed record IncidentList(IReadOnlyList<IncidentRecord> Incidents, IReadOnlyList<AlertState> Standing);

    private sealed record SignalList(IReadOnlyList<SignalBody> Signals, string? Next);

    private sealed record SignalBody(
        string Id,
        DateTimeOffset ReceivedAt,
        DateTimeOffset OccurredAt,
        string EventType,
        string Resource,
        string? Workload,
        SignalDisposition Disposition,
        string Reason,
        bool Stands);
}
