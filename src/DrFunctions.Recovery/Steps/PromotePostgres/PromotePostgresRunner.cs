using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.PromotePostgres;

/// <summary>Promotes a PostgreSQL replica, and takes only the server's own role for the end.</summary>
internal sealed class PromotePostgresRunner(IFlexibleServers servers, OperationFollower follower, LagSampler lag) : StepRunner<PromotePostgresStep>
{
    private const string Missing = "ServerMissing";
    private const string MissingHint = "Correct the server's id in the plan, or make the replica; then retry the step.";

    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var step = (PromotePostgresStep)context.Step;
        var isLossless = ModeOf(step, context) is PostgresPromotion.Planned or PostgresPromotion.Switchover;
        return await PromotionPoint.ChooseAsync(context, step, isLossless, lag, null, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task<StepCheck> PrecheckAsync(PromotePostgresStep step, StepContext context, CancellationToken cancellationToken)
    {
        var region = context.Plan.RegionOf(step.Region).Name;
        var server = await servers.ReadAsync(step.Server, cancellationToken);
        return server switch
        {
            null => StepCheck.Failed(Missing, $"The server '{step.Server}' does not exist.", MissingHint),
            _ when !RegionName.Same(server.Location, region) => StepCheck.Failed(
                "ServerElsewhere", $"{step.Server.Name} is in {server.Location}, expected {region}.", "Correct the server's id, or the region, in the plan."),
            { Role: not ReplicationRole.Replica } => StepCheck.Ok(AlreadyPromoted(step, server)),
            { IsReady: false } => StepCheck.Ok($"{step.Server.Name} is '{server.State}'; the step waits until it is Ready"),
            _ => await CheckReplicationAsync(step, context, server, cancellationToken),
        };
    }

    /// <inheritdoc/>
    protected override Task<StepAttempt> AttemptAsync(PromotePostgresStep step, StepContext context, CancellationToken cancellationToken)
    {
        var mode = ModeOf(step, context);
        var how = PromotePostgresStepKind.Word(mode);
        var work = new OperationWork
        {
            What = $"the promotion of '{step.Server.Name}' ({how})",
            ReadAsync = async stop => await servers.ReadAsync(step.Server, stop) switch
            {
                null => OperationTarget.Impossible(Missing, $"The server '{step.Server}' does not exist.", MissingHint),

                // The role may change before the server takes requests again.
                { IsReady: false } server => OperationTarget.Changing($"{step.Server.Name} is '{server.State}'"),
                { Role: ReplicationRole.Unknown } => OperationTarget.Changing($"{step.Server.Name} does not tell its role"),
                { Role: ReplicationRole.Replica } => OperationTarget.Open($"{step.Server.Name} is a replica"),
                var server => OperationTarget.Reached(
                    $"{step.Server.Name} in {server.Location} takes writes (role {server.Role})",
                    new Dictionary<string, string> { ["mode"] = how, ["host"] = server.Host ?? "" }),
            },
            BeginAsync = stop => servers.PromoteAsync(step.Server, mode, stop),
            Facts = PromotionPoint.Chosen(context),
        };
        return follower.AttemptAsync(context, work, cancellationToken);
    }

    private async Task<StepCheck> CheckReplicationAsync(
        PromotePostgresStep step, StepContext context, FlexibleServer server, CancellationToken cancellationToken)
    {
        var mode = ModeOf(step, context);

        // A forced promotion needs nothing of a primary that may be lost.
        if (mode is PostgresPromotion.Forced or PostgresPromotion.ForcedSwitchover || server.Source is not { } primary)
        {
            return StepCheck.Ok($"{step.Server.Name} is a replica in {server.Location}; {await PromotionPoint.ForeseeAsync(context, step, lag, cancellationToken)}");
        }

        if (mode == PostgresPromotion.Switchover && !(await servers.ReadReadersAsync(primary, cancellationToken)).Contains(step.Server.Name, StringComparer.OrdinalIgnoreCase))
        {
            return StepCheck.Failed(
                "ReaderElsewhere",
                $"No virtual endpoint of '{primary.Name}' has a reader that leads to '{step.Server.Name}', which a switchover needs.",
                "Set the reader of the virtual endpoint, or use mode: planned.");
        }

        var state = await servers.ReadReplicationAsync(primary, step.Server, cancellationToken);
        return string.Equals(state, "Broken", StringComparison.OrdinalIgnoreCase)
            ? StepCheck.Failed(
                "ReplicationBroken", $"The replication from '{primary.Name}' to '{step.Server.Name}' is broken.", "Make the replica anew; or switch the run to forced and lose what has not arrived.")
            : StepCheck.Ok($"{step.Server.Name} follows {primary.Name}, its replication is '{state ?? "unknown"}'");
    }

    private static PostgresPromotion ModeOf(PromotePostgresStep step, StepContext context) => (step.Mode, context.IsForced) switch
    {
        (PostgresPromotion.Planned, true) => PostgresPromotion.Forced,
        (PostgresPromotion.Switchover, true) => PostgresPromotion.ForcedSwitchover,
        var (mode, _) => mode,
    };

    private static string AlreadyPromoted(PromotePostgresStep step, FlexibleServer server) =>
        $"{step.Server.Name} is no replica (role {server.Role}): it counts as promoted already, and the step would do nothing";
}
