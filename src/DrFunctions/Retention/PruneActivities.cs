using DrFunctions.App.Backups;
using DrFunctions.Backup;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Retention;

/// <summary>
/// The activities of a prune. Each may run twice, at once with itself, and be killed anywhere: the engine's prune may. Transient failures throw, and the orchestration retries; others are answers.
/// </summary>
public sealed class PruneActivities(
    PruneLog log, PruneScopes scopes, BackupLog backups, BackupEngine engine, StoreLocations locations, BackupSlots slots, FunctionTimeout timeout, TimeProvider time)
{
    public const string Prune = "PruneRepository";
    public const string Keep = "KeepPrune";

    /// <summary>The code when the host's time for a function was nearly over.</summary>
    public const string CutOff = "PruneCutOff";

    private const int Named = 20;

    /// <summary>Prunes a repository.</summary>
    [Function(Prune)]
    public async Task<PlacePruned> PruneAsync([ActivityTrigger] PlaceInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var slot = slots.TryTake();
        if (slot is null)
        {
            return new PlacePruned(input.Place, BackupError.Busy);
        }

        using var over = new CancellationTokenSource(timeout.Value * 3 / 4, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            return await PruneAsync(input.Job.Pair, input.Place, both.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new PlacePruned(input.Place, new BackupError(CutOff, $"It was not over after {timeout.Value * 3 / 4}, three quarters of functionTimeout; what was done is whole, and another attempt goes on."));
        }
        catch (BackupException none) when (none.Code == BackupErrors.NoRepository)
        {
            return new PlacePruned(input.Place); // The first copy makes the standby's.
        }
        catch (BackupException failed) when (!failed.IsTransient)
        {
            return new PlacePruned(input.Place, new BackupError(failed.Code, $"{failed.Message} {failed.Hint}"));
        }
    }

    /// <summary>Keeps what the prune did.</summary>
    [Function(Keep)]
    public Task KeepAsync([ActivityTrigger] PruneOutcome outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return log.KeepAsync(outcome.Job.Pair, new PruneRecord(1, outcome.Job.Name, outcome.StartedAt, time.GetUtcNow(), outcome.Places), cancellationToken);
    }

    private async Task<PlacePruned> PruneAsync(RepositoryPair pair, PrunePlace place, CancellationToken cancellationToken)
    {
        var workloads = await scopes.ReadAsync(pair, cancellationToken);
        var free = workloads.Where(workload => workload.Busy is null).ToList();
        var passedOver = workloads.Where(workload => workload.Busy is not null).Select(workload => $"{workload.Plan.Workload}: {workload.Busy}").ToList();
        if (free.Count == 0)
        {
            return new PlacePruned(place) { PassedOver = passedOver };
        }

        using var repository = await locations.OpenAsync(place.Container, cancellationToken);
        var result = await engine.PruneAsync(
            repository,
            new PruneOptions { Retention = [.. free.SelectMany(workload => PruneScopes.Of(workload.Plan))], Keep = await CopiedAsync(repository, free, cancellationToken) },
            cancellationToken: cancellationToken);
        return new PlacePruned(place)
        {
            Kept = result.Decisions.Count - result.SnapshotsRemoved,
            Removed = result.SnapshotsRemoved,
            Decisions = result.Decisions.SelectMany(decision => decision.Reasons.Select(reason => reason.Cause).Distinct()).GroupBy(cause => cause).ToDictionary(cause => cause.Key.ToString(), cause => cause.Count()),
            BytesRemoved = result.BytesRemoved,
            BytesWaiting = result.BytesWaiting,
            NextStepAt = result.NextStepAt,
            Blocked = [.. result.Blocked.Take(Named)],
            Refused = [.. result.Refused.Take(Named)],
            PassedOver = passedOver,
        };
    }

    /// <summary>
    /// The newest complete snapshot of each policy that both regions hold, as recorded: while copies lag, the active region's rules would count it out, and nothing would be in both any more. The
    /// other region is not asked, which may be dark.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>> CopiedAsync(OpenedRepository repository, IEnumerable<PrunedWorkload> workloads, CancellationToken cancellationToken)
    {
        var copied = new Dictionary<(string Workload, string Policy), DateTimeOffset>();
        foreach (var plan in workloads.Select(workload => workload.Plan))
        {
            foreach (var policy in plan.Backups.Where(policy => policy.Retention is not null))
            {
                if (await backups.FindCopiedPointAsync(plan, policy, cancellationToken) is { } point)
                {
                    copied[(plan.Workload, policy.Name)] = point;
                }
            }
        }

        var newest = new Dictionary<(string Workload, string Policy), Snapshot>();
        try
        {
            await foreach (var snapshot in engine.ListAsync(repository, cancellationToken)) // The oldest first.
            {
                var of = (snapshot.Workload, snapshot.Policy);
                if (snapshot.IsComplete && copied.TryGetValue(of, out var point) && snapshot.RestorePoint <= point)
                {
                    newest[of] = snapshot;
                }
            }
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
        {
            // All others were listed before it was thrown, and the prune says which it is.
        }

        return newest.Values.ToDictionary(snapshot => snapshot.Id, _ => "the newest that both regions hold");
    }
}
