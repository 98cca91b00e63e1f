using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Signals;

namespace DrFunctions.Recovery.Incidents;

/// <summary>Keeps incidents: at most one open for a workload, numbered in the order of opening.</summary>
public sealed class IncidentLog(IDocumentStore documents, SignalLog signals, TimeProvider time)
{
    private const int Attempts = 16;

    /// <summary>
    /// Opens an incident for the workload's unattached signals, or adds them to the open one. Null when there is neither.
    /// Idempotent.
    /// </summary>
    public async Task<IncidentRecord?> OpenAsync(string workload, string planVersion, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // In this order: an incident that is written after this read makes the write below fail.
            var last = await FindLastAsync(workload, cancellationToken);
            var loose = await signals.ReadUnattachedAsync(workload, cancellationToken);
            if (last is { Value.State: IncidentState.Closed })
            {
                // Named by an incident that was decided before they were marked: they open no second one.
                var (named, others) = (loose.Where(Names(last.Value)).ToList(), loose.Where(record => !Names(last.Value)(record)).ToList());
                await AttachAsync(workload, named, last.Value.Id, cancellationToken);
                loose = others;
            }

            var open = last is { Value.State: IncidentState.Open } ? last : null;
            if (loose.Count == 0)
            {
                return open?.Value;
            }

            var number = last is null ? 1 : int.Parse(last.Value.Id[(workload.Length + 1)..], CultureInfo.InvariantCulture) + 1;
            var incident = open?.Value ?? new IncidentRecord(
                1,
                string.Create(CultureInfo.InvariantCulture, $"{workload}-{number:D6}"),
                workload,
                IncidentState.Open,
                time.GetUtcNow(),
                loose[0].Signal.OccurredAt,
                [],
                planVersion,
                null,
                null,
                null,
                null,
                null);
            incident = incident with
            {
                Signals = [.. incident.Signals.Union(loose.Select(record => record.Signal.Id))],
                DetectedAt = loose[0].Signal.OccurredAt < incident.DetectedAt ? loose[0].Signal.OccurredAt : incident.DetectedAt,
            };
            if (!await documents.TryWriteAsync(Key(workload, incident.Id), incident, open, cancellationToken))
            {
                continue;
            }

            // After the incident names them: a crash in between leaves them loose, and the next call adds them again.
            await AttachAsync(workload, loose, incident.Id, cancellationToken);
            return incident;
        }

        throw Contended(workload);
    }

    /// <summary>Whether an incident is open, or a signal waits for one.</summary>
    public async Task<bool> HasWorkAsync(string workload, CancellationToken cancellationToken) =>
        await FindLastAsync(workload, cancellationToken) is { Value.State: IncidentState.Open }
        || (await signals.ReadUnattachedAsync(workload, cancellationToken)).Count > 0;

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
        await foreach (var key in documents.ListAsync($"incidents/{workload}/", cancellationToken))
        {
            if (await documents.ReadAsync<IncidentRecord>(key, cancellationToken) is { } stored)
            {
                incidents.Insert(0, stored.Value);
            }
        }

        return incidents;
    }

    private static Func<SignalRecord, bool> Names(IncidentRecord incident) => record => incident.Signals.Contains(record.Signal.Id);

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
        await foreach (var key in documents.ListAsync($"incidents/{workload}/", cancellationToken))
        {
            last = key;
        }

        return last is null ? null : await documents.ReadAsync<IncidentRecord>(last, cancellationToken);
    }

    private static string Key(string workload, string id) => $"incidents/{workload}/{id}";

    private static RecoveryException Contended(string workload) => new(
        "IncidentContended",
        $"The incident of '{workload}' changed {Attempts} times while it was being written.",
        isTransient: true,
        "Try again.");
}
