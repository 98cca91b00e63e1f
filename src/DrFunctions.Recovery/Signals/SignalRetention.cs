using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Signals;

/// <summary>
/// Removes old signals: those that arrived more than <see cref="Age"/> ago, and of each workload all but the newest
/// <see cref="Most"/>. A signal that still waits for its incident stays. Idempotent; may die anywhere.
/// </summary>
public sealed class SignalRetention(IDocumentStore documents, SignalLog signals, TimeProvider time)
{
    /// <summary>How long a signal is kept. Event Grid repeats itself for a day at most.</summary>
    public static TimeSpan Age { get; } = TimeSpan.FromDays(30);

    /// <summary>How many signals of one workload, or of none, are kept.</summary>
    public const int Most = 10_000;

    private const int Batch = 500;

    /// <summary>Whether the minute tick should sweep now: every tenth minute.</summary>
    public bool IsDue => time.GetUtcNow().Minute % 10 == 0;

    /// <summary>Removes what is too old or too much, at most a batch of it; the number removed.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var kept = new Dictionary<string, int>(StringComparer.Ordinal);
        var doomed = new List<SignalArrival>();
        var oldest = time.GetUtcNow() - Age;
        await foreach (var key in documents.ListAsync(SignalArrival.Prefix(null), cancellationToken))
        {
            if (!SignalArrival.TryParse(key, out var arrival))
            {
                continue;
            }

            // A folder's keys come newest first.
            var count = kept[arrival.Folder] = kept.GetValueOrDefault(arrival.Folder) + 1;
            if (count > Most || arrival.ReceivedAt < oldest)
            {
                doomed.Add(arrival);
            }
        }

        var removed = 0;
        foreach (var arrival in doomed.OrderBy(arrival => arrival.ReceivedAt))
        {
            if (removed == Batch)
            {
                break;
            }

            removed += await signals.TryRemoveAsync(arrival, cancellationToken) ? 1 : 0;
        }

        return removed;
    }
}
