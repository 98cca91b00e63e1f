using DrFunctions.App.Durable;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Sees to it that a workload's incident is judged. A running orchestration reads the signals before every look; one that ends just
/// now leaves its signal unattached, and the next tick starts it again.
/// </summary>
internal static class IncidentWaker
{
    public static Task WakeAsync(DurableTaskClient client, string workload, CancellationToken cancellationToken) =>
        client.EnsureRunningAsync(IncidentOrchestration.Name, new IncidentInput(workload, null), $"incident-{workload}", cancellationToken);
}
