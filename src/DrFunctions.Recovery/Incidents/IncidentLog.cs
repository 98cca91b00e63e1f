using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Incidents;

/// <summary>Keeps incidents: at most one open for a workload, numbered in the order of opening.</summary>
public sealed class IncidentLog(IDocumentStore documents, SignalLog signals, WorkloadStates states, TimeProvider time)
{
    private const int Attempts = 16;
    private const int MostAdded = 500;
    private static readonly TimeSpan Lateness = TimeSpan.FromHours(1);

    /// <summary>
    /// Opens an incident for the workload's unattached alerts, or adds them to the open one. Null when there is neither: an alert
    /// that was resolved before anybody looked opens none, and one that is resolved after its incident closed stands no longer. A new
    /// incident has what stood of the last one's alerts. Idempotent.
    /// </summary>
    public async Task<IncidentRecord?> OpenAsync(string workload, string planVersion, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts;)
        {
            // In this order: an incident that is written after this read makes the write below fail.
            var last = await FindLastAsync(workload, cancellationToken);
            var loose = await signals.ReadUnattachedAsync(workload, cancellationToken);
            if (last is { } && loose.Where(Adds(last.Value)).ToList() is { Count: > 0 } named)
            {
                // Counted before whoever counted them died: they open no second one.
                await AttachAsync(workload, named, last.Value.Id, cancellationToken);
                loose = [.. loose.Except(named)];
            }

            var open = last is { Value.State: IncidentState.Open } ? last : null;
            if (open is null && !IsRed(loose))
            {
                if (await SettleAsync(workload, last, loose, cancellationToken))
                {
                    return null;
                }

                attempt++;
                continue;
            }

            if (loose.Count == 0)
            {
                return open?.Value;
            }

            var adding = Batch(loose, isFirst: open is null);
            var incident = Add(open?.Value ?? await NewAsync(workload, planVersion, last?.Value, cancellationToken), adding);
            if (!await documents.TryWriteAsync(Key(workload, incident.Id), incident, open, cancellationToken))
            {
                attempt++;
                continue;
            }

            // After the incident names them: a crash in between leaves them loose, and the next call recognises them.
            await AttachAsync(workload, adding, incident.Id, cancellationToken);
            if (adding.Count == loose.Count)
            {
                return incident;
            }
        }

