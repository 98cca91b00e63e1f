using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Keeps signals. A signal is stored once, under its workload; a mark beside it says which incident it belongs to. A signal
/// without a mark belongs to none yet, so that one whose incident was never woken is found by the next tick.
/// </summary>
public sealed class SignalLog(IDocumentStore documents)
{
    // No workload or incident is named so.
    private const string Nobody = "_";

    /// <summary>Stores a signal; false when it is a duplicate, which changes nothing.</summary>
    /// <exception cref="ArgumentException">The signal is correlated, but with no workload.</exception>
    public async Task<bool> AddAsync(SignalRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record is { Disposition: SignalDisposition.Correlated, Workload: null })
        {
            throw new ArgumentException("A correlated signal names its workload.", nameof(record));
        }

        var isNew = await documents.TryCreateAsync($"signals/{record.Workload ?? Nobody}/{record.Signal.Id}", record, cancellationToken);
        if (record is { Disposition: not SignalDisposition.Correlated, Workload: { } workload })
        {
            // It waits for no incident: without the mark, every look for signals that do would read it again.
            await AttachAsync(workload, record.Signal.Id, Nobody, cancellationToken);
        }

        return isNew;
    }

    /// <summary>The workload's correlated signals that belong to no incident yet, oldest first.</summary>
    public async Task<IReadOnlyList<SignalRecord>> ReadUnattachedAsync(string workload, CancellationToken cancellationToken)
    {
        var loose = new List<string>();
        await foreach (var key in documents.ListAsync($"signals/{workload}/", cancellationToken))
        {
            loose.Add(key);
        }

        // Marks after signals: one that arrives and is marked in between is not taken for loose.
        var attached = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var key in documents.ListAsync($"attached/{workload}/", cancellationToken))
        {
            attached.Add(Last(key));
        }

        var records = new List<SignalRecord>();
        foreach (var key in loose)
        {
            if (!attached.Contains(Last(key))
                && await documents.ReadAsync<SignalRecord>(key, cancellationToken) is { Value.Disposition: SignalDisposition.Correlated } stored)
            {
                records.Add(stored.Value);
            }
        }

        return [.. records.OrderBy(record => record.Signal.OccurredAt)];
    }

    /// <summary>Marks a signal as belonging to an incident. Idempotent; the first incident keeps it.</summary>
    public async Task AttachAsync(string workload, string signalId, string incidentId, CancellationToken cancellationToken) =>
        _ = await documents.TryCreateAsync(
            $"attached/{workload}/{signalId}", new Dictionary<string, string> { ["incident"] = incidentId }, cancellationToken);

    /// <summary>All signals, or one workload's, newest first.</summary>
    public async Task<IReadOnlyList<SignalRecord>> ReadAsync(string? workload, CancellationToken cancellationToken)
    {
        var records = new List<SignalRecord>();
        await foreach (var key in documents.ListAsync(workload is null ? "signals/" : $"signals/{workload}/", cancellationToken))
        {
            if (await documents.ReadAsync<SignalRecord>(key, cancellationToken) is { } stored)
            {
                records.Add(stored.Value);
            }
        }

        return [.. records.OrderByDescending(record => record.Signal.ReceivedAt)];
    }

    private static string Last(string key) => key[(key.LastIndexOf('/') + 1)..];
}
