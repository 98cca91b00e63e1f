using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Who follows whom, and how far behind.</summary>
internal sealed class Replication(ServerStore servers, RegionOutages outages, TimeProvider time)
{
    /// <summary>The number of replicas that a primary can have.</summary>
    public const int Capacity = 5;

    public string RoleOf(FlexibleServer server)
    {
        if (server.SourceId is { } source)
        {
            return servers.TryFind(source, out var primary) && ArmRouter.Is(primary.Location, server.Location) ? "AsyncReplica" : "GeoAsyncReplica";
        }

        return CanHaveReplicas(server) && (!server.Standalone || servers.ReplicasOf(server).Any()) ? "Primary" : "None";
    }

    public static bool CanHaveReplicas(FlexibleServer server) => !ArmRouter.Is(server.Tier, "Burstable");

    /// <summary>The state of a replica's replication, as the list of replicas shows it.</summary>
    public string StateOf(FlexibleServer replica)
    {
        if (!servers.TryFind(replica.SourceId ?? "", out var primary) || outages.IsDark(primary.Location) || outages.IsDark(replica.Location)
            || primary.State is ServerState.Stopped or ServerState.Disabled or ServerState.Inaccessible)
        {
            return "Broken";
        }

        return replica.State == ServerState.Updating || primary.State == ServerState.Updating ? "Updating"
            : replica.Lag > TimeSpan.FromMinutes(1) ? "Catchup"
            : "Active";
    }

    /// <summary>How much of what the primary has confirmed is not at the replica: until now, or until the primary's region went dark.</summary>
    public TimeSpan BehindOf(FlexibleServer primary, FlexibleServer replica) =>
        (outages.Since(primary.Location) ?? time.GetUtcNow()) - outages.SyncedUntil(primary.Location, replica.Location, replica.Lag);
}
