using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Receives alerts from Event Grid. The signal is stored before anything follows from it, and an exception makes Event Grid
/// deliver again; a duplicate is recognised by its id and wakes the incident all the same, in case the first one died in between.
/// </summary>
public sealed partial class AlertFunction(PlanStore plans, SignalLog signals, TimeProvider time, ILogger<AlertFunction> logger)
{
    private const int MaxBody = 64 * 1024;

    [Function("Alert")]
    public async Task RunAsync([EventGridTrigger] string alert, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var signal = SignalReader.Read(alert, time.GetUtcNow());
        var known = new List<WorkloadPlan>();
        foreach (var (name, version) in await plans.ListAsync(cancellationToken))
        {
            known.Add(await plans.ReadAsync(name, version, cancellationToken));
        }

        var (workload, disposition, reason) = SignalCorrelation.Decide(signal, known);
        var body = alert.Length <= MaxBody ? alert : alert[..MaxBody];
        var isNew = await signals.AddAsync(new SignalRecord(1, signal, workload, disposition, reason, body), cancellationToken);
        LogSignal(signal.Id, signal.Title, disposition, reason, isNew ? "new" : "duplicate");
        if (disposition == SignalDisposition.Correlated)
        {
            await IncidentWaker.WakeAsync(client, workload!, cancellationToken); // Correlated signals have a workload.
        }
    }

    [LoggerMessage(2001, LogLevel.Information, "Signal {Id} ({Title}): {Disposition}, {Reason}; {Novelty}")]
    private partial void LogSignal(string id, string title, SignalDisposition disposition, string reason, string novelty);
}
