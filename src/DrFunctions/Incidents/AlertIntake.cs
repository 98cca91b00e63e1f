using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Signals.Unreadable;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Takes alerts in, whichever way they come. The signal is stored before anything follows from it, and an exception makes the sender
/// deliver again; a duplicate is recognised by its id and wakes the incident all the same, in case the first one died in between.
/// </summary>
public sealed partial class AlertIntake(
    PlanIndex plans, SignalLog signals, UnreadableIncidents unreadable, ControlAuthority authority, TimeProvider time, ILogger<AlertIntake> logger)
{
    private const int MaxBody = 64 * 1024;
    private const int AtOnce = 16;

    // One for each workload that alerts came for. A storm asks again and again for the same orchestration.
    private readonly ConcurrentDictionary<string, SharedLook<bool>> _wakes = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes one event or alert in; what it is, and the workloads it concerns. One that speaks of a region may concern every workload:
    /// what fails for one of them keeps it from no other.
    /// </summary>
    /// <exception cref="RecoveryException">It may concern a workload whose plan cannot be read, or storage does not answer.</exception>
    public async Task<IReadOnlyList<Correlation>> TakeAsync(string alert, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var signal = SignalReader.Read(alert, time.GetUtcNow());
        var all = await plans.ReadAsync(cancellationToken);
        foreach (var damaged in all.Damaged)
        {
            LogPlan(damaged.Workload, damaged.Why.Code, damaged.Why.Message);
        }

        var found = SignalCorrelation.Decide(signal, all.Plans.Select(one => one.Plan));
        var unreadable = all.Damaged is [.., var last] && MayConcernOthers(signal, found) ? last.Why : null;
        if (unreadable is not null && found is [{ Workload: null } nobody])
        {
            found = [nobody with { Reason = unreadable.Message }];
        }

        var failures = new ConcurrentQueue<Exception>();
        await Parallel.ForEachAsync(
            found,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (correlation, token) =>
            {
                try
                {
                    await TakeAsync(alert, signal, correlation, client, token);
                }
#pragma warning disable CA1031 // The border between workloads.
                catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    LogNotTaken(correlation.Workload ?? "no workload", signal.Id, (exception as RecoveryException)?.Code ?? exception.GetType().Name, exception.Message);
                    failures.Enqueue(exception);
                }
            });

        // Refused, so that it comes again: for those who do not have it, and for the workload whose plan cannot be read.
        if (failures.TryPeek(out var failure) || (failure = unreadable) is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return found;
    }

    // All resources of an alert can be known to be of others; a region is everybody's.
    private static bool MayConcernOthers(Signal signal, IReadOnlyList<Correlation> found) =>
        signal is { Resources.Count: 0, Regions.Count: > 0 } || found is [{ Workload: null, Disposition: SignalDisposition.Ignored }];

    private async Task TakeAsync(
        string alert, Signal signal, Correlation found, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (found.Disposition == SignalDisposition.Unreadable)
        {
            await TakeUnreadableAsync(alert, signal, found, cancellationToken);
            return;
        }

        await KeepAsync(alert, signal, found, cancellationToken);
        // An app that stands by keeps it: the tick finds it, should this app take over.
        if (found is { Disposition: SignalDisposition.Correlated, Workload: { } workload }
            && await authority.ReadRoleAsync(cancellationToken) == ControlRole.InControl)
        {
            await _wakes.GetOrAdd(workload, name => new SharedLook<bool>(() => WakeAsync(name, client))).TakeAsync(cancellationToken);
        }
    }

    // A person is to see it: what it was about, nobody knows. Of a flood the first are kept and all are counted.
    private async Task TakeUnreadableAsync(string alert, Signal signal, Correlation found, CancellationToken cancellationToken)
    {
        var keeps = !unreadable.IsFull;
        if (keeps)
        {
            await KeepAsync(alert, signal, found, cancellationToken);
        }

        var incident = await unreadable.AddAsync(signal.Id, found.Reason, cancellationToken);
        if (!keeps && incident.Count <= UnreadableIncident.MostKept)
        {
            // Somebody saw to the full one meanwhile.
            keeps = true;
            await KeepAsync(alert, signal, found, cancellationToken);
        }

        if (keeps)
        {
            await unreadable.MarkAsync(signal.Id, incident, cancellationToken);
        }

        LogUnreadable(signal.Id, found.Reason, incident.Id, incident.Count);
    }

    private static async Task<bool> WakeAsync(string workload, DurableTaskClient client)
    {
        await IncidentWaker.WakeAsync(client, workload, CancellationToken.None);
        return true;
    }

    private async Task KeepAsync(string alert, Signal signal, Correlation found, CancellationToken cancellationToken)
    {
        var body = alert.Length <= MaxBody ? alert : alert[..MaxBody];
        var isNew = await signals.AddAsync(
            new SignalRecord(1, signal, found.Workload, found.Disposition, found.Reason, body), cancellationToken);
        LogSignal(signal.Id, signal.Title, found.Disposition, found.Reason, isNew ? "new" : "duplicate");
    }

    [LoggerMessage(2002, LogLevel.Error, "The plan of {Workload} cannot be read, so its alerts wait: {Code}, {Message}")]
    private partial void LogPlan(string workload, string code, string message);

    [LoggerMessage(2003, LogLevel.Error, "Signal {Id} was not taken in for {Workload}, so it is to come again: {Code}, {Message}")]
    private partial void LogNotTaken(string workload, string id, string code, string message);

    [LoggerMessage(2004, LogLevel.Warning, "Signal {Id} could not be understood, and a person should look: {Reason}; {Incident} has {Count} of them")]
    private partial void LogUnreadable(string id, string reason, string incident, long count);

    [LoggerMessage(2001, LogLevel.Information, "Signal {Id} ({Title}): {Disposition}, {Reason}; {Novelty}")]
    private partial void LogSignal(string id, string title, SignalDisposition disposition, string reason, string novelty);
}