        throw Contended(workload);
    }

    /// <summary>Whether an incident is open, an alert waits for one, or there is news that settles one.</summary>
    public async Task<bool> HasWorkAsync(string workload, CancellationToken cancellationToken)
    {
        var last = await FindLastAsync(workload, cancellationToken);
        if (last is { Value.State: IncidentState.Open })
        {
            return true;
        }

        var loose = await signals.ReadUnattachedAsync(workload, cancellationToken);
        return loose.Any(record => IsOver(record) || Concerns(last?.Value, record)) || IsRed(loose);
    }

    /// <summary>What the workload's last incident left: the incident, and which of its alerts still count.</summary>
    public async Task<IncidentRemains> ReadRemainsAsync(string workload, CancellationToken cancellationToken)
    {
        var last = (await FindLastAsync(workload, cancellationToken))?.Value;
        var state = await states.ReadAsync(workload, cancellationToken);
        return new IncidentRemains(last, state, StandingAlerts.Of(last, state, time.GetUtcNow()));
    }

    /// <summary>The open incident; null when there is none.</summary>
    public async Task<IncidentRecord?> FindOpenAsync(string workload, CancellationToken cancellationToken) =>
        await FindLastAsync(workload, cancellationToken) is { Value.State: IncidentState.Open } open ? open.Value : null;

    /// <summary>Reads an incident.</summary>
    /// <exception cref="RecoveryException">There is none of that id (<c>IncidentNotFound</c>).</exception>
    public async Task<IncidentRecord> ReadAsync(string workload, string id, CancellationToken cancellationToken) =>
        (await FindAsync(workload, id, cancellationToken)).Value;

    /// <summary>Changes an incident; a closed one stays as it is.</summary>
    /// <exception cref="RecoveryException">There is none of that id (<c>IncidentNotFound</c>).</exception>
    public async Task<IncidentRecord> ChangeAsync(
        string workload, string id, Func<IncidentRecord, IncidentRecord> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await FindAsync(workload, id, cancellationToken);
            if (seen.Value.State == IncidentState.Closed)
            {
                return seen.Value;
            }

            var changed = change(seen.Value);
            if (await documents.TryWriteAsync(Key(workload, id), changed, seen, cancellationToken))
            {
                return changed;
            }
        }

        throw Contended(workload);
    }

    /// <summary>Closes an incident. Idempotent; the first outcome stays.</summary>
    public Task<IncidentRecord> CloseAsync(string workload, string id, string outcome, string? runId, CancellationToken cancellationToken) =>
        ChangeAsync(
            workload,
            id,
            incident => incident with { State = IncidentState.Closed, ClosedAt = time.GetUtcNow(), Outcome = outcome, RunId = runId },
            cancellationToken);

    /// <summary>The workload's incidents, newest first.</summary>
    public async Task<IReadOnlyList<IncidentRecord>> ReadAsync(string workload, CancellationToken cancellationToken)
    {
        var incidents = new List<IncidentRecord>();
        await foreach (var key in ListAsync(workload, cancellationToken))
        {
            if (await documents.ReadAsync<IncidentRecord>(key, cancellationToken) is { } stored)
            {
                incidents.Insert(0, stored.Value);
            }
        }

        return incidents;
    }

    private static bool IsRed(IEnumerable<SignalRecord> loose) => AlertStates.Fold([], loose.Select(record => record.Signal)).Any(state => state.IsRed);

    private static Func<SignalRecord, bool> Adds(IncidentRecord incident)
    {
        var adding = incident.Adding.ToHashSet(StringComparer.Ordinal);
        return record => adding.Contains(record.Signal.Id);
    }

    // What one write adds. An incident begins with an alert that is red, whatever else arrived with it.
    private static List<SignalRecord> Batch(IReadOnlyList<SignalRecord> loose, bool isFirst)
    {
        if (loose.Count <= MostAdded)
        {
            return [.. loose];
        }

        var red = isFirst ? AlertStates.Fold([], loose.Select(record => record.Signal)).First(state => state.IsRed).Alert : null;
        return [.. loose.OrderByDescending(record => record.Signal.Alert == red).Take(MostAdded)];
    }

    private async Task<IncidentRecord> NewAsync(string workload, string planVersion, IncidentRecord? last, CancellationToken cancellationToken)
    {
        var number = last is null ? 1 : int.Parse(last.Id[(workload.Length + 1)..], CultureInfo.InvariantCulture) + 1;
        var id = string.Create(CultureInfo.InvariantCulture, $"{workload}-{number:D6}");
        var (state, now) = (await states.ReadAsync(workload, cancellationToken), time.GetUtcNow());
        return new IncidentRecord(1, id, workload, IncidentState.Open, now, DateTimeOffset.MaxValue, [], planVersion, null, null, null, null, null)
        {
            Alerts = StandingAlerts.Of(last, state, now),
            OpenedIn = state,
        };
    }

    private static IncidentRecord Add(IncidentRecord incident, List<SignalRecord> adding)
    {
        var detected = adding
            .Where(record => record.Signal.Condition == SignalCondition.Fired)
            .Select(record => record.Signal.OccurredAt)
            .Append(incident.DetectedAt)
            .Min();
        return incident with
        {
            DetectedAt = detected,
            Signals = [.. incident.Signals.Concat(adding.Select(record => record.Signal.Id)).Take(IncidentRecord.MostNamed)],
            SignalCount = incident.SignalCount + adding.Count,
            Adding = [.. adding.Select(record => record.Signal.Id)],
            Alerts = AlertStates.Fold(incident.Alerts, adding.Select(record => record.Signal)),
        };
    }

    // What an incident that closed is told, and what is over before any needed it; false when the incident changed meanwhile. News that an
    // alert is resolved waits a while for that alert, which may come later.
    private async Task<bool> SettleAsync(
        string workload, Stored<IncidentRecord>? last, IReadOnlyList<SignalRecord> loose, CancellationToken cancellationToken)
    {
        var told = loose.Where(record => Concerns(last?.Value, record)).ToList();
        if (last is { } closed && told.Count > 0)
        {
            // Before the signals are marked: told twice is told once.
            var alerts = AlertStates.Fold(closed.Value.Alerts, told.Select(record => record.Signal));
            if (!alerts.SequenceEqual(closed.Value.Alerts)
                && !await documents.TryWriteAsync(Key(workload, closed.Value.Id), closed.Value with { Alerts = alerts }, closed, cancellationToken))
            {
                return false;
            }
        }

        foreach (var record in loose.Where(record => record.Signal.Condition == SignalCondition.Fired || IsOver(record)).Union(told))
        {
            await signals.DismissAsync(workload, record.Signal.Id, cancellationToken);
        }

        return true;
    }

    private static bool Concerns(IncidentRecord? last, SignalRecord record) =>
        record.Signal.Condition == SignalCondition.Resolved && last?.Alerts.Any(alert => alert.Alert == record.Signal.Alert) == true;

    private bool IsOver(SignalRecord record) =>
        record.Signal.Condition == SignalCondition.Resolved && time.GetUtcNow() - record.Signal.ReceivedAt > Lateness;

    private async Task AttachAsync(string workload, IEnumerable<SignalRecord> records, string incidentId, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            await signals.AttachAsync(workload, record.Signal.Id, incidentId, cancellationToken);
        }
    }

    private async Task<Stored<IncidentRecord>> FindAsync(string workload, string id, CancellationToken cancellationToken) =>
        await documents.ReadAsync<IncidentRecord>(Key(workload, id), cancellationToken)
        ?? throw new RecoveryException(
            "IncidentNotFound", $"'{workload}' has no incident '{id}'.", isTransient: false, "List them with 'dr incident list'.");

    private async Task<Stored<IncidentRecord>?> FindLastAsync(string workload, CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var key in ListAsync(workload, cancellationToken))
        {
            last = key;
        }

        return last is null ? null : await documents.ReadAsync<IncidentRecord>(last, cancellationToken);
    }

    // Below an incident's key are the decisions about it.
    private IAsyncEnumerable<string> ListAsync(string workload, CancellationToken cancellationToken) =>
        documents.ListAsync($"incidents/{workload}/", cancellationToken).Where(key => key.AsSpan().Count('/') == 2);

    private static string Key(string workload, string id) => $"incidents/{workload}/{id}";

    private static RecoveryException Contended(string workload) => new(
        "IncidentContended",
        $"The incident of '{workload}' changed {Attempts} times while it was being written.",
        isTransient: true,
        "Try again.");
}
