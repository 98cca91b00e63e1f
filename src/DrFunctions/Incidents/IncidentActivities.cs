using DrFunctions.App.Runs;
using DrFunctions.Recovery.Incidents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Incidents;

/// <summary>The activities of an incident. They bind and call; see <see cref="IncidentDesk"/>.</summary>
public sealed class IncidentActivities(IncidentDesk desk, TimeProvider time)
{
    public const string Begin = "BeginIncident";
    public const string Open = "OpenIncident";
    public const string Assess = "AssessIncident";
    public const string Start = "StartIncidentRun";
    public const string Close = "CloseIncident";

    [Function(Begin)]
    public async Task<IncidentOutline?> BeginAsync([ActivityTrigger] string workload, CancellationToken cancellationToken) =>
        Calm(await desk.BeginAsync(workload, cancellationToken));

    [Function(Open)]
    public async Task<IncidentOutline?> OpenAsync([ActivityTrigger] string workload, CancellationToken cancellationToken) =>
        Calm(await desk.OpenAsync(workload, cancellationToken));

    [Function(Assess)]
    public async Task<Assessment> AssessAsync([ActivityTrigger] IncidentLook look, CancellationToken cancellationToken)
    {
        // How long it held is the orchestration's to say; its times are of another clock.
        var redSince = look.HeldSeconds is { } held ? time.GetUtcNow() - TimeSpan.FromSeconds(held) : (DateTimeOffset?)null;
        var seen = await desk.AssessAsync(look.Workload, look.IncidentId, redSince, cancellationToken);
        return seen with { WorthSeconds = (seen.WorthUntil - time.GetUtcNow())?.TotalSeconds };
    }

    [Function(Start)]
    public Task StartAsync(
        [ActivityTrigger] IncidentLook look, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        desk.StartAsync(look.Workload, look.IncidentId, new DurableRunScheduler(client), cancellationToken);

    [Function(Close)]
    public Task CloseAsync([ActivityTrigger] IncidentEnd end, CancellationToken cancellationToken) =>
        desk.CloseAsync(end.Workload, end.IncidentId, end.Outcome, end.ActiveRun, cancellationToken);

    private IncidentOutline? Calm(IncidentOutline? incident) => incident is null
        ? null
        : incident with { CalmSeconds = Math.Max(0, (incident.Until - time.GetUtcNow()).TotalSeconds - incident.PatienceSeconds) };
}
