using DrFunctions.App.Backups;
using DrFunctions.App.RestoreTests;
using DrFunctions.Backup;
using DrFunctions.Backup.Checks;
using DrFunctions.Backup.Repairs;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.BackupJobs;

/// <summary>The activities of jobs. Each may run twice, or at once with itself. Transient failures throw, and the orchestration retries; others are answers.</summary>
public sealed class BackupJobActivities(
    BackupJobLog jobs,
    CheckLog checks,
    BackupLog backups,
    IPlanSource plans,
    WorkloadStates states,
    BackupEngine engine,
    StoreLocations locations,
    RestoreContainers containers,
    NoticeOutbox outbox,
    BackupSlots slots,
    FunctionTimeout timeout,
    TimeProvider time)
{
    public const string Begin = "BeginBackupJob";
    public const string Do = "DoBackupJob";
    public const string End = "EndBackupJob";

    // What a slow check reads in a second.
    private const double BytesInASecond = 16 * 1024 * 1024;
    private const int MostParts = 1000;

    // So long a copy or a repair may take in one function: what is left is for its end.
    private TimeSpan Longest => timeout.Value * 0.75;

    /// <summary>Says what the job comes to.</summary>
    [Function(Begin)]
    public async Task<BackupJobScope> BeginAsync([ActivityTrigger] BackupJobInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var job = await jobs.ReadAsync(input.Workload, input.Id, cancellationToken);
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        var state = await states.ReadAsync(job.Workload, cancellationToken);
        if (state.Arriving && (job.Request.Region is null || job.Request.Kind == BackupJobKind.Run))
        {
            return new BackupJobScope(input, 0, Error: new BackupError(
                "WorkloadMoving", $"The run '{state.RunId}' began to move users and it is not known where they are: name a region, or finish the run."));
        }

        var role = job.Request.Region is { } name ? RoleOf(plan, name) : state.Active;
        var region = plan.RegionOf(role).Name;
        return await GuardAsync(
            async () => job.Request.Kind switch
            {
                // The occurrence is its own: the schedule's state knows nothing of it.
                BackupJobKind.Run => new BackupJobScope(input, 0, region, new BackupInput(job.Workload, job.Request.Policy, $"{job.CreatedAt.UtcDateTime:yyyyMMdd'T'HHmm'Z'}-{job.Id[^8..]}", job.PlanVersion)),
                BackupJobKind.Check => new BackupJobScope(input, await PartsAsync(plan.RepositoryIn(role), job.Request.Part is null ? 1 : CheckState.Parts, cancellationToken), region),
                BackupJobKind.Restore => await ScopeOfRestoreAsync(input, job, plan.RepositoryIn(role), region, cancellationToken),
                _ => new BackupJobScope(input, 1, region),
            },
            error => new BackupJobScope(input, 0, region, Error: error));
    }

    /// <summary>Does a part.</summary>
    [Function(Do)]
    public async Task<BackupJobAnswer> DoAsync([ActivityTrigger] BackupJobPart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        var (input, region) = (part.Scope.Input, part.Scope.Region ?? throw new ArgumentException("A part has a region.", nameof(part)));
        using var slot = slots.TryTake();
        if (slot is null)
        {
            return new BackupJobAnswer(Error: BackupError.Busy);
        }

        var job = await jobs.ReadAsync(input.Workload, input.Id, cancellationToken);
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        var role = RoleOf(plan, region);
        var answer = await GuardAsync(
            () => job.Request.Kind switch
            {
                BackupJobKind.Check => CheckAsync(job, plan.RepositoryIn(role), part, region, cancellationToken),
                BackupJobKind.Restore => RestoreAsync(job, plan.RepositoryIn(role), part, cancellationToken),
                BackupJobKind.Copy => CopyAsync(plan, role, cancellationToken),
                _ => RepairAsync(job, plan, role, cancellationToken),
            },
            error => new BackupJobAnswer(Error: error));
        var bytes = answer.Result?.Checked?.BytesRead ?? answer.Result?.Restored?.BytesWritten ?? answer.Result?.Copied?.BytesCopied ?? 0;
        await jobs.ChangeAsync(
            input.Workload,
            input.Id,
            seen => seen with { Progress = new BackupJobProgress(part.Part + (answer.IsCutOff ? 0 : 1), part.Scope.Parts, (part.Part == 0 ? 0 : seen.Progress?.Bytes ?? 0) + bytes) },
            cancellationToken);
        return answer;
    }

    /// <summary>Records what came of the job.</summary>
    [Function(End)]
    public async Task EndAsync([ActivityTrigger] BackupJobEnd end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        var (scope, (result, error, _)) = (end.Scope, end.Answer);
        if (scope.Backup is { } backup && error is null)
        {
            var record = await backups.FindAsync(backup.Workload, backup.Policy, backup.Occurrence, cancellationToken);
            (result, error) = record switch
            {
                { State: BackupState.Copied } => (BackupJobResults.Of(record), null),
                { Error: { } why } => (BackupJobResults.Of(record), why),
                _ => (null, new BackupError("BackupFailed", "The backup came to no end, for a reason that was not recorded.")),
            };
        }

        var job = await jobs.ReadAsync(scope.Input.Workload, scope.Input.Id, cancellationToken);
        var found = error is null ? result?.Checked : null;
        error ??= BackupJobResults.FailureOf(result);
        if (error is not null && job.Request.Kind == BackupJobKind.Check)
        {
            await TellAsync(job, scope.Region, found, error, cancellationToken);
        }

        if (found is not null)
        {
            // By when it began: a check that takes long must not push the next day's away, and what was seen is no newer.
            await checks.KeepAsync(job.Workload, found, job.Request.Part, job.CreatedAt, cancellationToken);
        }

        await jobs.ChangeAsync(
            scope.Input.Workload,
            scope.Input.Id,
            seen => seen with { State = error is null ? BackupJobState.Succeeded : BackupJobState.Failed, EndedAt = time.GetUtcNow(), Result = result, Error = error },
            cancellationToken);
    }

    // Before what was found is kept: what is known was told. Of a region that the timer tries again and again, once a day.
    private async Task TellAsync(BackupJob job, string? region, RepositoryChecked? found, BackupError error, CancellationToken cancellationToken)
    {
        if ((await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken)).NotifyTopic is { } topic
            && (found is null || (await checks.ReadAsync(job.Workload, found.Region, cancellationToken)).HasNews(found)))
        {
            var which = found is null && job.Request.Part is not null ? $"{region}-{job.CreatedAt.UtcDateTime:yyyyMMdd}" : job.Id;
            await outbox.RaiseAsync(job.Workload, topic, BackupNotices.CheckFailed(job.Workload, job.Request.Policy, which, job.Id, region, error, time.GetUtcNow()), cancellationToken);
        }
    }

    private async Task<BackupJobScope> ScopeOfRestoreAsync(
        BackupJobInput input, BackupJob job, BlobContainer from, string region, CancellationToken cancellationToken)
    {
        var request = job.Request;
        using var repository = await locations.OpenAsync(from, cancellationToken);
        var snapshot = request.Snapshot is { } id
            ? await engine.FindAsync(repository, id, cancellationToken)
            : (await engine.LatestAsync(repository, new SnapshotFilter { Workload = job.Workload, Policy = request.Policy, At = request.At, OnlyComplete = true }, cancellationToken)).Snapshot;
        if (snapshot is null || snapshot.Workload != job.Workload || snapshot.Policy != request.Policy)
        {
            return new BackupJobScope(input, 0, region, Error: new BackupError(
                BackupErrors.SnapshotNotFound, $"{region} has no {(request.Snapshot is { } named ? $"snapshot '{named}'" : "complete snapshot")} of '{job.Workload}', '{request.Policy}'{(request.At is null ? "" : " that is not later")}."));
        }

        await containers.ClaimAsync(TargetOf(request), $"{job.Workload}/{job.Id}", cancellationToken);
        return new BackupJobScope(input, RestoreTestParts.Count(snapshot.Files, snapshot.Bytes, timeout.ShardBudget), region, Snapshot: snapshot.Id);
    }

    private async Task<BackupJobAnswer> RestoreAsync(BackupJob job, BlobContainer from, BackupJobPart part, CancellationToken cancellationToken)
    {
        var (target, parts) = (TargetOf(job.Request), part.Scope.Parts);
        using var repository = await locations.OpenAsync(from, cancellationToken);
        var restored = await engine.RestoreAsync(
            repository,
            part.Scope.Snapshot ?? throw new ArgumentException("A restore has a snapshot.", nameof(part)),
            containers.Target(target),
            new RestoreOptions { Include = parts == 1 ? null : path => RestoreTestParts.Of(path, parts) == part.Part },
            cancellationToken: cancellationToken);
        return new BackupJobAnswer(BackupJobResults.Of(restored, target));
    }

    // A part of the days' is checked in pieces, too, where it is large: what is the n-th of 28 m is the n-th of 28.
    private async Task<BackupJobAnswer> CheckAsync(BackupJob job, BlobContainer place, BackupJobPart part, string region, CancellationToken cancellationToken)
    {
        var options = job.Request.Part is { } day
            ? new RepositoryCheckOptions(CheckState.Parts * part.Scope.Parts, day + (CheckState.Parts * part.Part))
            : new RepositoryCheckOptions(part.Scope.Parts, part.Part);
        using var repository = await locations.OpenAsync(place, cancellationToken);
        return new BackupJobAnswer(BackupJobResults.Of(region, await engine.CheckAsync(repository, options, cancellationToken: cancellationToken)));
    }

    // What is there is not sent again: cut off, it goes on.
    private async Task<BackupJobAnswer> CopyAsync(WorkloadPlan plan, RegionRole from, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var repository = await locations.OpenAsync(plan.RepositoryIn(from), either.Token);
            var copied = await engine.CopyAsync(repository, locations.Repository(plan.RepositoryIn(from.Other())), cancellationToken: either.Token);
            return new BackupJobAnswer(BackupJobResults.Of(plan.RegionOf(from).Name, plan.RegionOf(from.Other()).Name, copied));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new BackupJobAnswer(IsCutOff: true);
        }
    }

    // It reads everything before it heals: cut off, it would begin again, and never end.
    private async Task<BackupJobAnswer> RepairAsync(BackupJob job, WorkloadPlan plan, RegionRole role, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var other = plan.RepositoryIn(role.Other());
            var options = new RepairOptions
            {
                Copy = await IsThereAsync(other, either.Token) ? locations.Repository(other) : null,
                Source = job.Request.UseSource ? locations.Source(plan.ContainerNamed(PolicyOf(plan, job).Store)!.In(role)) : null, // Policies refer to containers that the plan has.
                DryRun = job.Request.DryRun,
            };
            var repaired = await engine.RepairAsync(locations.Repository(plan.RepositoryIn(role)), locations.Secrets(), options, cancellationToken: either.Token);
            return new BackupJobAnswer(BackupJobResults.Of(plan.RegionOf(role).Name, repaired));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new BackupJobAnswer(Error: new BackupError(
                "RepairTooLong", $"The repository is too large to be repaired within {Longest}; what was healed stays so. Run 'dr backup repair' on a machine that may take its time."));
        }
    }

    private async Task<bool> IsThereAsync(BlobContainer place, CancellationToken cancellationToken)
    {
        try
        {
            (await locations.OpenAsync(place, cancellationToken)).Dispose();
            return true;
        }
        catch (BackupException none) when (none.Code == BackupErrors.NoRepository)
        {
            return false;
        }
    }

    private async Task<int> PartsAsync(BlobContainer place, int of, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        await foreach (var pack in locations.Repository(place).ListAsync("packs/", cancellationToken))
        {
            bytes += pack.Length;
        }

        return (int)Math.Clamp(Math.Ceiling(bytes / of / BytesInASecond / timeout.ShardBudget.TotalSeconds), 1, MostParts);
    }

    private static BlobContainer TargetOf(BackupJobRequest request) => request.Target ?? throw new ArgumentException("A restore has a target.", nameof(request));

    private static BackupPolicy PolicyOf(WorkloadPlan plan, BackupJob job) => plan.Backups.First(policy => policy.Name == job.Request.Policy); // A job is started by a plan that has it.

    private static RegionRole RoleOf(WorkloadPlan plan, string region) => region == plan.Primary.Name ? RegionRole.Primary : RegionRole.Secondary; // A start names one of the two.

    // What a restore names of many files that storage did not answer for is not transient to the engine, which has done all others.
    private static async Task<T> GuardAsync<T>(Func<Task<T>> act, Func<BackupError, T> failed)
    {
        try
        {
            return await act();
        }
        catch (BackupException exception) when (!exception.IsTransient && exception.Code != BackupErrors.StorageUnavailable)
        {
            return failed(new BackupError(exception.Code, $"{exception.Message} {exception.Hint}"));
        }
    }
}
