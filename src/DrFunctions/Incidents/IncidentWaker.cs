using DrFunctions.App.Durable;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Incidents;

/// <summary>Wakes a workload's incident orchestration, or starts it. The event carries nothing: the orchestration reads the signals.</summary>
internal static class IncidentWaker
{
    public static string InstanceId(string workload) => $"incident-{workload}";

    public static async Task WakeAsync(DurableTaskClient client, string workload, CancellationToken cancellationToken)
    {
        var id = InstanceId(workload);
        if (await client.GetInstanceAsync(id, cancellationToken) is { IsCompleted: false })
        {
            // It may end before it reads the event; its signal is then still unattached, and the next tick wakes it again.
            await client.RaiseEventAsync(id, IncidentOrchestration.SignalEvent, cancellationToken);
            return;
        }

        await client.EnsureRunningAsync(IncidentOrchestration.Name, new IncidentInput(workload, null), id, cancellationToken);
    }
}
