using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Brings up the servers of the scenario, which have been there for a month.</summary>
internal static class ScenarioServers
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    public static void BringUp(ArmServices services, ServerStore store)
    {
        var created = services.Time.GetUtcNow() - Age;
        var all = services.Scenario.PostgreSqlServers;
        foreach (var server in all)
        {
            store.Put(new FlexibleServer
            {
                Id = IdOf(server),
                Name = server.Name,
                ResourceGroup = GroupOf(server),
                Location = services.Locations.Require(server.Region, FlexibleServer.Type),
                State = server.Running ? ServerState.Ready : ServerState.Stopped,
                Tier = server.Tier,
                SkuName = server.Sku,
                StorageSizeGB = server.StorageSizeGB,
                StorageTier = ServerSizes.TierOf(server.StorageSizeGB),
                Version = server.Version,
                GeoRedundantBackup = server.GeoRedundantBackup,
                SourceId = server.ReplicaOf is null ? null : IdOf(Named(server.ReplicaOf)),
                ReplicaSince = server.ReplicaOf is null ? null : created,
                Lag = TimeSpan.FromSeconds(server.ReplicationLagSeconds),
                Created = created,
            });
        }

        foreach (var server in all.Where(each => each.VirtualEndpoint is not null))
        {
            store.Put(new VirtualEndpoint(server.VirtualEndpoint!, IdOf(server), IdOf(Named(server.VirtualEndpointReader ?? server.Name)))); // filtered
        }

        ScenarioPostgreSqlServer Named(string name) => all.First(each => ArmRouter.Is(each.Name, name));

        string IdOf(ScenarioPostgreSqlServer server) =>
            new ArmScope(services.Scenario.SubscriptionId, null).ResourceId(GroupOf(server), FlexibleServer.Type, server.Name);

        string GroupOf(ScenarioPostgreSqlServer server) => services.Groups.Find(server.ResourceGroup).Name;
    }

    /// <summary>Adds what is wrong with the servers of a scenario.</summary>
    public static void Check(List<string> errors, Scenario scenario)
    {
        var all = scenario.PostgreSqlServers;
        for (var i = 0; i < all.Count; i++)
        {
            var (server, at) = (all[i], $"postgreSqlServers[{i}]");
            Require(server.Name.Length is >= 3 and <= 63 && server.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && !server.Name.StartsWith('-') && !server.Name.EndsWith('-'), $"{at}.name", "3 to 63 letters, digits and inner hyphens", server.Name);
            Require(scenario.Regions.Any(region => ArmRouter.Is(region.Name, server.Region)), $"{at}.region", "one of " + string.Join(", ", scenario.Regions.Select(region => region.Name)), server.Region);
            Require(server.ReplicationLagSeconds is >= 0 and <= 86400, $"{at}.replicationLagSeconds", "0 to 86400", server.ReplicationLagSeconds);
            Require(server.StorageSizeGB is >= ServerSizes.Min and <= ServerSizes.Max, $"{at}.storageSizeGB", $"{ServerSizes.Min} to {ServerSizes.Max}", server.StorageSizeGB);
            Require(server.Version is >= 11 and <= 18, $"{at}.version", "11 to 18", server.Version);
            Require(server.Tier is "Burstable" or "GeneralPurpose" or "MemoryOptimized", $"{at}.tier", "Burstable, GeneralPurpose or MemoryOptimized", server.Tier);
            var primary = server.ReplicaOf is null ? null : all.FirstOrDefault(each => ArmRouter.Is(each.Name, server.ReplicaOf));
            Require(server.ReplicaOf is null || primary is { ReplicaOf: null, Tier: not "Burstable" }, $"{at}.replicaOf", "the name of a server that is no replica and not Burstable", server.ReplicaOf);
            Require(server.VirtualEndpoint is null || server.ReplicaOf is null, $"{at}.virtualEndpoint", "none, because the server is a replica", server.VirtualEndpoint);
            var reader = server.VirtualEndpointReader;
            Require(
                reader is null || (server.VirtualEndpoint is not null && all.Any(each => ArmRouter.Is(each.Name, reader) && (each == server || (each.ReplicaOf is { } of && ArmRouter.Is(of, server.Name))))),
                $"{at}.virtualEndpointReader",
                "the server itself or one of its replicas, of a server with virtualEndpoint",
                reader);
        }

        void Require(bool valid, string member, string expected, object? found)
        {
            if (!valid)
            {
                errors.Add(FormattableString.Invariant($"{member}: expected {expected} and found '{found}'"));
            }
        }
    }
}
