using DrFunctions.Recovery.Documents;

namespace DrFunctions.App.Retention;

/// <summary>Keeps how far prunes are, and what they did.</summary>
public sealed class PruneLog(IDocumentStore documents)
{
    /// <summary>How far a pair's prunes are; null before the first look at their schedule.</summary>
    public Task<Stored<PruneState>?> FindStateAsync(RepositoryPair pair, CancellationToken cancellationToken) =>
        documents.ReadAsync<PruneState>(StateKey(pair), cancellationToken);

    /// <summary>Writes over what was read; false when another has written since.</summary>
    public Task<bool> TryWriteStateAsync(RepositoryPair pair, PruneState state, Stored<PruneState>? seen, CancellationToken cancellationToken) =>
        documents.TryWriteAsync(StateKey(pair), state, seen, cancellationToken);

    /// <summary>What an attempt did; null when nothing was written of it.</summary>
    public async Task<PruneRecord?> FindAsync(PruneInput job, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<PruneRecord>(Key(job.Pair, job.Name), cancellationToken))?.Value;

    /// <summary>Writes what an attempt did, or reads what was written of it already.</summary>
    public async Task<PruneRecord> KeepAsync(RepositoryPair pair, PruneRecord record, CancellationToken cancellationToken) =>
        await documents.TryCreateAsync(Key(pair, record.Name), record, cancellationToken)
            ? record
            : (await documents.ReadAsync<PruneRecord>(Key(pair, record.Name), cancellationToken))?.Value ?? record;

    /// <summary>What the last prune came to in each repository of a pair; further attempts are of those that failed before. Empty when there was none.</summary>
    public async Task<IReadOnlyList<(PruneRecord Record, PlacePruned Place)>> FindLastAsync(RepositoryPair pair, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var key in documents.ListAsync(Key(pair, ""), cancellationToken))
        {
            names.Add(key);
        }

        var last = new Dictionary<PrunePlace, (PruneRecord, PlacePruned)>();
        for (var at = names.Count - 1; at >= 0 && names[at].StartsWith(OccurrenceOf(names[^1]), StringComparison.Ordinal); at--)
        {
            if ((await documents.ReadAsync<PruneRecord>(names[at], cancellationToken))?.Value is { } record)
            {
                foreach (var place in record.Places)
                {
                    last.TryAdd(place.Place, (record, place));
                }
            }
        }

        return [.. last.Values];
    }

    private static string OccurrenceOf(string key) => key[..(key.IndexOf('Z', StringComparison.Ordinal) + 1)];

    private static string StateKey(RepositoryPair pair) => $"pruning/{pair.Id}";

    private static string Key(RepositoryPair pair, string name) => $"prunes/{pair.Id}/{name}";
}
