using System.Collections.Concurrent;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Keeps signals. A signal is stored once, under its workload; a mark beside it says which incident it belongs to. A signal
/// without a mark belongs to none yet, so that one whose incident was never woken is found by the next tick. A third key, in the
/// order of arrival, is for lists and for <see cref="SignalRetention"/>.
/// </summary>
public sealed class SignalLog(IDocumentStore documents)
{
    private const int Remembered = 10_000;

    private readonly ConcurrentDictionary<string, byte> _stored = new(StringComparer.Ordinal);

    /// <summary>Stands for no workload, and for no incident: none is named so.</summary>
    internal const string Nobody = "_";

    /// <summary>Stores a signal; false when it is a duplicate, which changes nothing.</summary>
    /// <exception cref="ArgumentException">The signal is correlated, but with no workload.</exception>
    public async Task<bool> AddAsync(SignalRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record is { Disposition: SignalDisposition.Correlated, Workload: null })
        {
            throw new ArgumentException("A correlated signal names its workload.", nameof(record));
        }

        // A storm is mostly duplicates, and one that is there had its arrival before.
        var arrival = SignalArrival.Of(record);
        var key = SignalKey(arrival.Folder, arrival.SignalId);
        var isNew = !_stored.ContainsKey(key)
            && await documents.ReadAsync(key, cancellationToken) is null
            && await CreateAsync(record, arrival, cancellationToken);
        Remember(key);
        if (record is { Disposition: not (SignalDisposition.Correlated or SignalDisposition.Resolving), Workload: { } workload })
        {
            // It waits for no incident: without the mark, every look for signals that do would read it again.
            await AttachAsync(workload, record.Signal.Id, Nobody, cancellationToken);
        }

        return isNew;
    }

    /// <summary>The workload's correlated and resolving signals that belong to no incident yet, oldest first.</summary>
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
                && await documents.ReadAsync<SignalRecord>(key, cancellationToken) is { } stored
                && stored.Value.Disposition is SignalDisposition.Correlated or SignalDisposition.Resolving)
            {
                records.Add(stored.Value);
            }
        }

        return [.. records.OrderBy(record => record.Signal.OccurredAt)];
    }

    /// <summary>Marks a signal as belonging to an incident. Idempotent; the first incident keeps it.</summary>
    public async Task AttachAsync(string workload, string signalId, string incidentId, CancellationToken cancellationToken) =>
        _ = await documents.TryCreateAsync(
            MarkKey(workload, signalId), new Dictionary<string, string> { ["incident"] = incidentId }, cancellationToken);

    /// <summary>Marks a signal as belonging to no incident. Idempotent; an incident that has it keeps it.</summary>
    public Task DismissAsync(string workload, string signalId, CancellationToken cancellationToken) =>
        AttachAsync(workload, signalId, Nobody, cancellationToken);

    /// <summary>A page of all signals, or of one workload's, newest first.</summary>
    /// <param name="workload">The workload; null for all, and for signals of none.</param>
    /// <param name="limit">The most on a page, 1 or more.</param>
    /// <param name="after">The <see cref="SignalPage.Next"/> of the page before; null for the first.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<SignalPage> ReadAsync(string? workload, int limit, string? after, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var arrivals = new List<SignalArrival>();
        await foreach (var key in documents.ListAsync(SignalArrival.Prefix(workload), cancellationToken))
        {
            if (SignalArrival.TryParse(key, out var arrival) && (after is null || string.CompareOrdinal(arrival.Position, after) > 0))
            {
                arrivals.Add(arrival);
            }
        }

        arrivals.Sort((left, right) => string.CompareOrdinal(left.Position, right.Position));
        var records = new List<SignalRecord>();
        string? last = null;
        foreach (var arrival in arrivals)
        {
            if (records.Count == limit)
            {
                return new SignalPage(records, last);
            }

            last = arrival.Position;
            if (await FindAsync(arrival, cancellationToken) is { } record && record.Signal.ReceivedAt == arrival.ReceivedAt)
            {
                records.Add(record);
            }
        }

        return new SignalPage(records, null);
    }

    /// <summary>Removes a signal and what belongs to it, unless an incident is still to have it; false then.</summary>
    internal async Task<bool> TryRemoveAsync(SignalArrival arrival, CancellationToken cancellationToken)
    {
        var (folder, id) = (arrival.Folder, arrival.SignalId);
        if (await FindAsync(arrival, cancellationToken) is { } stored)
        {
            if (stored.Signal.ReceivedAt != arrival.ReceivedAt)
            {
                // A duplicate's arrival, whose delivery died: the signal has one of its own.
                await DeleteAsync(arrival.Key, cancellationToken);
                return true;
            }

            if (folder != Nobody && await documents.ReadAsync(MarkKey(folder, id), cancellationToken) is null)
            {
                return false;
            }
        }

        // The arrival last: it is what a removal that died in between is found by.
        await DeleteAsync(SignalKey(folder, id), cancellationToken);
        await DeleteAsync(MarkKey(folder, id), cancellationToken);
        await DeleteAsync(arrival.Key, cancellationToken);
        return true;
    }

    // What was seen stored once is a duplicate for ever, also after retention removed it.
    private void Remember(string key)
    {
        if (_stored.Count >= Remembered)
        {
            _stored.Clear();
        }

        _stored.TryAdd(key, 0);
    }

    private async Task<bool> CreateAsync(SignalRecord record, SignalArrival arrival, CancellationToken cancellationToken)
    {
        // The arrival first: one without its signal is passed over, a signal without its arrival would never be seen or removed.
        await documents.TryCreateAsync(arrival.Key, Empty, cancellationToken);
        var isNew = await documents.TryCreateAsync(SignalKey(arrival.Folder, arrival.SignalId), record, cancellationToken);
        if (!isNew && (await FindAsync(arrival, cancellationToken))?.Signal.ReceivedAt != record.Signal.ReceivedAt)
        {
            await DeleteAsync(arrival.Key, cancellationToken);
        }

        return isNew;
    }

    private async Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        _ = await documents.TryDeleteAsync(key, etag: null, cancellationToken);

    private static ReadOnlyMemory<byte> Empty { get; } = "{}"u8.ToArray();

    private static string SignalKey(string folder, string id) => $"signals/{folder}/{id}";

    private static string MarkKey(string folder, string id) => $"attached/{folder}/{id}";

    private async Task<SignalRecord?> FindAsync(SignalArrival arrival, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<SignalRecord>(SignalKey(arrival.Folder, arrival.SignalId), cancellationToken))?.Value;

    private static string Last(string key) => key[(key.LastIndexOf('/') + 1)..];
}

/// <summary>Signals in the order of arrival, newest first.</summary>
/// <param name="Signals">The signals.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
public sealed record SignalPage(IReadOnlyList<SignalRecord> Signals, string? Next);
