using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Takes alerts in, whichever way they come. The signal is stored before anything follows from it, and an exception makes the sender
/// deliver again; a duplicate is recognised by its id and wakes the incident all the same, in case the first one died in between.
/// </summary>
public sealed partial class AlertIntake(PlanStore plans, SignalLog signals, TimeProvider time, ILogger<AlertIntake> logger)
{
    private const int MaxBody = 64 * 1024;

    /// <summary>Takes one event or alert in; what it is, and the workloads it concerns.</summary>
    /// <exception cref="RecoveryException">It may concern a workload whose plan cannot be read, or storage does not answer.</exception>
    public async Task<IReadOnlyList<Correlation>> TakeAsync(string alert, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var signal = SignalReader.Read(alert, time.GetUtcNow());
        var (known, unreadable) = await ReadPlansAsync(cancellationToken);
        var found = SignalCorrelation.Decide(signal, known);
        if (unreadable is { } && found is [{ Workload: null, Disposition: SignalDisposition.Ignored }])
        {
            // It may concern the workload whose plan cannot be read: kept, and refused, so that it comes again.
            await KeepAsync(alert, signal, new Correlation(null, SignalDisposition.Ignored, unreadable.Message), cancellationToken);
            throw unreadable;
        }

        foreach (var correlation in found)
        {
            await KeepAsync(alert, signal, correlation, cancellationToken);
            if (correlation is { Disposition: SignalDisposition.Correlated, Workload: { } workload })
            {
                await IncidentWaker.WakeAsync(client, workload, cancellationToken);
            }
        }

        return found;
    }

    private async Task KeepAsync(string alert, Signal signal, Correlation found, CancellationToken cancellationToken)
    {
        var body = alert.Length <= MaxBody ? alert : alert[..MaxBody];
        var isNew = await signals.AddAsync(
            new SignalRecord(1, signal, found.Workload, found.Disposition, found.Reason, body), cancellationToken);
        LogSignal(signal.Id, signal.Title, found.Disposition, found.Reason, isNew ? "new" : "duplicate");
    }

    // One workload's damaged plan must not keep alerts from the others.
    private async Task<(List<WorkloadPlan> Known, RecoveryException? Unreadable)> ReadPlansAsync(CancellationToken cancellationToken)
    {
        var known = new List<WorkloadPlan>();
        RecoveryException? unreadable = null;
        var scan = await plans.ScanAsync(cancellationToken);
        foreach (var damaged in scan.Damaged)
        {
            LogPlan(damaged.Workload, damaged.Why.Code, damaged.Why.Message);
            unreadable = damaged.Why;
        }

        foreach (var (name, version) in scan.Plans)
        {
            try
            {
                known.Add(await plans.ReadAsync(name, version, cancellationToken));
            }
            catch (RecoveryException exception) when (!exception.IsTransient)
            {
                LogPlan(name, exception.Code, exception.Message);
                unreadable = exception;
            }
        }

        return (known, unreadable);
    }

    [LoggerMessage(2002, LogLevel.Error, "The plan of {Workload} cannot be read, so its alerts wait: {Code}, {Message}")]
    private partial void LogPlan(string workload, string code, string message);

    [LoggerMessage(2001, LogLevel.Information, "Signal {Id} ({Title}): {Disposition}, {Reason}; {Novelty}")]
    private partial void LogSignal(string id, string title, SignalDisposition disposition, string reason, string novelty);
}
