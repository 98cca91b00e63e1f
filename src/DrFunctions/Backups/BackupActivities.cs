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
