using DrFunctions.App.Durable;
using DrFunctions.Recovery.Runs;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.Runs;

/// <summary>
/// Schedules runs as orchestrations whose instance id is the run's id. A run that holds its lock has not ended: where its
/// orchestration has, it crashed or was terminated, and begins anew; the journal knows what is done.
/// </summary>
internal sealed class DurableRunScheduler(DurableTaskClient client) : IRunScheduler
{
    public Task EnsureScheduledAsync(RunRequest request, CancellationToken cancellationToken) =>
        client.EnsureRunningAsync(RunOrchestration.Name, new RunInput(request.Workload, request.RunId), request.RunId, cancellationToken);
}
