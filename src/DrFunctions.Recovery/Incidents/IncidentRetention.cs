using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Incidents;

/// <summary>
/// Removes closed incidents that led to nothing: those older than <see cref="Age"/>, and of each workload all but the newest
/// <see cref="Most"/>. What started a run or what a person decided about is evidence and stays, as does each workload's newest one, which
/// the next one's number follows. Idempotent; may die anywhere.
/// </summary>
public sealed class IncidentRetention(IDocumentStore documents, TimeProvider time)
{
    /// <summary>How long an incident is kept that led to nothing.</summary>
    public static TimeSpan Age { get; } = TimeSpan.FromDays(90);

    /// <summary>How many of a workload are kept, those that stay for ever included.</summary>
    public const int Most = 1000;

    private const int Batch = 200;

    /// <summary>Whether the minute tick should sweep now: once an hour.</summary>
    public bool IsDue => time.GetUtcNow().Minute == 7;

    /// <summary>Removes what is too old or too much of one workload, at most a batch of it; the number removed.</summary>
    public async Task<int> SweepAsync(string workload, CancellationToken cancellationToken)
    {
        var (ids, decided) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        await foreach (var key in documents.ListAsync($"incidents/{workload}/", cancellationToken))
        {
            switch (key.Split('/'))
            {
                case [_, _, var id]:
                    ids.Add(id);
                    break;
                case [_, _, var id, ..]:
                    decided.Add(id);
                    break;
            }
        }

        // Numbers grow: once one is young and not too many, so are all behind it.
        var (removed, oldest) = (0, time.GetUtcNow() - Age);
        for (var index = 0; index < ids.Count - 1 && removed < Batch; index++)
        {
            var key = $"incidents/{workload}/{ids[index]}";
            if (decided.Contains(ids[index]) || await documents.ReadAsync<IncidentRecord>(key, cancellationToken) is not { } stored)
            {
                continue;
            }

            var isTooMany = ids.Count - index > Most;
            if (!isTooMany && stored.Value.OpenedAt >= oldest)
            {
                break;
            }

            if (stored.Value.State == IncidentState.Closed && !Started(stored.Value) && await documents.TryDeleteAsync(key, stored.ETag, cancellationToken))
            {
                removed++;
            }
        }

        return removed;
    }

    // The run that was active when it was blocked is none of its own; that one is named after it.
    private static bool Started(IncidentRecord incident) => incident.RunId?.StartsWith($"{incident.Id}-", StringComparison.Ordinal) == true;
}
