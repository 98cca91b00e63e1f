using DrFunctions.App.Incidents;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Probes;

/// <summary>
/// Once a minute, from the control region: probes each workload's primary, reads how far its data is safe, and keeps both. A primary that
/// is found dead opens an incident where a plan's rules can pass without an alert of Azure's, or where an alert stands. Probes wait for
/// answers, so that they have a timer of their own and never hold up the tick.
/// </summary>
public sealed partial class ProbeFunction(PlanIndex plans, PrimaryWatch watch, ILogger<ProbeFunction> logger)
{
    private const int AtOnce = 16;

    [Function("Probe")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            (await plans.ReadAsync(cancellationToken)).Plans, // The tick says which cannot be read.
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (each, token) =>
            {
                try
                {
                    await ProbeAsync(each.Plan, client, token);
                }
#pragma warning disable CA1031 // The border between workloads.
                catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    LogFailed(each.Workload, (exception as RecoveryException)?.Code ?? exception.GetType().Name, exception.Message);
                }
            });

    private async Task ProbeAsync(WorkloadPlan plan, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await watch.LookAsync(plan, cancellationToken) is { } signal)
        {
            LogLost(plan.Workload, signal.Signal.Title, signal.Reason);
            await IncidentWaker.WakeAsync(client, plan.Workload, cancellationToken);
        }
    }

    [LoggerMessage(3101, LogLevel.Error, "The primary and the lag of {Workload} could not be sampled: {Code}, {Message}")]
    private partial void LogFailed(string workload, string code, string message);

    [LoggerMessage(3102, LogLevel.Warning, "{Workload} is looked into, because {Title}: {Reason}")]
    private partial void LogLost(string workload, string title, string reason);
}
