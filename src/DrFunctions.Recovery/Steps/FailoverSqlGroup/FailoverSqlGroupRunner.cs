using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.SqlFailoverGroups;

namespace DrFunctions.Recovery.Steps.FailoverSqlGroup;

/// <summary>Fails a failover group over, and takes only the new primary's own role for the end.</summary>
internal sealed class FailoverSqlGroupRunner(ISqlFailoverGroups groups, OperationFollower follower, LagSampler lag) : StepRunner<FailoverSqlGroupStep>
{
    private const string Missing = "GroupMissing";
    private const string MissingHint = "Correct the group's id in the plan: it is that on the server which is to be the primary.";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var step = (FailoverSqlGroupStep)context.Step;
        return await PromotionPoint.ChooseAsync(context, step, step.IsPlanned && !context.IsForced, lag, null, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(FailoverSqlGroupStep step, StepContext context, CancellationToken cancellationToken)
    {
        var (server, name) = (step.FailoverGroup.ParentName, step.FailoverGroup.Name);
        return await groups.ReadAsync(step.FailoverGroup, cancellationToken) switch
        {
            null => StepCheck.Failed(Missing, $"The failover group '{step.FailoverGroup}' does not exist.", MissingHint),
            { IsPrimary: true } => StepCheck.Ok($"{server} is the primary of {name} already"),
            { IsCaughtUp: false } group when step.IsPlanned && !context.IsForced => StepCheck.Failed(
                "NotCaughtUp",
                $"{server} does not follow the primary of {name}: it is '{group.ReplicationState}', expected CATCH_UP.",
                "Wait until it has caught up; or switch the run to forced and lose what has not arrived."),
            var group => StepCheck.Ok($"{server} follows the primary of {name}: it is '{group.ReplicationState}'"),
        };
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(FailoverSqlGroupStep step, StepContext context, CancellationToken cancellationToken)
    {
        var allowDataLoss = !step.IsPlanned || context.IsForced;
        var (server, name) = (step.FailoverGroup.ParentName, step.FailoverGroup.Name);
        var work = new OperationWork
        {
            What = $"the failover of '{name}' to '{server}' ({(allowDataLoss ? "forced" : "planned")})",
            ReadAsync = async stop => await groups.ReadAsync(step.FailoverGroup, stop) switch
            {
                null => OperationTarget.Impossible(Missing, $"The failover group '{step.FailoverGroup}' does not exist.", MissingHint),
                { IsPrimary: true } group => OperationTarget.Reached(
                    $"{server} is the primary of {name}, with {group.Databases.Count} databases; replication is '{group.ReplicationState}'"),
                var group => OperationTarget.Open($"{server} is the secondary of {name}; replication is '{group.ReplicationState}'"),
            },
            BeginAsync = stop => groups.FailOverAsync(step.FailoverGroup, allowDataLoss, stop),
            Facts = PromotionPoint.Chosen(context),
        };
        return follower.AttemptAsync(context, work, cancellationToken);
    }
}
