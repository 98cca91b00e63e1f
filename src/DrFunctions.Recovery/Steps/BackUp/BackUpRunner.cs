using System.Globalization;

namespace DrFunctions.Recovery.Steps.BackUp;

/// <summary>Takes one backup for the step, whatever the number of attempts: its id is the run's and the step's.</summary>
internal sealed class BackUpRunner(IStoreBackup backup) : StepRunner<BackUpStep>
{
    /// <summary>The id of the backup that a step of a run takes.</summary>
    public static string SnapshotId(string runId, int step) => string.Create(CultureInfo.InvariantCulture, $"{runId}-{step}");

    /// <inheritdoc/>
    protected override Task<StepCheck> PrecheckAsync(BackUpStep step, StepContext context, CancellationToken cancellationToken) => Task.FromResult(
        context.Plan.Backups.Any(policy => policy.Store == step.Store)
            ? StepCheck.Ok($"a policy backs up '{step.Store}'")
            : StepCheck.Failed("NothingBacksUp", $"No policy of the plan backs up '{step.Store}'.", "Add an item to the plan's backups."));

    /// <inheritdoc/>
    protected override async Task<StepAttempt> AttemptAsync(BackUpStep step, StepContext context, CancellationToken cancellationToken)
    {
        await context.EnsureCurrentAsync(cancellationToken);
        var id = SnapshotId(context.Run.RunId, context.Index);
        var store = context.Plan.ContainerNamed(step.Store) ?? throw new ArgumentException($"The plan has no container store '{step.Store}'.", nameof(step));
        var done = await backup.BackUpAsync(context.Plan, store, step.Region, id, cancellationToken);
        return StepAttempt.Done(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{done.Files} files, {done.Bytes} bytes of '{step.Store}' in {context.Plan.RegionOf(step.Region).Name} backed up as {done.SnapshotId}, and copied"),
            new Dictionary<string, string>
            {
                ["snapshot"] = done.SnapshotId,
                ["backedUpAt"] = done.RestorePoint.ToString("O", CultureInfo.InvariantCulture),
            });
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> UndoAsync(BackUpStep step, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(StepAttempt.Done("the backup stays"));
}
