using System.Collections.Concurrent;
using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Signals.Unreadable;

/// <summary>
/// Keeps the incidents of signals that could not be read: at most one open, closed only by a named person. Thread-safe. A storm is
/// written down as often as the store answers, not once for each signal.
/// </summary>
public sealed class UnreadableIncidents
{
    /// <summary>How many closed ones are kept.</summary>
    public const int MostClosed = 50;

    private const string Folder = "unreadable/";
    private const string Prefix = "unreadable-";
    private const int Attempts = 16;
    private const int LongestReason = 200;
    private const int MostWaiting = 10_000;
    private readonly IDocumentStore _documents;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<(string Id, string Reason)> _waiting = new();
    private readonly SharedLook<UnreadableIncident> _writes;
    private volatile UnreadableIncident? _last;

    /// <summary>Over this store.</summary>
    public UnreadableIncidents(IDocumentStore documents, TimeProvider time)
    {
        (_documents, _time) = (documents, time);
        _writes = new SharedLook<UnreadableIncident>(WriteAsync);
    }

    /// <summary>Whether the open incident, as far as it is known here, has so many signals that no further body is to be kept.</summary>
    public bool IsFull => _last is { IsOpen: true, Count: >= UnreadableIncident.MostKept };

    /// <summary>Counts a signal in the open incident, or opens one with it; the incident as it was written.</summary>
    /// <param name="signalId">The signal.</param>
    /// <param name="reason">Why it was not understood.</param>
    /// <param name="cancellationToken">Ends the wait; the signal may be counted all the same.</param>
    public async Task<UnreadableIncident> AddAsync(string signalId, string reason, CancellationToken cancellationToken)
    {
        // A key of its own makes a signal that is delivered again one signal, as long as it is kept.
        if (await _documents.ReadAsync(MarkKey(signalId), cancellationToken) is null)
        {
            _waiting.Enqueue((signalId, reason.Length > LongestReason ? $"{reason[..LongestReason]}…" : reason));
        }

        return await _writes.TakeAsync(cancellationToken);
    }

    /// <summary>Marks a kept signal as counted, so that it is not counted again.</summary>
    public async Task MarkAsync(string signalId, UnreadableIncident incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        _ = await _documents.TryCreateAsync(MarkKey(signalId), new Dictionary<string, string> { ["incident"] = incident.Id }, cancellationToken);
    }

    /// <summary>All that are kept, newest first.</summary>
    public async Task<IReadOnlyList<UnreadableIncident>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new List<UnreadableIncident>();
        foreach (var key in await KeysAsync(cancellationToken))
        {
            if (await _documents.ReadAsync<UnreadableIncident>(key, cancellationToken) is { } stored)
            {
                found.Insert(0, stored.Value);
            }
        }

        return found;
    }

    /// <summary>Closes the incident in a person's name; null when there is none of that id. Idempotent: the first one stays.</summary>
    public async Task<UnreadableIncident?> AcknowledgeAsync(string id, CallerIdentity by, string note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(by);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!IsId(id) || await _documents.ReadAsync<UnreadableIncident>(Folder + id, cancellationToken) is not { } seen)
            {
                return null;
            }

            if (!seen.Value.IsOpen)
            {
                return seen.Value;
            }

            var closed = seen.Value with { AcknowledgedBy = by, AcknowledgedAt = _time.GetUtcNow(), Note = note };
            if (await _documents.TryWriteAsync(Folder + id, closed, seen, cancellationToken))
            {
                return closed;
            }
        }

        throw Contended();
    }

    /// <summary>Removes the oldest closed ones beyond <see cref="MostClosed"/>; the number removed. Idempotent; may die anywhere.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var keys = await KeysAsync(cancellationToken);
        foreach (var key in keys.Take(Math.Max(0, keys.Count - MostClosed)))
        {
            if (await _documents.ReadAsync<UnreadableIncident>(key, cancellationToken) is { Value.IsOpen: false } old
                && await _documents.TryDeleteAsync(key, old.ETag, cancellationToken))
            {
                removed++;
            }
        }

        return removed;
    }

    private static bool IsId(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal) && id.Length <= 40 && id.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    // One at a time in this process; other processes are what the loop is for.
    private async Task<UnreadableIncident> WriteAsync()
    {
        var taken = new List<(string Id, string Reason)>();
        while (_waiting.TryDequeue(out var one))
        {
            taken.Add(one);
        }

        try
        {
            return _last = await AddAsync(taken, CancellationToken.None);
        }
        catch
        {
            // Whoever waits for this is told, and may deliver again; others, who wait for the next one, may be among those taken.
            taken.Take(MostWaiting - Math.Min(MostWaiting, _waiting.Count)).ToList().ForEach(_waiting.Enqueue);
            _last = null;
            throw;
        }
    }

    private async Task<UnreadableIncident> AddAsync(List<(string Id, string Reason)> taken, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // In the order of opening, the last one may be open.
            var keys = await KeysAsync(cancellationToken);
            var last = keys.Count > 0 ? keys[^1] : null;
            var seen = last is null ? null : await _documents.ReadAsync<UnreadableIncident>(last, cancellationToken);
            if (taken.Count == 0 && seen is { } unchanged)
            {
                return unchanged.Value;
            }

            var now = _time.GetUtcNow();
            var open = seen is { Value.IsOpen: true } ? seen : null;
            var incident = open?.Value ?? new UnreadableIncident(1, NextId(last), now, now, 0, [], []);
            incident = incident with
            {
                LastAt = now,
                Count = incident.Count + taken.Count,
                Examples = [.. incident.Examples.Concat(taken.Select(one => one.Id)).Distinct(StringComparer.Ordinal).Take(UnreadableIncident.MostExamples)],
                Reasons = [.. incident.Reasons.Concat(taken.Select(one => one.Reason)).Distinct(StringComparer.Ordinal).Take(UnreadableIncident.MostReasons)],
            };
            if (await _documents.TryWriteAsync(Folder + incident.Id, incident, open, cancellationToken))
            {
                return incident;
            }
        }

        throw Contended();
    }

    private async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken) =>
        await _documents.ListAsync(Folder, cancellationToken).ToListAsync(cancellationToken);

    private static string NextId(string? last)
    {
        var number = last is null ? 1 : int.Parse(last.AsSpan(Folder.Length + Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D6}");
    }

    // Beside the marks of signals that belong to workloads' incidents: goes with its signal.
    private static string MarkKey(string signalId) => $"attached/{SignalLog.Nobody}/{signalId}";

    private static RecoveryException Contended() => new(
        "IncidentContended", $"The incident of unreadable signals changed {Attempts} times while it was being written.", isTransient: true, "Try again.");
}
