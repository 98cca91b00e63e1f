using System.Globalization;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.People;

/// <summary>
/// Keeps what people decided about runs. Create-only: a decision made twice is the first one, and nobody can take one back by
/// writing over it. Whoever acts on decisions reads them here; an event only says that there is something to read.
/// </summary>
public sealed class DecisionLog(IDocumentStore documents)
{
    /// <summary>Records a decision; the same person's same decision on the same occasion is recorded once. Idempotent.</summary>
    /// <returns>What is recorded, which is the earlier one when there was one, and whether it is new.</returns>
    public async Task<(DecisionRecord Recorded, bool IsNew)> AddAsync(DecisionRecord decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var key = decision.Key();
        if (await documents.TryCreateAsync(key, decision, cancellationToken))
        {
            return (decision, true);
        }

        var earlier = await documents.ReadAsync<DecisionRecord>(key, cancellationToken)
            ?? throw new DocumentStoreException($"The decision '{key}' exists and cannot be read.", isTransient: true);
        return (earlier.Value, false);
    }

    /// <summary>The decisions about a run, oldest occasion first; of one occasion in the order of <see cref="DecisionRecord.At"/>.</summary>
    public Task<IReadOnlyList<DecisionRecord>> ReadAsync(string runId, CancellationToken cancellationToken) =>
        ReadPrefixAsync($"runs/{runId}/decisions/", cancellationToken);

    /// <summary>The decisions about one step (null: about the run as a whole) on one occasion, in the order they were made.</summary>
    public Task<IReadOnlyList<DecisionRecord>> ReadAsync(string runId, int? step, long occasion, CancellationToken cancellationToken) =>
        ReadPrefixAsync(string.Create(CultureInfo.InvariantCulture, $"{Prefix(runId, step)}{occasion:D6}/"), cancellationToken);

    internal static string Prefix(string runId, int? step) => step is { } index
        ? string.Create(CultureInfo.InvariantCulture, $"runs/{runId}/decisions/{index:D3}/")
        : $"runs/{runId}/decisions/run/";

    private async Task<IReadOnlyList<DecisionRecord>> ReadPrefixAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<DecisionRecord>();
        await foreach (var key in documents.ListAsync(prefix, cancellationToken))
        {
            if (await documents.ReadAsync<DecisionRecord>(key, cancellationToken) is { } stored)
            {
                found.Add(stored.Value);
            }
        }

        return [.. found.OrderBy(decision => decision.Occasion).ThenBy(decision => decision.At)];
    }
}
