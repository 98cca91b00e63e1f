using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Fences.StopPostgres;

/// <summary>Stops a PostgreSQL server, and takes only its own state for the fence.</summary>
internal sealed class StopPostgresWorker(IFlexibleServers servers, OperationFollower follower) : FenceWorker<StopPostgresFence>
{
    private const string StateFact = "stateBefore";
    private const string Missing = "FenceTargetMissing";
    private const string MissingHint = "Correct the server's id in the plan, or fence the region by hand and skip the step with an override.";

    public override async Task<IReadOnlyDictionary<string, string>> ChooseAsync(FenceSite site, StepContext context, CancellationToken cancellationToken) =>
        await servers.ReadAsync(StopPostgresFenceKind.Server(site), cancellationToken) is { } server
            ? new Dictionary<string, string> { [StateFact] = server.Role == ReplicationRole.Replica ? nameof(ReplicationRole.Replica) : server.State }
            : [];

    public override async Task<StepCheck> CheckAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var id = StopPostgresFenceKind.Server(site);
        return await servers.ReadAsync(id, cancellationToken) is { } server
            ? StepCheck.Ok($"{id.Name} is '{server.State}', role {server.Role}")
            : StepCheck.Failed(Missing, MissingMessage(site), MissingHint);
    }

    public override Task<StepAttempt> AttemptAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var id = StopPostgresFenceKind.Server(site);
        var work = new OperationWork
        {
            What = $"the stop of '{id.Name}'",
            Part = site.Store.Name,
            ReadAsync = async stop => await servers.ReadAsync(id, stop) switch
            {
                // A server that is not there may be a plan with the wrong id, while the real one goes on.
                null => OperationTarget.Impossible(Missing, MissingMessage(site), MissingHint),
                { IsStopped: true } => OperationTarget.Reached($"Resource Manager confirms that {id.Name} is stopped"),
                { Role: ReplicationRole.Replica, IsReady: true } => OperationTarget.Reached($"{id.Name} is a replica and takes no writes"),
                { IsReady: true } => OperationTarget.Open($"{id.Name} is 'Ready'"),
                var server => OperationTarget.Changing($"{id.Name} is '{server.State}', expected 'Stopped'"),
            },
            BeginAsync = stop => servers.StopAsync(id, stop),
        };
        return follower.AttemptAsync(context, work, cancellationToken);
    }

    public override string? FoundFenced(FenceSite site, StepContext context) =>
        context.Chosen.GetValueOrDefault(StateFact) is null or "Stopped" or "Stopping" or nameof(ReplicationRole.Replica)
            ? $"{StopPostgresFenceKind.Server(site).Name} took no writes before, and stays so"
            : null;

    public override Task<StepAttempt> UndoAsync(FenceSite site, StepContext context, CancellationToken cancellationToken)
    {
        var id = StopPostgresFenceKind.Server(site);
        var work = new OperationWork
        {
            What = $"the start of '{id.Name}'",
            Part = site.Store.Name,
            IsUndo = true,
            ReadAsync = async stop => await servers.ReadAsync(id, stop) switch
            {
                null => OperationTarget.Impossible(Missing, MissingMessage(site), MissingHint),
                { IsReady: true } => OperationTarget.Reached($"{id.Name} was started again"),
                { IsStopped: true } => OperationTarget.Open($"{id.Name} is 'Stopped'"),
                var server => OperationTarget.Changing($"{id.Name} is '{server.State}', expected 'Ready'"),
            },
            BeginAsync = stop => servers.StartAsync(id, stop),
        };
        return follower.AttemptAsync(context, work, cancellationToken);
    }

    private static string MissingMessage(FenceSite site) =>
        $"The server '{StopPostgresFenceKind.Server(site)}' does not exist, so nothing confirms that '{site.Store.Name}' is fenced in {site.Fenced.Name}.";
}
