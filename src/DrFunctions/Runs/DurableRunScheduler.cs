using DrFunctions.App.Durable;
using DrFunctions.Recovery.Runs;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Runs;

/// <summary>Schedules runs as orchestrations whose instance id is the run's id.</summary>
internal sealed class DurableRunScheduler(DurableTaskClient client) : IRunScheduler
{
    public Task EnsureScheduledAsync(RunRequest request, CancellationToken cancellationToken) =>
        client.EnsureRunningAsync(RunOrchestration.Name, new RunInput(request.Workload, request.RunId), request.RunId, cancellationToken);
}
