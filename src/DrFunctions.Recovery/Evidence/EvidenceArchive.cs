using System.Globalization;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Evidence;

/// <summary>Collects what every region holds of a run.</summary>
public sealed class EvidenceArchive(DocumentReplicas replicas)
{
    /// <summary>Collects a run's journal and what each region holds of it; null when the deciding region has no such run.</summary>
    /// <exception cref="RecoveryException">The deciding region does not answer, or an entry there cannot be read.</exception>
    public async Task<RunEvidence?> CollectAsync(string runId, CancellationToken cancellationToken)
    {
        var first = replicas.All[0];
        var entries = new List<JournalEntry>();
        while (await first.Store.ReadAsync<JournalEntry>(Key(runId, entries.Count), cancellationToken) is { } entry)
        {
            entries.Add(entry.Value);
        }

        if (entries.Count == 0)
        {
            return null;
        }

        var copies = new List<EvidenceCopy>
        {
            new(first.Place, [.. entries.Select(entry => entry.Hash ?? "")], await AnchorAsync(first, runId, cancellationToken), null),
        };
        foreach (var other in replicas.All.Skip(1))
        {
            copies.Add(await CopyAsync(other, runId, cancellationToken));
        }

        return new RunEvidence(runId, entries) { Copies = copies };
    }

    private static async Task<EvidenceCopy> CopyAsync(DocumentReplica replica, string runId, CancellationToken cancellationToken)
    {
        var hashes = new List<string>();
        try
        {
            while (await replica.Store.ReadAsync<JournalEntry>(Key(runId, hashes.Count), cancellationToken) is { } entry)
            {
                // What the copy says of itself is not believed.
                hashes.Add(entry.Value.ComputeHash());
            }

            return new EvidenceCopy(replica.Place, hashes, await AnchorAsync(replica, runId, cancellationToken), null);
        }
        catch (RecoveryException exception)
        {
            // The region may be the one that was lost; what it would say is unknown then, not good.
            return new EvidenceCopy(replica.Place, hashes, null, $"{exception.Code}: {exception.Message}");
        }
    }

    private static async Task<EvidenceAnchor?> AnchorAsync(DocumentReplica replica, string runId, CancellationToken cancellationToken) =>
        (await replica.Store.ReadAsync<EvidenceAnchor>(EvidenceAnchor.Key(runId), cancellationToken))?.Value;

    private static string Key(string runId, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"runs/{runId}/journal/{sequence:D6}");
}
