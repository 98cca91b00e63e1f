using System.Collections.Immutable;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Brings up the servers and failover groups of the scenario.</summary>
internal static class ScenarioSql
{
    public static void BringUp(ArmServices services, SqlStore store, SqlDatabases databases)
    {
        foreach (var each in services.Scenario.SqlServers)
        {
            var group = services.Groups.Find(each.ResourceGroup).Name;
            var server = new SqlServer
            {
                Id = new ArmScope(services.Scenario.SubscriptionId, group).ResourceId(group, SqlServer.Type, each.Name),
                Name = each.Name,
                ResourceGroup = group,
                Region = services.Locations.Require(each.Region, SqlServer.Type),
                AdministratorLogin = "simulated",
            };
            store.Put(server);
            foreach (var name in each.Databases)
            {
                store.Put(databases.Make(server, name));
            }
        }

        foreach (var each in services.Scenario.SqlFailoverGroups)
        {
            var group = new FailoverGroup
            {
                Name = each.Name,
                PrimaryId = store.FindServerByName(each.Primary)!.Id, // checked
                SecondaryId = store.FindServerByName(each.Secondary)!.Id, // checked
                Databases = [.. each.Databases],
                Lag = TimeSpan.FromSeconds(each.ReplicationLagSeconds),
                Reseed = TimeSpan.FromSeconds(each.ReseedSeconds),
            };
            store.Put(group);
            foreach (var name in group.Databases)
            {
                databases.Follow(group, name);
            }
        }
    }

    /// <summary>Adds what is wrong with the servers and groups of a scenario.</summary>
    public static void Check(List<string> errors, Scenario scenario)
    {
        var servers = scenario.SqlServers;
        for (var i = 0; i < servers.Count; i++)
        {
            var (server, at) = (servers[i], $"sqlServers[{i}]");
            Require(SqlProvider.IsName(server.Name), $"{at}.name", "1 to 63 lower-case letters, digits and inner hyphens", server.Name);
            Require(servers.Count(each => ArmRouter.Is(each.Name, server.Name)) == 1, $"{at}.name", "a name that occurs once", server.Name);
            Require(scenario.ResourceGroups.Any(name => ArmRouter.Is(name, server.ResourceGroup)), $"{at}.resourceGroup", "one of " + string.Join(", ", scenario.ResourceGroups), server.ResourceGroup);
            Require(scenario.Regions.Any(region => ArmRouter.Is(region.Name, server.Region)), $"{at}.region", "one of " + string.Join(", ", scenario.Regions.Select(region => region.Name)), server.Region);
            Require(IsSet(server.Databases), $"{at}.databases", "names that are not empty, each once", string.Join(", ", server.Databases));
        }

        for (var i = 0; i < scenario.SqlFailoverGroups.Count; i++)
        {
            CheckGroup(scenario.SqlFailoverGroups[i], $"sqlFailoverGroups[{i}]");
        }

        void CheckGroup(ScenarioSqlFailoverGroup group, string at)
        {
            var primary = servers.FirstOrDefault(each => ArmRouter.Is(each.Name, group.Primary));
            var secondary = servers.FirstOrDefault(each => ArmRouter.Is(each.Name, group.Secondary));
            Require(SqlProvider.IsName(group.Name), $"{at}.name", "1 to 63 lower-case letters, digits and inner hyphens", group.Name);
            Require(scenario.SqlFailoverGroups.Count(each => ArmRouter.Is(each.Name, group.Name)) == 1, $"{at}.name", "a name that occurs once", group.Name);
            Require(primary is not null, $"{at}.primary", "one of " + string.Join(", ", servers.Select(each => each.Name)), group.Primary);
            Require(secondary is not null && primary is not null && !ArmRouter.Is(secondary.Region, primary.Region), $"{at}.secondary", "a server of another region", group.Secondary);
            Require(
                IsSet(group.Databases) && group.Databases.All(name => primary?.Databases.Contains(name) == true && secondary?.Databases.Contains(name, StringComparer.OrdinalIgnoreCase) != true
                    && scenario.SqlFailoverGroups.Count(other => ArmRouter.Is(other.Primary, group.Primary) && other.Databases.Contains(name)) == 1),
                $"{at}.databases",
                "databases of the primary that the secondary has not and no other group has",
                string.Join(", ", group.Databases));
            Require(group.ReplicationLagSeconds is >= 0 and <= 86400, $"{at}.replicationLagSeconds", "0 to 86400", group.ReplicationLagSeconds);
            Require(group.ReseedSeconds is >= 0 and <= 86400, $"{at}.reseedSeconds", "0 to 86400", group.ReseedSeconds);
        }

        void Require(bool valid, string member, string expected, object? found)
        {
            if (!valid)
            {
                errors.Add(FormattableString.Invariant($"{member}: expected {expected} and found '{found}'"));
            }
        }
    }

    private static bool IsSet(IReadOnlyList<string> names) => names.All(name => name.Length > 0) && names.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase).Count == names.Count;
}
