using DrFunctions.Backup;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Backups;

/// <summary>
/// The activities of a backup. Each may run twice: the snapshot's id is the occurrence's, and the record says which region was
/// active when it began. Transient failures throw, and the orchestration retries; others are answers.
/// </summary>
public sealed class BackupActivities(
    BackupLog log, IPlanSource plans, WorkloadStates states, BackupEngine engine, StoreLocations locations, BackupSlots slots, TimeProvider time)
{
    public const string Begin = "BeginBackup";
    public const string Take = "TakeSnapshot";
    public const string Copy = "CopySnapshot";
    public const string Fail = "FailBackup";

    [Function(Begin)]
    public async Task<BackupError?> BeginAsync([ActivityTrigger] BackupInput job, CancellationToken cancellationToken)
    {
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        var state = await states.ReadAsync(job.Workload, cancellationToken);
        if (state.Arriving)
        {
            // A backup of the region where users may not be would look like one of their data.
            return new BackupError(
                "WorkloadMoving",
                $"The run '{state.RunId}' began to move users and it is not known where they are: finish it, or start it again.");
        }

        var active = state.Active;
        await log.BeginAsync(
            new BackupRecord(
                1,
                job.Workload,
                job.Policy,
                job.Occurrence,
                plan.Backups.First(policy => policy.Name == job.Policy).Store,
                job.SnapshotId,
                plan.RegionOf(active).Name,
                plan.RegionOf(Other(active)).Name,
                BackupState.Running,
                time.GetUtcNow()),
            cancellationToken);
        return null;
    }

    [Function(Take)]
    public async Task<BackupError?> TakeAsync([ActivityTrigger] BackupInput job, CancellationToken cancellationToken)
    {
        var (plan, record, from) = await ReadAsync(job, cancellationToken);
        if (record.State != BackupState.Running)
        {
            return null;
        }

        return await GuardAsync(async () =>
        {
            using var slot = slots.TryTake();
            if (slot is null)
            {
                return BackupError.Busy;
            }

            var started = time.GetTimestamp();
            var store = plan.ContainerNamed(record.Store)!; // Policies refer to containers that the plan has.
            using var repository = await locations.OpenAsync(plan.RepositoryIn(from), cancellationToken);
            var snapshot = await engine.BackupAsync(
                locations.Source(store.In(from)),
                repository,
                SnapshotRequests.Of(record.SnapshotId, job.Workload, plan.Backups.First(policy => policy.Name == job.Policy)), // The record was begun by this plan.
                cancellationToken: cancellationToken);
            if (await MovedAsync(plan, from, cancellationToken) is { } moved)
            {
                return moved;
            }

            if (!snapshot.IsComplete)
            {
                return new BackupError("SnapshotIncomplete", $"{snapshot.Unread} of {snapshot.Files} files of '{store.Name}' could not be read.");
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
                    BackupSeconds = time.GetElapsedTime(started).TotalSeconds,
                },
                cancellationToken);
            return null;
        });
    }

    [Function(Copy)]
    public async Task<BackupError?> CopyAsync([ActivityTrigger] BackupInput job, CancellationToken cancellationToken)
    {
        var (plan, record, from) = await ReadAsync(job, cancellationToken);
        return await GuardAsync(async () =>
        {
            if (record.State == BackupState.Taken)
            {
                using var slot = slots.TryTake();
                if (slot is null)
                {
                    return BackupError.Busy;
                }

                var started = time.GetTimestamp();
                using var repository = await locations.OpenAsync(plan.RepositoryIn(from), cancellationToken);
                await engine.CopyAsync(repository, locations.Repository(plan.RepositoryIn(Other(from))), cancellationToken: cancellationToken);
                record = await log.ChangeAsync(
                    record,
                    seen => seen with { State = BackupState.Copied, CopySeconds = time.GetElapsedTime(started).TotalSeconds },
                    cancellationToken);
            }

            if (record is { State: BackupState.Copied, RestorePoint: { } point })
            {
                await log.AdvancePointAsync(
                    job.Workload,
                    job.Policy,
                    point,
                    plan.ContainerNamed(record.Store)!.In(from), // Policies refer to containers that the plan has.
                    (plan.RepositoryIn(from), plan.RepositoryIn(Other(from))),
                    cancellationToken);
            }

            return null;
        });
    }

    [Function(Fail)]
    public async Task FailAsync([ActivityTrigger] BackupFailure failure, CancellationToken cancellationToken)
    {
        var job = failure.Job;
        var record = new BackupRecord(
            1, job.Workload, job.Policy, job.Occurrence, "", job.SnapshotId, "", "", BackupState.Failed, time.GetUtcNow(), Error: failure.Error);
        await log.ChangeAsync(
            await log.BeginAsync(record, cancellationToken),
            seen => seen.State == BackupState.Copied ? seen : seen with { State = BackupState.Failed, Error = failure.Error },
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

    private async Task<(WorkloadPlan Plan, BackupRecord Record, RegionRole From)> ReadAsync(BackupInput job, CancellationToken cancellationToken)
    {
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        var record = await log.ReadAsync(job.Workload, job.Policy, job.Occurrence, cancellationToken);
        return (plan, record, record.From == plan.Primary.Name ? RegionRole.Primary : RegionRole.Secondary);
    }

    private static async Task<BackupError?> GuardAsync(Func<Task<BackupError?>> act)
    {
        try
        {
            return await act();
        }
        catch (BackupException exception) when (!exception.IsTransient)
        {
            return new BackupError(exception.Code, $"{exception.Message} {exception.Hint}");
        }
    }

    private static RegionRole Other(RegionRole role) => role == RegionRole.Primary ? RegionRole.Secondary : RegionRole.Primary;
}
