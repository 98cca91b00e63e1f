using System.Globalization;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Restore;

/// <summary>Restores a store's newest snapshot. The snapshot is chosen once, so that a second attempt goes on with the same.</summary>
internal sealed class RestoreRunner(IStoreRestore restore, WorkloadStates states) : StepRunner<RestoreStep>
{
    private const string SnapshotFact = "snapshot";
    private const string RestorePointFact = "restorePoint";
    private const string SkippedFact = "skipped";
    private const string NoRestorePoint = "NoRestorePoint";
    private const string NoneHint = "Look at the backups' errors; copy a snapshot into the region's repository, then start the run again.";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var step = (RestoreStep)context.Step;
        var choice = await FindAsync(step, context, cancellationToken);
        var facts = new Dictionary<string, string>();
        if (choice.Newest is { } newest)
        {
            facts[SnapshotFact] = newest.SnapshotId;
            facts[RestorePointFact] = newest.At.ToString("O", CultureInfo.InvariantCulture);
        }

        if (choice.Remark is { Length: > 0 } remark)
        {
            facts[SkippedFact] = remark;
        }

        return facts;
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(RestoreStep step, StepContext context, CancellationToken cancellationToken)
    {
        var choice = await FindAsync(step, context, cancellationToken);
        return choice.Newest is not { } newest ? StepCheck.Failed(NoRestorePoint, NoneMessage(step, context, choice.Remark), NoneHint)
            : step.Snapshot is null ? StepCheck.Ok($"the newest complete snapshot of '{step.Store}' is {newest.SnapshotId} of {newest.At:u}{choice.Remark}")
            : StepCheck.Ok($"the snapshot {newest.SnapshotId} of '{step.Store}' shows {newest.At:u}, and is complete");
    }

    // One that was asked for by its id, or the newest.
    private async Task<RestoreChoice> FindAsync(RestoreStep step, StepContext context, CancellationToken cancellationToken) => step.Snapshot is { } id
        ? new RestoreChoice(await restore.FindAsync(context.Plan, Store(context, step), step.Region, id, cancellationToken), [])
        : await restore.FindNewestAsync(context.Plan, Store(context, step), step.Region, cancellationToken);

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(RestoreStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region);
        var state = await states.ReadAsync(context.Plan.Workload, cancellationToken);
        if (state.Active == step.Region && state.Arriving)
        {
            return StepAttempt.Done(
                $"not restored: the run '{state.RunId}' began to move users to {region.Name}, and what they may have written since stays");
        }

        var skipped = context.Chosen.GetValueOrDefault(SkippedFact, "");
        if (!context.Chosen.TryGetValue(SnapshotFact, out var snapshot))
        {
            return StepAttempt.Failed(NoRestorePoint, NoneMessage(step, context, skipped), NoneHint);
        }

        if (state.Active == step.Region)
        {
            return StepAttempt.Failed(
                "TargetIsActive",
                $"{region.Name} carries '{context.Plan.Workload}': restoring '{step.Store}' would overwrite what users wrote since.",
                "Restore into another container with 'dr backup restore'.");
        }

        var done = await restore.RestoreAsync(context.Plan, Store(context, step), step.Region, snapshot, context.EnsureCurrentAsync, cancellationToken);
        return StepAttempt.Done(
            string.Create(CultureInfo.InvariantCulture, $"{done.Files} files, {done.Bytes} bytes of {snapshot} restored and verified in {region.Name}{skipped}"),
            new Dictionary<string, string>
            {
                [SnapshotFact] = snapshot,
                [RestorePointFact] = context.Chosen[RestorePointFact],
                ["store"] = step.Store,
                ["files"] = done.Files.ToString(CultureInfo.InvariantCulture),
                ["bytes"] = done.Bytes.ToString(CultureInfo.InvariantCulture),
            });
    }

    private static string NoneMessage(RestoreStep step, StepContext context, string skipped) =>
        $"The repository of {context.Plan.RegionOf(step.Region).Name} holds no complete snapshot{(step.Snapshot is { } id ? $" '{id}'" : "")} of '{step.Store}'{skipped}.";

    private static ContainerStore Store(StepContext context, RestoreStep step) =>
        context.Plan.ContainerNamed(step.Store) ?? throw new ArgumentException($"The plan has no container store '{step.Store}'.", nameof(step));
}
