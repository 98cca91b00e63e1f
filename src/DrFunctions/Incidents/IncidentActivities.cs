using DrFunctions.App.Runs;
using DrFunctions.Recovery.Incidents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Incidents;

/// <summary>The activities of an incident. They bind and call; see <see cref="IncidentDesk"/>.</summary>
public sealed class IncidentActivities(IncidentDesk desk, TimeProvider time)
{
    public const string Open = "OpenIncident";
    public const string Assess = "AssessIncident";
    public const string Start = "StartIncidentRun";
    public const string Close = "CloseIncident";

    [Function(Open)]
    public Task<IncidentOutline?> OpenAsync([ActivityTrigger] string workload, CancellationToken cancellationToken) =>
        desk.OpenAsync(workload, cancellationToken);

    [Function(Assess)]
    public Task<Assessment> AssessAsync([ActivityTrigger] IncidentLook look, CancellationToken cancellationToken) =>
        desk.AssessAsync(
            look.Workload,
            look.IncidentId,
            time.GetUtcNow() - look.LastLook > IncidentOrchestration.LongestSilence ? null : look.RedSince,
            cancellationToken);

    [Function(Start)]
    public Task StartAsync(
        [ActivityTrigger] IncidentLook look, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        desk.StartAsync(look.Workload, look.IncidentId, new DurableRunScheduler(client), cancellationToken);

    [Function(Close)]
    public Task CloseAsync([ActivityTrigger] IncidentEnd end, CancellationToken cancellationToken) =>
        desk.CloseAsync(end.Workload, end.IncidentId, end.Outcome, end.ActiveRun, cancellationToken);
}
