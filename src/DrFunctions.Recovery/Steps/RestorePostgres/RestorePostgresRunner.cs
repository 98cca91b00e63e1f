using System.Globalization;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.RestorePostgres;

/// <summary>
/// Restores a server's own backup into a new server. The time is chosen once. The new server carries which time of which server it
/// shows, so that a later run recognises it and takes no other server of its name for it.
/// </summary>
internal sealed class RestorePostgresRunner(IFlexibleServers servers, OperationFollower follower) : StepRunner<RestorePostgresStep>
{
    private const string TimeFact = "restorePoint";
    private const string LocationFact = "sourceLocation";
    private const string SourceTag = "drfunctions-source";
    private const string TimeTag = "drfunctions-restore-point";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var step = (RestorePostgresStep)context.Step;
        var facts = new Dictionary<string, string> { [TimeFact] = TimeOf(step, context).ToString("O", CultureInfo.InvariantCulture) };
        if (await servers.ReadAsync(step.Source, cancellationToken) is { } source)
        {
            facts[LocationFact] = source.Location;
        }

        return facts;
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(RestorePostgresStep step, StepContext context, CancellationToken cancellationToken)
    {
        if (await servers.ReadAsync(step.Target, cancellationToken) is { } target)
        {
            return RestoredTo(step, target) is { } shown
                ? StepCheck.Ok($"{step.Target.Name} is there and shows {step.Source.Name} at {shown:u}")
                : StepCheck.Failed("TargetTaken", TakenMessage(step), TakenHint);
        }

        var to = TimeOf(step, context);
        return await servers.ReadAsync(step.Source, cancellationToken) switch
        {
            null => StepCheck.Failed("ServerMissing", $"The server '{step.Source}' does not exist.", "Correct the source's id in the plan."),
            { EarliestRestore: null } => StepCheck.Failed("NoBackup", $"{step.Source.Name} has no backup yet.", "Wait for its first backup."),
            { EarliestRestore: { } earliest } when to < earliest => StepCheck.Failed(
                "NoBackup", $"{step.Source.Name} can be restored from {earliest:u} on; {to:u} is wanted.", "Shorten 'before' in the step, or lengthen the server's retention."),
            _ => StepCheck.Ok($"{step.Source.Name} can be restored to {to:u}"),
        };
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(RestorePostgresStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region).Name;
        var to = DateTimeOffset.ParseExact(context.Chosen[TimeFact], "O", CultureInfo.InvariantCulture, DateTimeStyles.None);
        var isElsewhere = !RegionName.Same(context.Chosen.GetValueOrDefault(LocationFact), region);
        var tags = new Dictionary<string, string> { [SourceTag] = step.Source.Value, [TimeTag] = context.Chosen[TimeFact] };
        var work = new OperationWork
        {
            What = $"the restore of '{step.Source.Name}' into '{step.Target.Name}'",
            ReadAsync = async stop => await servers.ReadAsync(step.Target, stop) is not { } target
                ? OperationTarget.Open($"{step.Target.Name} is not there")
                : RestoredTo(step, target) is not { } shown ? OperationTarget.Impossible("TargetTaken", TakenMessage(step), TakenHint)
                : target.IsReady ? OperationTarget.Reached(
                    $"{step.Target.Name} in {target.Location} shows {step.Source.Name} at {shown:u} and is Ready",
                    new Dictionary<string, string> { [TimeFact] = shown.ToString("O", CultureInfo.InvariantCulture), ["host"] = target.Host ?? "" })
                : OperationTarget.Changing($"{step.Target.Name} is '{target.State}'"),
            BeginAsync = stop => servers.RestoreAsync(step.Target, new PostgresRestore(step.Source, region, isElsewhere, to) { Tags = tags }, stop),
        };
        return follower.AttemptAsync(context, work, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> UndoAsync(RestorePostgresStep step, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(StepAttempt.Done($"{step.Target.Name}, if it is there, stays: delete it by hand once nobody needs it"));

    private const string TakenHint = "Delete or rename that server, or name another target in the plan; then retry the step.";

    private static string TakenMessage(RestorePostgresStep step) =>
        $"A server '{step.Target.Name}' exists, and nothing on it says that it is a restored '{step.Source.Name}'.";

    private static DateTimeOffset TimeOf(RestorePostgresStep step, StepContext context) => context.Run.DetectedAt - step.Before;

    private static DateTimeOffset? RestoredTo(RestorePostgresStep step, FlexibleServer target) =>
        string.Equals(target.Tags.GetValueOrDefault(SourceTag), step.Source.Value, StringComparison.OrdinalIgnoreCase)
        && DateTimeOffset.TryParseExact(target.Tags.GetValueOrDefault(TimeTag), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
}
