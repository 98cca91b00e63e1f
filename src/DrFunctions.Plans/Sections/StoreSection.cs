using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads one store: two containers, two PostgreSQL servers or the two sides of a SQL failover group.</summary>
internal static class StoreSection
{
    private const string Postgres = "postgres";
    private const string SqlGroup = "sqlFailoverGroup";
    private const string Expected = "expected one of: primary and secondary (containers), postgres, sqlFailoverGroup";

    /// <summary>Whether the store says of itself that it is a database, and nothing else.</summary>
    public static bool IsDatabase(FieldMap fields) =>
        (fields[Postgres] is not null || fields[SqlGroup] is not null) && fields["primary"] is null && fields["secondary"] is null;

    /// <summary>Reads it; null when it cannot be read, which was reported.</summary>
    /// <param name="item">The store.</param>
    /// <param name="fields">What it says.</param>
    /// <param name="name">Its name; null when that cannot be read.</param>
    /// <param name="home">The primary region; null when that cannot be read.</param>
    public static DataStore? Read(Field item, FieldMap fields, string? name, Region? home)
    {
        var fence = FenceSection.Read(fields["fence"]);
        var isContainer = fields["primary"] is not null || fields["secondary"] is not null;
        var kinds = new[] { isContainer ? "containers" : null, fields[Postgres] is null ? null : Postgres, fields[SqlGroup] is null ? null : SqlGroup }.OfType<string>().ToList();
        if (kinds.Count == 0)
        {
            item.Report($"does not say where the data lives; {Expected}.");
        }
        else if (kinds.Count > 1)
        {
            item.Report($"is both {string.Join(" and ", kinds)}; {Expected}.");
        }

        // Each kind that is there is read, so that all its mistakes are told.
        var container = isContainer ? ReadContainers(item, fields, name, fence) : null;
        var postgres = ReadPair(fields[Postgres], PlanKeys.Postgres, "Microsoft.DBforPostgreSQL/flexibleServers");
        var group = ReadPair(fields[SqlGroup], PlanKeys.SqlFailoverGroup, "Microsoft.Sql/servers/failoverGroups");
        if (group is var (here, there) && !here.Name.Equals(there.Name, StringComparison.OrdinalIgnoreCase))
        {
            fields[SqlGroup]?.Report($"names the groups '{here.Name}' and '{there.Name}'; expected one name, which a failover group has on both servers.");
        }

        DataStore? store = kinds.Count != 1 || name is null || fence is null ? null
            : container is not null ? container
            : postgres is var (server, replica) ? new PostgresStore(name, server, replica, fence)
            : group is var (primary, secondary) ? new SqlGroupStore(name, primary, secondary, fence)
            : null;
        if (store is not null && FenceCatalog.Of(store.Fence).Misfit(store, home) is { } misfit)
        {
            fields["fence"]?.Report(misfit);
            return null;
        }

        return store;
    }

    private static ContainerStore? ReadContainers(Field item, FieldMap fields, string? name, StoreFence? fence)
    {
        foreach (var role in Choices.Roles.Keys.Where(role => fields[role] is null))
        {
            item.Report($"has no {role}; expected a container in both regions.");
        }

        var (primary, account) = ContainerSection.ReadOfStore(fields["primary"]);
        var (secondary, otherAccount) = ContainerSection.ReadOfStore(fields["secondary"]);
        if (primary is not null && primary.Connection == secondary?.Connection)
        {
            fields["secondary"]?.Report(
                "has the primary's connection, and one account is lost with its region; expected an account of the secondary region.");
        }

        if (account is { } one && one == otherAccount)
        {
            fields["secondary"]?.Report($"has the primary's account '{one.Name}', which is lost with its region; expected an account of the secondary region.");
        }

        return name is null || primary is null || secondary is null || fence is null
            ? null
            : new ContainerStore(name, primary, secondary, fence) { PrimaryAccount = account, SecondaryAccount = otherAccount };
    }

    private static (ResourceId Primary, ResourceId Secondary)? ReadPair(Field? field, MapKeys keys, string type)
    {
        var fields = field?.Map(keys);
        var primary = fields?["primary"]?.Resource(type);
        var secondary = fields?["secondary"]?.Resource(type);
        if (primary is not { } one || secondary is not { } other)
        {
            return null;
        }

        if (one == other)
        {
            fields?["secondary"]?.Report("is the primary too, which is lost with its region; expected the secondary region's own.");
        }

        return (one, other);
    }
}
