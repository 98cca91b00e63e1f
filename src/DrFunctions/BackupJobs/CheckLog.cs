using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.App.BackupJobs;

/// <summary>Keeps what checks saw of each region's repository.</summary>
public sealed class CheckLog(IDocumentStore documents)
{
    private const int Attempts = 16;

    /// <summary>What was seen of a region.</summary>
    public async Task<CheckState> ReadAsync(string workload, string region, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<CheckState>(Key(workload, region), cancellationToken))?.Value ?? CheckState.Nothing(region);

    /// <summary>Keeps what a check found.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="found">What.</param>
    /// <param name="part">The part that was read; null for all data.</param>
    /// <param name="at">When the check began.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task KeepAsync(string workload, RepositoryChecked found, int? part, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(found);
        var key = Key(workload, found.Region);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<CheckState>(key, cancellationToken);
            var state = seen?.Value ?? CheckState.Nothing(found.Region);
            if (await documents.TryWriteAsync(key, state.With(part, CheckedPart.Of(found, at)), seen, cancellationToken))
            {
                return;
            }
        }

        throw new RecoveryException("CheckContended", $"'{key}' changed {Attempts} times while it was being written.", isTransient: true, "Try again.");
    }

    private static string Key(string workload, string region) => $"checks/{workload}/{region}";
}
