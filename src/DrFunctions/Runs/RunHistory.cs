using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.App.Runs;

/// <summary>The runs of a workload.</summary>
public sealed class RunHistory(IDocumentStore documents, RunJournal journal)
{
    /// <summary>All runs, newest first.</summary>
    public async Task<IReadOnlyList<RunView>> ReadAsync(string workload, CancellationToken cancellationToken)
    {
        var views = new List<RunView>();
        await foreach (var key in documents.ListAsync($"runs/{workload}-", cancellationToken))
        {
            // Other workloads' names may begin with this one's; the journal knows.
            if (key.EndsWith("/journal/000000", StringComparison.Ordinal)
                && await journal.ReadAsync(key.Split('/')[1], cancellationToken) is { Count: > 0 } entries
                && RunViews.Of(entries) is var view
                && view.Workload == workload)
            {
                views.Add(view);
            }
        }

        return [.. views.OrderByDescending(view => view.StartedAt)];
    }

    /// <summary>The runs before another one of the same workload; none when they cannot be read: estimates are a help, not a need.</summary>
    public async Task<IReadOnlyList<RunView>> BeforeAsync(RunView run, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await ReadAsync(run.Workload, cancellationToken)).Where(other => other.StartedAt < run.StartedAt)];
        }
        catch (RecoveryException)
        {
            return [];
        }
    }
}
