using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Promotes a replica: to the primary of its servers (switchover) or out of them (standalone), with all data (planned) or without what has not arrived (forced).</summary>
internal sealed class ServerPromotion(
    ArmServices services, ServerStore servers, ServerOperations operations, Replication replication, ServerWriter writer)
{
    /// <summary>Whether the body of a PATCH asks for a promotion.</summary>
    public static bool IsAskedFor(JsonObject body)
    {
        var properties = ServerReader.Open(body).Object("properties");
        var replica = properties.Object("replica");
        return replica.Has("promoteMode") || replica.Has("promoteOption") || replica.Has("role") || properties.Has("replicationRole");
    }

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Promote(ArmRequest request, FlexibleServer replica)
    {
        var (switchover, planned) = Read(request.RequireBody());
        if (!replica.IsReplica)
        {
            throw ServerErrors.NotAllowed($"The server '{replica.Name}' is no replica and cannot be promoted.");
        }

        var primary = servers.Find(replica.SourceId!); // it is a replica
        var siblings = switchover ? servers.ReplicasOf(primary).Where(each => each.Id != replica.Id).ToList() : [];
        operations.RequireFree(replica, [primary, .. siblings]);
        var outage = services.Outages.IsDark(primary.Location);
        if (switchover && (planned || !outage))
        {
            Check(replica, primary);
        }

        return switchover
            ? operations.Begin(request, "ReadReplicaSiteSwapManagementOperation", replica, ServerState.Updating, 30, () => Switch(replica.Id, planned), [primary, .. siblings])
            : operations.Begin(request, "PromoteReadReplicaManagementOperation", replica, ServerState.Updating, 30, () => Separate(replica.Id, planned), primary);
    }

    private static (bool Switchover, bool Planned) Read(JsonObject body)
    {
        var properties = ServerReader.Open(body).Object("properties");
        var replica = properties.Object("replica");
        var role = replica.Choice("role", "Primary", "None") ?? properties.Choice("replicationRole", "Primary", "None");
        var mode = replica.Choice("promoteMode", "Standalone", "Switchover")
            ?? (role == "None" ? "Standalone" : throw ServerErrors.Missing("properties.replica.promoteMode"));
        var option = replica.Choice("promoteOption", "Planned", "Forced") ?? (role == "None" ? "Planned" : throw ServerErrors.Missing("properties.replica.promoteOption"));
        return role is not null && role == "Primary" != (mode == "Switchover")
            ? throw replica.Wrong("role", mode == "Switchover" ? "Primary for a switchover" : "None for a standalone promotion")
            : (mode == "Switchover", option == "Planned");
    }

    private void Check(FlexibleServer replica, FlexibleServer primary)
    {
        if (servers.EndpointOf(primary) is not { } endpoint || !ArmRouter.Is(endpoint.ReaderId, replica.Id))
        {
            throw ServerErrors.NotAllowed($"A switchover needs a virtual endpoint of '{primary.Name}' whose reader leads to '{replica.Name}'.");
        }

        if (new[] { replica, primary }.FirstOrDefault(each => each.State != ServerState.Ready) is { } unready)
        {
            throw ServerErrors.NotReady("A switchover can only be performed between Ready servers.", unready);
        }

        if (!ArmRouter.Is(replica.Tier, primary.Tier) || replica.StorageSizeGB != primary.StorageSizeGB)
        {
            throw ServerErrors.NotAllowed(
                $"A switchover needs the same tier and storage size: '{replica.Name}' has {replica.Tier} and {replica.StorageSizeGB} GiB, '{primary.Name}' has {primary.Tier} and {primary.StorageSizeGB} GiB.");
        }
    }

    private ArmResponse Switch(string replicaId, bool planned)
    {
        var (replica, primary, loss) = Part(replicaId, planned);
        var now = services.Time.GetUtcNow();
        foreach (var sibling in servers.ReplicasOf(primary).Where(each => each.Id != replica.Id).ToList())
        {
            servers.Put(sibling with { SourceId = replica.Id });
        }

        servers.Put(primary with { SourceId = replica.Id, ReplicaSince = now, Lag = replica.Lag, HighAvailability = "Disabled", Standalone = false });
        servers.Put(Promoted(replica, loss, now) with { HighAvailability = "Disabled" });
        if (servers.EndpointOf(primary) is { } endpoint)
        {
            servers.Put(endpoint with { ServerId = replica.Id, ReaderId = primary.Id });
        }

        return ArmResponse.Ok(writer.Write(servers.Find(replica.Id)));
    }

    private ArmResponse Separate(string replicaId, bool planned)
    {
        var (replica, primary, loss) = Part(replicaId, planned);
        servers.Put(Promoted(replica, loss, services.Time.GetUtcNow()) with { Standalone = true });
        if (servers.EndpointOf(primary) is { } endpoint && ArmRouter.Is(endpoint.ReaderId, replica.Id))
        {
            servers.Put(endpoint with { ReaderId = primary.Id });
        }

        return ArmResponse.Ok(writer.Write(servers.Find(replica.Id)));
    }

    /// <summary>Both servers as they are at the end of the operation, and what the promotion loses.</summary>
    private (FlexibleServer Replica, FlexibleServer Primary, TimeSpan Loss) Part(string replicaId, bool planned)
    {
        var replica = servers.Find(replicaId);
        var primary = servers.Find(replica.SourceId ?? replicaId);
        if (planned && (services.Outages.IsDark(primary.Location) || primary.State != ServerState.Ready))
        {
            throw ServerErrors.PrimaryUnreachable(primary);
        }

        return (replica, primary, planned ? TimeSpan.Zero : replication.BehindOf(primary, replica));
    }

    private static FlexibleServer Promoted(FlexibleServer replica, TimeSpan loss, DateTimeOffset now) => replica with
    {
        SourceId = null,
        ReplicaSince = null,
        NotRestorable = [.. replica.NotRestorable, (replica.ReplicaSince ?? replica.Created, now)],
        DataLoss = loss,
    };
}
