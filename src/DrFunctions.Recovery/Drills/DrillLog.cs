using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Drills;

/// <summary>Keeps the last drill of each runbook.</summary>
public sealed class DrillLog(IDocumentStore documents)
{
    /// <summary>The last drill of a runbook with its ETag; null when there was none.</summary>
    public Task<Stored<DrillRecord>?> FindAsync(string workload, string runbook, CancellationToken cancellationToken) =>
        documents.ReadAsync<DrillRecord>(Key(workload, runbook), cancellationToken);

    /// <summary>The last drills of a workload, by runbook.</summary>
    public async Task<IReadOnlyList<DrillRecord>> ReadAsync(string workload, CancellationToken cancellationToken)
    {
        var drills = new List<DrillRecord>();
        await foreach (var key in documents.ListAsync($"drills/{workload}/", cancellationToken))
        {
            if (await documents.ReadAsync<DrillRecord>(key, cancellationToken) is { } drill)
            {
                drills.Add(drill.Value);
            }
        }

        return drills;
    }

    /// <summary>Writes over what was read; false when another has written since.</summary>
    public Task<bool> TryWriteAsync(string workload, DrillRecord drill, Stored<DrillRecord>? seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(drill);
        return documents.TryWriteAsync(Key(workload, drill.Runbook), drill, seen, cancellationToken);
    }

    private static string Key(string workload, string runbook) => $"drills/{workload}/{runbook}";
}
