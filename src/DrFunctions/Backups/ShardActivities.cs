using DrFunctions.Backup;
using DrFunctions.Backup.Shards;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Backups;

/// <summary>
/// A snapshot is taken in shards, each by an activity, on as many instances as there are. Each activity may run twice, or at once with itself. Transient failures throw, and
/// the orchestration retries; others are answers.
/// </summary>
public sealed class ShardActivities(
    BackupLog log, IPlanSource plans, WorkloadStates states, StoreLocations locations, BackupSlots slots, FunctionTimeout timeout, TimeProvider time)
{
    public const string Plan = "PlanShards";
    public const string Take = "TakeShard";
    public const string Commit = "CommitSnapshot";

    /// <summary>Plans some shards; the first call begins the snapshot. Nothing is planned of one that is there already.</summary>
    [Function(Plan)]
    public Task<ShardsPlanned> PlanAsync([ActivityTrigger] ShardsInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return WithBackupAsync(
            input.Job,
            async (backup, token) => input.At is null && await backup.BeginAsync(token) is not null
                ? new ShardsPlanned(new ShardPlan([], null), null)
                : new ShardsPlanned(await backup.PlanAsync(input.At, ShardLimits.Within(timeout.ShardBudget), token), null),
            error => new ShardsPlanned(null, error),
            cancellationToken);
    }

    /// <summary>Takes a shard, or as much of it as there is time for.</summary>
    [Function(Take)]
    public Task<ShardDone> TakeAsync([ActivityTrigger] ShardInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return WithBackupAsync(
            input.Job,
            async (backup, token) => new ShardDone(await backup.TakeAsync(input.Shard, timeout.ShardBudget, null, token), null),
            error => new ShardDone(null, error),
            cancellationToken);
    }

    /// <summary>Makes the snapshot visible, and records it.</summary>
    [Function(Commit)]
    public Task<BackupError?> CommitAsync([ActivityTrigger] BackupInput job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return WithBackupAsync<BackupError?>(
            job,
            async (backup, token) =>
            {
                var (plan, record, from) = await ReadAsync(job, token);
                if (record.State != BackupState.Running)
                {
                    return null;
                }

                var snapshot = await backup.CommitAsync(token);
                if (await MovedAsync(plan, from, token) is { } moved)
                {
                    return moved;
                }

                if (!snapshot.IsComplete)
                {
                    return new BackupError("SnapshotIncomplete", $"{snapshot.Unread} of {snapshot.Files} files of '{record.Store}' could not be read.");
                }

                await log.ChangeAsync(
                    record,
                    seen => seen with
                    {
                        State = BackupState.Taken,
                        RestorePoint = snapshot.RestorePoint,
                        Files = snapshot.Files,
                        Bytes = snapshot.Bytes,
                        Kind = snapshot.Kind,
                        Parent = snapshot.Parent,
                        BytesAdded = snapshot.BytesAdded,
                        BackupSeconds = (time.GetUtcNow() - record.StartedAt).TotalSeconds,
                    },
                    token);
                return null;
            },
            error => error,
            cancellationToken);
    }

    // An attempt may begin, or begin again, long after its region was chosen. What it reads there once users have left is nobody's data of that time.
    private async Task<BackupError?> MovedAsync(WorkloadPlan plan, RegionRole from, CancellationToken cancellationToken)
    {
        var state = await states.ReadAsync(plan.Workload, cancellationToken);
        return plan.HasUsersIn(from, state)
            ? null
            : new BackupError(
                "RegionMoved",
                $"Users were moved from {plan.RegionOf(from).Name} to {plan.RegionOf(state.Active).Name} by the run '{state.RunId}' before the backup of it was done: it shows nobody's data.");
    }

    private async Task<T> WithBackupAsync<T>(
        BackupInput job, Func<ShardedBackup, CancellationToken, Task<T>> act, Func<BackupError, T> failed, CancellationToken cancellationToken)
    {
        try
        {
            using var slot = slots.TryTake();
            if (slot is null)
            {
                return failed(BackupError.Busy);
            }

            var (plan, record, from) = await ReadAsync(job, cancellationToken);
            using var repository = await locations.OpenAsync(plan.RepositoryIn(from), cancellationToken);
            var backup = new ShardedBackup(
                repository,
                locations.Source(plan.ContainerNamed(record.Store)!.In(from)), // Policies refer to containers that the plan has.
                SnapshotRequests.Of(record.SnapshotId, job.Workload, plan.Backups.First(policy => policy.Name == job.Policy)), // The record was begun by this plan.
                time: time);
            return await act(backup, cancellationToken);
        }
        catch (BackupException exception) when (!exception.IsTransient)
        {
            return failed(new BackupError(exception.Code, exception.Message));
        }
    }

    private async Task<(WorkloadPlan Plan, BackupRecord Record, RegionRole From)> ReadAsync(BackupInput job, CancellationToken cancellationToken)
    {
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        var record = await log.ReadAsync(job.Workload, job.Policy, job.Occurrence, cancellationToken);
        return (plan, record, record.From == plan.Primary.Name ? RegionRole.Primary : RegionRole.Secondary);
    }
}

/// <summary>Plans shards of a backup.</summary>
/// <param name="Job">The backup.</param>
/// <param name="At">Where to go on; null for the beginning.</param>
public sealed record ShardsInput(BackupInput Job, ShardPosition? At);

/// <summary>What was planned.</summary>
/// <param name="Plan">The shards; null when that failed.</param>
/// <param name="Error">Why; null when it did not.</param>
public sealed record ShardsPlanned(ShardPlan? Plan, BackupError? Error);

/// <summary>Takes a shard of a backup.</summary>
/// <param name="Job">The backup.</param>
/// <param name="Shard">Which.</param>
public sealed record ShardInput(BackupInput Job, BackupShard Shard);

/// <summary>What was taken.</summary>
/// <param name="Taken">How much, and what is left of the shard; null when that failed.</param>
/// <param name="Error">Why; null when it did not.</param>
public sealed record ShardDone(ShardTaken? Taken, BackupError? Error);
