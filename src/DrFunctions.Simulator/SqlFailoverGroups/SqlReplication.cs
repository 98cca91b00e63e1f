using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>How the two sides of a failover group stand to each other.</summary>
internal sealed class SqlReplication(ArmServices services, SqlStore store)
{
    /// <summary>CATCH_UP while the secondary follows; SUSPENDED while a region is dark and, after a forced failover, until the old primary is seeded anew.</summary>
    public string StateOf(FailoverGroup group)
    {
        var (primary, secondary) = SidesOf(group);
        if (services.Outages.IsDark(primary.Region) || services.Outages.IsDark(secondary.Region))
        {
            return "SUSPENDED";
        }

        return IsSeeding(group) ? "SUSPENDED" : "CATCH_UP";
    }

    /// <summary>The state as a server shows it: the seeding is seen by the primary only, as was recorded from the service.</summary>
    public string StateOn(FailoverGroup group, SqlServer server)
    {
        var partner = store.FindServer(group.PartnerOf(server.Id));
        return ArmRouter.Is(group.SecondaryId, server.Id) && !services.Outages.IsDark(server.Region) && !services.Outages.IsDark(partner.Region)
            ? "CATCH_UP"
            : StateOf(group);
    }

    public (SqlServer Primary, SqlServer Secondary) SidesOf(FailoverGroup group) => (store.FindServer(group.PrimaryId), store.FindServer(group.SecondaryId));

    /// <summary>How much of what the primary has confirmed is not at the secondary: until now, or until the primary's region went dark.</summary>
    public TimeSpan BehindOf(FailoverGroup group)
    {
        var (primary, secondary) = SidesOf(group);
        var written = services.Outages.Since(primary.Region) ?? services.Time.GetUtcNow();
        var arrived = services.Outages.SyncedUntil(primary.Region, secondary.Region, group.Lag);
        return written - (IsSeeding(group) && group.ForcedAt < arrived ? group.ForcedAt.Value : arrived);
    }

    private bool IsSeeding(FailoverGroup group)
    {
        var (primary, secondary) = SidesOf(group);
        var since = new[] { group.ForcedAt, services.Outages.UpSince(primary.Region), services.Outages.UpSince(secondary.Region) }.Max();
        return group.ForcedAt is not null && services.Time.GetUtcNow() - since < group.Reseed;
    }

    /// <summary>The region that a secondary would lie in by default.</summary>
    public string OtherRegion(SqlServer server) => services.Locations.Names.FirstOrDefault(name => !ArmLocations.Same(name, server.Region)) ?? server.Region;
}
