using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Keeps signals. A signal is stored once, under its workload; a mark beside it says which incident it belongs to. A signal
/// without a mark belongs to none yet, so that one whose incident was never woken is found by the next tick.
/// </summary>
public sealed class SignalLog(IDocumentStore documents)
{
    private const string NoWorkload = "_";

    /// <summary>Stores a signal; false when it is a duplicate, which changes nothing.</summary>
    public Task<bool> AddAsync(SignalRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var folder = record.Disposition == SignalDisposition.Correlated ? record.Workload! : record.Workload ?? NoWorkload; // A correlated signal has one.
        return documents.TryCreateAsync($"signals/{folder}/{record.Signal.Id}", record, cancellationToken);
    }

    /// <summary>The workload's correlated signals that belong to no incident yet, oldest first.</summary>
    public async Task<IReadOnlyList<SignalRecord>> ReadUnattachedAsync(string workload, CancellationToken cancellationToken)
    {
        var attached = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var key in documents.ListAsync($"attached/{workload}/", cancellationToken))
        {
            attached.Add(Last(key));
        }

        var records = new List<SignalRecord>();
        await foreach (var key in documents.ListAsync($"signals/{workload}/", cancellationToken))
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
