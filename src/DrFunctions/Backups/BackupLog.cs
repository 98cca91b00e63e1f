using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>Keeps what backups did, and the newest restore point of each policy that both regions hold.</summary>
public sealed class BackupLog(IDocumentStore documents)
{
    private const int Attempts = 16;

    /// <summary>Creates the record, or reads the one that an earlier attempt created.</summary>
    public async Task<BackupRecord> BeginAsync(BackupRecord record, CancellationToken cancellationToken)
    {
        var key = Key(record.Workload, record.Policy, record.Occurrence);
        return await documents.TryCreateAsync(key, record, cancellationToken)
            ? record
            : await ReadAsync(record.Workload, record.Policy, record.Occurrence, cancellationToken);
    }

    /// <summary>Reads a record that exists.</summary>
    public async Task<BackupRecord> ReadAsync(string workload, string policy, string occurrence, CancellationToken cancellationToken) =>
        (await ReadStoredAsync(Key(workload, policy, occurrence), cancellationToken)).Value;

    /// <summary>Reads a record; null when there is none.</summary>
    public async Task<BackupRecord?> FindAsync(string workload, string policy, string occurrence, CancellationToken cancellationToken) =>
        (await documents.ReadAsync<BackupRecord>(Key(workload, policy, occurrence), cancellationToken))?.Value;

    /// <summary>Changes a record.</summary>
    public async Task<BackupRecord> ChangeAsync(
        BackupRecord record, Func<BackupRecord, BackupRecord> change, CancellationToken cancellationToken)
    {
        var key = Key(record.Workload, record.Policy, record.Occurrence);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await ReadStoredAsync(key, cancellationToken);
            var changed = change(seen.Value);
            if (changed == seen.Value || await documents.TryWriteAsync(key, changed, seen, cancellationToken))
            {
                return changed;
            }
        }

        throw Contended(key);
    }

    /// <summary>
    /// Records a restore point that both regions hold. Older ones than the newest change nothing, unless that one is of other places.
    /// </summary>
    /// <param name="workload">The workload.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="restorePoint">The time it shows.</param>
    /// <param name="source">The container it was taken from.</param>
    /// <param name="repositories">The two repositories that hold it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task AdvancePointAsync(
        string workload,
        string policy,
        DateTimeOffset restorePoint,
        BlobContainer source,
        (BlobContainer From, BlobContainer To) repositories,
        CancellationToken cancellationToken)
    {
        var point = new CopiedPoint(1, restorePoint, source, repositories.From, repositories.To);
        var key = PointKey(workload, policy);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var seen = await documents.ReadAsync<CopiedPoint>(key, cancellationToken);
            if ((seen is { } && seen.Value.RestorePoint >= restorePoint && seen.Value.IsWhere(point))
                || await documents.TryWriteAsync(key, point, seen, cancellationToken))
            {
                return;
            }
        }

        throw Contended(key);
    }

    /// <summary>
    /// The time to which all containers of the workload could be restored in the other region: the oldest of their newest copied
    /// restore points that are of the plan's containers, in the plan's repositories. Null, which is unknown, when one has none, and
    /// when the plan has no container.
    /// </summary>
    public async Task<DateTimeOffset?> FindNewestCopiedPointAsync(WorkloadPlan plan, CancellationToken cancellationToken)
    {
        DateTimeOffset? oldest = null;
        foreach (var store in plan.Containers)
        {
            if (await FindNewestCopiedPointAsync(plan, store, cancellationToken) is not { } newest)
            {
                return null;
            }

            oldest = newest > oldest ? oldest : newest;
        }

        return oldest;
    }

    /// <summary>The time to which one store could be restored in the other region; null, which is unknown, when it could not.</summary>
    public async Task<DateTimeOffset?> FindNewestCopiedPointAsync(WorkloadPlan plan, ContainerStore store, CancellationToken cancellationToken)
    {
        DateTimeOffset? newest = null;
        foreach (var policy in plan.Backups.Where(policy => policy.Store == store.Name))
        {
            var point = await FindCopiedPointAsync(plan, policy, cancellationToken);
            newest = newest is null || point > newest ? point ?? newest : newest;
        }

        return newest;
    }

    /// <summary>The newest restore point of a policy that both regions hold; null, which is unknown, when there is none.</summary>
    public async Task<DateTimeOffset?> FindCopiedPointAsync(WorkloadPlan plan, BackupPolicy policy, CancellationToken cancellationToken)
    {
        var point = (await documents.ReadAsync<CopiedPoint>(PointKey(plan.Workload, policy.Name), cancellationToken))?.Value;
        return plan.ContainerNamed(policy.Store) is { } store && point?.IsOf(plan, store) == true ? point.RestorePoint : null;
    }

    /// <summary>The newest records of a workload, newest first.</summary>
    public Task<IReadOnlyList<BackupRecord>> ReadNewestAsync(string workload, int count, CancellationToken cancellationToken) =>
        ReadNewestBelowAsync($"backups/{workload}/", count, cancellationToken);

    /// <summary>The newest records of a policy, newest first.</summary>
    public Task<IReadOnlyList<BackupRecord>> ReadNewestAsync(string workload, string policy, int count, CancellationToken cancellationToken) =>
        ReadNewestBelowAsync($"backups/{workload}/{policy}/", count, cancellationToken);

    private async Task<IReadOnlyList<BackupRecord>> ReadNewestBelowAsync(string prefix, int count, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var key in documents.ListAsync(prefix, cancellationToken))
        {
            keys.Add(key);
        }

        var records = new List<BackupRecord>();
        foreach (var key in keys.OrderByDescending(key => key[(key.LastIndexOf('/') + 1)..], StringComparer.Ordinal).Take(count))
        {
            records.Add((await ReadStoredAsync(key, cancellationToken)).Value);
        }

        return records;
    }

    private async Task<Stored<BackupRecord>> ReadStoredAsync(string key, CancellationToken cancellationToken) =>
        await documents.ReadAsync<BackupRecord>(key, cancellationToken)
        ?? throw new RecoveryException("BackupRecordMissing", $"The document '{key}' is missing.", isTransient: false, "Start the backup again.");

    private static string Key(string workload, string policy, string occurrence) => $"backups/{workload}/{policy}/{occurrence}";

    private static string PointKey(string workload, string policy) => $"points/{workload}/{policy}";

    private static RecoveryException Contended(string key) => new(
        "BackupContended", $"'{key}' changed {Attempts} times while it was being written.", isTransient: true, "Try again.");

    // Points without places were written before these were kept: where they are is unknown.
    private sealed record CopiedPoint(
        int Schema, DateTimeOffset RestorePoint, BlobContainer? Source = null, BlobContainer? From = null, BlobContainer? To = null)
    {
        public bool IsWhere(CopiedPoint other) => Source == other.Source
            && ((From == other.From && To == other.To) || (From == other.To && To == other.From));

        public bool IsOf(WorkloadPlan plan, ContainerStore store) =>
            (Source == store.Primary && From == plan.Primary.Repository && To == plan.Secondary.Repository)
            || (Source == store.Secondary && From == plan.Secondary.Repository && To == plan.Primary.Repository);
    }
}
