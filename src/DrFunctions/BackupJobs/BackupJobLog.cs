using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.App.BackupJobs;

/// <summary>Keeps jobs, and which job of a kind and policy is the active one.</summary>
public sealed class BackupJobLog(IDocumentStore documents)
{
    private const int Attempts = 16;

    // A check a day and region, and what people start: about three months of them.
    private const int MostKept = 200;

    /// <summary>A job; null when there is none of that id.</summary>
    public async Task<BackupJob?> FindAsync(string workload, string id, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<BackupJob>(Key(workload, id), cancellationToken))?.Value;

    /// <summary>A job that is there.</summary>
    /// <exception cref="RecoveryException">It is not (<c>BackupJobMissing</c>).</exception>
    public async Task<BackupJob> ReadAsync(string workload, string id, CancellationToken cancellationToken) =>
        await FindAsync(workload, id, cancellationToken) ?? throw Missing(workload, id);

    /// <summary>The newest jobs of a workload, newest first.</summary>
    public async Task<IReadOnlyList<BackupJob>> ReadNewestAsync(string workload, int count, CancellationToken cancellationToken)
    {
        var jobs = new List<BackupJob>();
        foreach (var key in (await KeysAsync(workload, cancellationToken)).Reverse().Take(count))
        {
            if ((await documents.ReadAsync<BackupJob>(key, cancellationToken))?.Value is { } job)
            {
                jobs.Add(job);
            }
        }

        return jobs;
    }

    /// <summary>The job that a kind and policy, and a check's region, has or had last; null for none.</summary>
    internal Task<Stored<ActiveBackupJob>?> ReadActiveAsync(string workload, BackupJobRequest request, CancellationToken cancellationToken) =>
        documents.ReadAsync<ActiveBackupJob>(ActiveKey(workload, request), cancellationToken);

    /// <summary>All such jobs of a workload.</summary>
    internal async Task<IReadOnlyList<ActiveBackupJob>> ReadActiveAsync(string workload, CancellationToken cancellationToken)
    {
        var active = new List<ActiveBackupJob>();
        await foreach (var key in documents.ListAsync($"activebackupjobs/{workload}/", cancellationToken))
        {
            if ((await documents.ReadAsync<ActiveBackupJob>(key, cancellationToken))?.Value is { } one)
            {
                active.Add(one);
            }
        }

        return active;
    }

    /// <summary>Makes a job the active one of its kind and policy, and of a check's region; false, and nothing changed, when another became it meanwhile.</summary>
    internal Task<bool> TryActivateAsync(BackupJob job, Stored<ActiveBackupJob>? seen, CancellationToken cancellationToken) =>
        documents.TryWriteAsync(ActiveKey(job.Workload, job.Request), new ActiveBackupJob(1, job), seen, cancellationToken);

    /// <summary>Keeps a job that was activated. Idempotent.</summary>
    internal Task CreateAsync(BackupJob job, CancellationToken cancellationToken) => documents.TryCreateAsync(Key(job.Workload, job.Id), job, cancellationToken);

    /// <summary>Changes a job that has not ended; one that has stays as it is.</summary>
    public async Task<BackupJob> ChangeAsync(string workload, string id, Func<BackupJob, BackupJob> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var key = Key(workload, id);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<BackupJob>(key, cancellationToken) ?? throw Missing(workload, id);
            if (seen.Value.State != BackupJobState.Running)
            {
                return seen.Value;
            }

            var changed = change(seen.Value);
            if (await documents.TryWriteAsync(key, changed, seen, cancellationToken))
            {
                return changed;
            }
        }

        throw new RecoveryException("BackupJobContended", $"'{key}' changed {Attempts} times while it was being written.", isTransient: true, "Try again.");
    }

    /// <summary>Removes the oldest jobs of a workload that nobody looks at any more.</summary>
    public async Task SweepAsync(string workload, CancellationToken cancellationToken)
    {
        var keys = await KeysAsync(workload, cancellationToken);
        foreach (var key in keys.Take(Math.Max(0, keys.Count - MostKept)))
        {
            if ((await documents.ReadAsync<BackupJob>(key, cancellationToken))?.Value.State != BackupJobState.Running)
            {
                await documents.TryDeleteAsync(key, null, cancellationToken);
            }
        }
    }

    // Ids begin with the time: the oldest is the first.
    private async Task<IReadOnlyList<string>> KeysAsync(string workload, CancellationToken cancellationToken) =>
        await documents.ListAsync($"backupjobs/{workload}/", cancellationToken).ToListAsync(cancellationToken);

    private static string Key(string workload, string id) => $"backupjobs/{workload}/{id}";

    // Checks of two regions have nothing to do with each other: one of a region that is dark or slow must not hold up the other's.
    private static string ActiveKey(string workload, BackupJobRequest request) =>
        $"activebackupjobs/{workload}/{request.Policy}/{request.Kind.ToString().ToLowerInvariant()}{(request is { Kind: BackupJobKind.Check, Region: { } region } ? $"/{region}" : "")}";

    private static RecoveryException Missing(string workload, string id) => new(
        "BackupJobMissing", $"There is no backup job '{id}' of '{workload}'.", isTransient: false, "List them with 'dr backup jobs'.");
}

/// <summary>The job that a kind and policy has or had last, as it was started: whoever finds it without its document, or never scheduled, makes up for that.</summary>
/// <param name="Schema">1.</param>
/// <param name="Job">The job.</param>
internal sealed record ActiveBackupJob(int Schema, BackupJob Job);
