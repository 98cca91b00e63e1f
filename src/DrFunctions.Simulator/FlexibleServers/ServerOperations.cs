using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Begins operations on servers: while one runs, its servers show a passing state and refuse others.</summary>
internal sealed class ServerOperations(ArmServices services, ServerStore servers)
{
    /// <exception cref="ArmRejection">One of the servers is busy, or the region of the first is dark.</exception>
    public void RequireFree(FlexibleServer server, params IEnumerable<FlexibleServer> others)
    {
        services.Outages.RequireLit(server.Location);
        services.Operations.RequireIdle(OperationShapes.PostgreSql, [server.Id, .. others.Select(other => other.Id)]);
    }

    /// <summary>Begins an operation on a server; <paramref name="complete"/> finds every server in the state from before it.</summary>
    /// <param name="request">The request that begins it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="server">The server it works on.</param>
    /// <param name="during">The state that its servers show meanwhile; null for no change.</param>
    /// <param name="seconds">How long it takes when the scenario does not say.</param>
    /// <param name="complete">Takes the effect and gives what the Location answers.</param>
    /// <param name="others">Other servers that are busy meanwhile.</param>
    /// <exception cref="ArmRejection">One of the servers is busy.</exception>
    public ArmResponse Begin(
        ArmRequest request, string name, FlexibleServer server, ServerState? during, double seconds, Func<ArmResponse> complete, params IReadOnlyList<FlexibleServer> others) =>
        Begin(request, name, server, during, seconds, complete, static () => { }, others);

    /// <summary>The same with what to take back when the operation fails.</summary>
    public ArmResponse Begin(
        ArmRequest request,
        string name,
        FlexibleServer server,
        ServerState? during,
        double seconds,
        Func<ArmResponse> complete,
        Action abandon,
        IReadOnlyList<FlexibleServer> others)
    {
        var operation = services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.PostgreSql,
            Name = name,
            Resource = server.Id,
            AlsoBusy = [.. others.Select(other => other.Id)],
            Location = server.Location,
            Duration = TimeSpan.FromSeconds(seconds),
            Complete = () =>
            {
                Restore();
                services.Outages.RequireLit(server.Location);
                return complete();
            },
            Abandon = () =>
            {
                Restore();
                abandon();
            },
        });
        if (during is { } state)
        {
            foreach (var each in others.Prepend(server))
            {
                servers.Change(each.Id, now => now with { State = state });
            }
        }

        return operation.Accepted();

        void Restore()
        {
            foreach (var each in others.Prepend(server))
            {
                servers.Change(each.Id, now => during is { } shown && now.State == shown ? now with { State = each.State } : now);
            }
        }
    }

    /// <summary>An operation that is accepted and then fails, as the service does with an action that the state forbids.</summary>
    public ArmResponse BeginInVain(ArmRequest request, string name, FlexibleServer server, ArmRejection error) =>
        Begin(request, name, server, null, 5, () => throw error);
}
