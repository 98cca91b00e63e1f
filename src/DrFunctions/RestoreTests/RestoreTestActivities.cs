using DrFunctions.App.Backups;
using DrFunctions.Backup;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.RestoreTests;

/// <summary>
/// The activities of a restore test. Each may run twice, or at once with itself: what is restored already is read and left as it is.
/// Transient failures throw, and the orchestration retries; others are answers.
/// </summary>
public sealed class RestoreTestActivities(
    RestoreTestLog log,
    IPlanSource plans,
    WorkloadStates states,
    WorkloadLocks locks,
    BackupEngine engine,
    StoreLocations locations,
    ScratchContainers scratch,
    BackupSlots slots,
    FunctionTimeout timeout,
    TimeProvider time)
{
    public const string Begin = "BeginRestoreTest";
    public const string Restore = "RestoreToScratch";
    public const string Compare = "CompareScratch";
    public const string List = "ListScratch";
    public const string Clean = "CleanScratch";
    public const string Keep = "KeepRestoreTest";

    /// <summary>Chooses the restore points.</summary>
    [Function(Begin)]
    public Task<RestoreTestScope> BeginAsync([ActivityTrigger] RestoreTestInput job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return GuardAsync(
            async () =>
            {
                var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
                var policy = PolicyOf(plan, job);
                using var repository = await locations.OpenAsync(plan.RepositoryIn(job.Region), cancellationToken);
                var (complete, damaged) = (new List<Snapshot>(), new List<string>());
                try
                {
                    await foreach (var snapshot in engine.ListAsync(repository, cancellationToken))
                    {
                        if (snapshot.IsComplete && snapshot.Workload == job.Workload && snapshot.Policy == job.Policy)
                        {
                            complete.Add(snapshot);
                        }
                    }
                }
                catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
                {
                    // All others were listed before it was thrown.
                    damaged.Add(error.Message);
                }

                var window = policy.RestoreTest?.Window ?? RestoreTestPolicy.UsualWindow;
                var chosen = RestorePointChoice.Of(complete, job.Occurrence, window, job.Seed);
                return new RestoreTestScope([.. chosen.Select((one, number) => ScopedOf(number, one))], damaged);
            },
            error => new RestoreTestScope([], [], error));
    }

    /// <summary>Restores a part of a restore point.</summary>
    [Function(Restore)]
    public Task<PartRestored> RestoreAsync([ActivityTrigger] PartInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return WithScratchAsync(
            input,
            async (repository, place) =>
            {
                await scratch.EnsureAsync(place, input.Job.Owner, cancellationToken);
                var started = time.GetTimestamp();
                var restored = await PartAsync(input, repository, place, cancellationToken);
                return new PartRestored(time.GetElapsedTime(started).TotalSeconds, restored.FilesWritten, restored.BytesWritten, restored.FilesUnchanged);
            },
            error => new PartRestored(Error: error),
            cancellationToken);
    }

    /// <summary>Restores it again, over the first time: every file must be read back and found right.</summary>
    [Function(Compare)]
    public Task<PartCompared> CompareAsync([ActivityTrigger] PartInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return WithScratchAsync(
            input,
            async (repository, place) =>
            {
                var again = await PartAsync(input, repository, place, cancellationToken);
                return new PartCompared(again.FilesUnchanged, again.BytesUnchanged, again.FilesWritten);
            },
            error => new PartCompared(Error: error),
            cancellationToken);
    }

    /// <summary>Holds what the scratch container lists against the manifest: nothing more, and headers and metadata too.</summary>
    [Function(List)]
    public Task<ListingCompared> ListAsync([ActivityTrigger] PartInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return WithScratchAsync(
            input,
            async (repository, place) =>
            {
                var (wanted, found) = (new FileSetDigest(), new FileSetDigest());
                await foreach (var file in engine.ListFilesAsync(repository, input.Point.SnapshotId, cancellationToken))
                {
                    if (file.Skipped is null)
                    {
                        wanted.Add(file.Entry);
                    }
                }

                await foreach (var file in scratch.Source(place).ListAsync(cancellationToken))
                {
                    found.Add(file);
                }

                return new ListingCompared(found.Files, found.Bytes, wanted.Same(found));
            },
            error => new ListingCompared(0, 0, false, error),
            cancellationToken);
    }

    /// <summary>Removes the test's scratch containers, and sees that they are gone.</summary>
    [Function(Clean)]
    public Task<ScratchCleaned> CleanAsync([ActivityTrigger] RestoreTestInput job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        return GuardAsync(
            async () =>
            {
                await RemoveAsync(job, owner => owner == job.Owner, cancellationToken);
                return new ScratchCleaned(time.GetUtcNow());
            },
            error => new ScratchCleaned(null, error));
    }

    /// <summary>Keeps what the test showed.</summary>
    [Function(Keep)]
    public async Task KeepAsync([ActivityTrigger] RestoreTestResult result, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        var job = result.Job;
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        List<PointEvidence> points = [.. result.Points.Select(RestoreTestVerdicts.Of)];
        var (verdict, reason, rto) = RestoreTestVerdicts.Of(result.Scope, points, plan.Objectives.Rto);
        await log.KeepAsync(
            new RestoreTestEvidence(
                1,
                job.Workload,
                job.Policy,
                job.Name,
                job.PlanVersion,
                PolicyOf(plan, job).Store,
                plan.RegionOf(job.Region).Name,
                result.StartedAt,
                time.GetUtcNow(),
                verdict,
                result.Cleaned.Error is { } left ? $"{reason} The scratch containers are not known to be gone: {left.Message}" : reason,
                points,
                plan.Objectives.Rto.TotalSeconds,
                rto,
                RestoreTestVerdicts.Measured(points.MaxBy(point => point.RestoreSeconds ?? double.MaxValue)),
                result.Cleaned.At,
                RestoreTestEvidence.Genesis),
            cancellationToken);
    }

    /// <summary>Removes scratch containers of the policy whose mark fits, and sees that they are gone.</summary>
    internal async Task RemoveAsync(RestoreTestInput job, Predicate<string> owner, CancellationToken cancellationToken)
    {
        var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
        await scratch.RemoveAsync(PlaceOf(plan, job).Connection, owner, cancellationToken);
    }

    private static BackupPolicy PolicyOf(WorkloadPlan plan, RestoreTestInput job) => plan.Backups.First(policy => policy.Name == job.Policy); // A test is begun by a plan that has it.

    private static BlobContainer PlaceOf(WorkloadPlan plan, RestoreTestInput job) => plan.ContainerNamed(PolicyOf(plan, job).Store)!.In(job.Region); // Policies refer to containers that the plan has.

    private ScopedPoint ScopedOf(int number, ChosenPoint chosen) => new(
        number,
        chosen.Picks,
        chosen.Snapshot.Id,
        chosen.Snapshot.RestorePoint,
        chosen.Snapshot.Files,
        chosen.Snapshot.Bytes,
        RestoreTestParts.Count(chosen.Snapshot.Files, chosen.Snapshot.Bytes, timeout.ShardBudget));

    private Task<RestoreResult> PartAsync(
        PartInput input, OpenedRepository repository, BlobContainer place, CancellationToken cancellationToken) => engine.RestoreAsync(
        repository,
        input.Point.SnapshotId,
        scratch.Target(place),
        new RestoreOptions { Include = input.Point.Parts == 1 ? null : path => RestoreTestParts.Of(path, input.Point.Parts) == input.Part },
        cancellationToken: cancellationToken);

    private Task<T> WithScratchAsync<T>(
        PartInput input,
        Func<OpenedRepository, BlobContainer, Task<T>> act,
        Func<BackupError, T> failed,
        CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            var job = input.Job;
            using var slot = slots.TryTake();
            if (slot is null)
            {
                return failed(BackupError.Busy);
            }

            var state = await states.ReadAsync(job.Workload, cancellationToken);
            if (state.Arriving || state.Active.Other() != job.Region)
            {
                return failed(new BackupError(RestoreTestVerdicts.RegionMoved, $"Users are being moved, or were, by the run '{state.RunId}'."));
            }

            // A run needs the store's account for itself; the test is tried again when it is over.
            if (await locks.ReadAsync(job.Workload, cancellationToken) is { State: LockState.Held } held)
            {
                return failed(new BackupError(RestoreTestVerdicts.RunInTheWay, $"The run '{held.Run.RunId}' began before the test was over."));
            }

            var plan = await plans.ReadAsync(job.Workload, job.PlanVersion, cancellationToken);
            using var repository = await locations.OpenAsync(plan.RepositoryIn(job.Region), cancellationToken);
            return await act(repository, new BlobContainer(PlaceOf(plan, job).Connection, job.Scratch(input.Point.Number)));
        },
        failed);

    // What a restore names of many files that storage did not answer for is not transient to the engine, which has done all others.
    private static async Task<T> GuardAsync<T>(Func<Task<T>> act, Func<BackupError, T> failed)
    {
        try
        {
            return await act();
        }
        catch (BackupException exception) when (!exception.IsTransient && exception.Code != BackupErrors.StorageUnavailable)
        {
            return failed(new BackupError(exception.Code, exception.Message));
        }
    }
}
