using DrFunctions.App.Durable;
using DrFunctions.Recovery.Incidents;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Sees to it that a workload's incident is judged. A running orchestration reads the signals before every look; one that is about to end
/// has said so (<see cref="IncidentEndings"/>), and is waited for and begun anew. Thread-safe.
/// </summary>
public sealed class IncidentWaker(IncidentEndings endings, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Wakes the orchestration for signals that were stored before the call. One that takes more than ten seconds to end, because its
    /// process died, is left to the tick.
    /// </summary>
    public async Task WakeAsync(DurableTaskClient client, string workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        for (var began = time.GetTimestamp(); ; await Task.Delay(s_pause, time, cancellationToken))
        {
            // Begun after the signals were stored: its first look finds them, as does the next one of an orchestration that does not end.
            var input = new IncidentInput(workload, null) { IsNew = true };
            if (await client.EnsureRunningAsync(IncidentOrchestration.Name, input, $"incident-{workload}", cancellationToken)
                || !await endings.IsMarkedAsync(workload, cancellationToken)
                || time.GetElapsedTime(began) >= s_longest)
            {
                return;
            }
        }
    }
}
