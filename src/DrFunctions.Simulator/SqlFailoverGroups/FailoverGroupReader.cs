using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Reads and checks the body of a failover group.</summary>
/// <exception cref="ArmRejection">Every method: the body is not valid, with the code that the service has for it.</exception>
internal sealed class FailoverGroupReader(SqlStore store)
{
    /// <summary>The service's minimum for the grace period, minutes, inclusive.</summary>
    private const int MinGraceMinutes = 60;

    /// <summary>The group that a PUT asks for.</summary>
    public FailoverGroup Put(FailoverGroup? existing, SqlServer primary, string name, JsonObject body)
    {
        var properties = Properties(body);
        if (!properties.Has("readWriteEndpoint"))
        {
            throw SqlErrors.InvalidGroup("InvalidReadWriteEndpoint", "The readWriteEndpoint field is required for create or update requests.");
        }

        var partner = Partner(primary, body) ?? throw SqlErrors.InvalidGroup(
            "InvalidPartner", "The given partners field in create or update failover group request body is empty or invalid.");
        if (existing is not null && !ArmRouter.Is(existing.SecondaryId, partner.Id))
        {
            throw SqlErrors.InvalidGroup("InvalidPartner", $"The partner of the failover group '{existing.Name}' cannot be changed: expected '{existing.SecondaryId}'.");
        }

        var group = existing ?? new FailoverGroup { Name = name, PrimaryId = primary.Id, SecondaryId = partner.Id };
        return Checked(Endpoints(group, properties) with { Databases = Databases(primary, body) ?? [] }, primary);
    }

    /// <summary>The group that a PATCH asks for.</summary>
    public FailoverGroup Patch(FailoverGroup existing, SqlServer primary, JsonObject body)
    {
        if (Partner(primary, body) is { } partner && !ArmRouter.Is(existing.SecondaryId, partner.Id))
        {
            throw SqlErrors.InvalidGroup("InvalidPartner", $"The partner of the failover group '{existing.Name}' cannot be changed: expected '{existing.SecondaryId}'.");
        }

        return Checked(Endpoints(existing, Properties(body)) with { Databases = Databases(primary, body) ?? existing.Databases }, primary);
    }

    private static JsonMembers Properties(JsonObject body) => new JsonMembers(body, "", SqlErrors.Invalid).Object("properties");

    private static FailoverGroup Endpoints(FailoverGroup group, JsonMembers properties)
    {
        _ = properties.Choice("secondaryType", "Geo", "Standby");
        if (properties.Object("readOnlyEndpoint").Choice("failoverPolicy", "Enabled", "Disabled") is { } readOnly)
        {
            group = group with { ReadOnlyFailsOver = readOnly == "Enabled" };
        }

        if (!properties.Has("readWriteEndpoint"))
        {
            return group;
        }

        var readWrite = properties.Object("readWriteEndpoint");
        var policy = readWrite.Choice("failoverPolicy", "Manual", "Automatic") ?? throw SqlErrors.InvalidGroup(
            "InvalidReadWriteFailoverPolicy", "The failoverPolicy field for the read-write endpoint is required for create or update requests.");
        var minutes = readWrite.Number("failoverWithDataLossGracePeriodMinutes", int.MinValue, int.MaxValue);
        return (policy, minutes) switch
        {
            ("Manual", not null) => throw SqlErrors.InvalidGroup(
                "InvalidReadWriteEndpointFieldsForManualPolicy", "Grace period value should not be provided when failover policy Manual is selected for the read-write endpoint."),
            ("Automatic", null) => throw SqlErrors.InvalidGroup(
                "InvalidReadWriteEndpointFields", "The property failoverWithDataLossGracePeriodMinutes must be provided when failover policy Automatic is selected for the read-write endpoint."),
            ("Automatic", < 0) => throw SqlErrors.InvalidGroup(
                "NegativeGracePeriodValues", "Grace period value for the read-write endpoint must be non-negative."),
            ("Automatic", < MinGraceMinutes) => throw SqlErrors.InvalidGroup(
                "LessThanMinimumGracePeriodValues", $"Grace period value for the read-write endpoint must be at least {MinGraceMinutes} minutes; found {minutes}."),
            _ => group with { Automatic = policy == "Automatic", GraceMinutes = minutes },
        };
    }

    /// <summary>The partner server that the body names; null when it names none.</summary>
    private SqlServer? Partner(SqlServer primary, JsonObject body)
    {
        if ((body["properties"] as JsonObject)?["partnerServers"] is not { } node)
        {
            return null;
        }

        var ids = node is JsonArray partners ? partners.Select(each => (each as JsonObject)?["id"] is JsonValue id && id.TryGetValue(out string? text) ? text : null).ToList() : [null];
        if (ids.Count == 0 || ids.Contains(null))
        {
            throw SqlErrors.InvalidGroup("InvalidPartner", "The given partners field in create or update failover group request body is empty or invalid.");
        }

        if (ids.Count > 1)
        {
            throw SqlErrors.InvalidGroup("UnsupportedPartnerCount", "Only one partner server is supported.");
        }

        var wanted = ids[0]!; // none is null
        if (ArmRouter.Is(wanted, primary.Id))
        {
            throw SqlErrors.InvalidGroup("DuplicatePartner", "Please make sure the primary server and all of the given partner servers are unique.");
        }

        if (wanted.Split('/') is [_, var keyword, var subscription, ..] && ArmRouter.Is(keyword, "subscriptions") && !ArmRouter.Is(subscription, primary.Id.Split('/')[2]))
        {
            throw SqlErrors.Of(
                400, "FailoverGroupPartnerServerFromDifferentSubscription", "Primary server and the partner servers of failover group are from different subscriptions. Cross subscription for servers of failover group is not allowed.");
        }

        var partner = store.TryFindServer(wanted, out var found) ? found : throw SqlErrors.ServerNotFound(wanted);
        return ArmLocations.Same(partner.Region, primary.Region)
            ? throw SqlErrors.Of(400, "InvalidFailoverGroupRegion", "Servers specified in a Failover Group need to reside in different regions to provide isolation.")
            : partner;
    }

    /// <summary>Names of the databases that the body names; null when it has no such member.</summary>
    private ImmutableArray<string>? Databases(SqlServer primary, JsonObject body)
    {
        var ids = Properties(body).Texts("databases");
        if (ids is null)
        {
            return null;
        }

        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var id in ids)
        {
            if (id.Split('/').Length != 11)
            {
                throw SqlErrors.InvalidGroup("InvalidDatabases", $"The provided databases in the request are not valid database resource IDs: '{id}'.");
            }

            if (!store.TryFindDatabase(id, out var database) || !ArmRouter.Is(database.ServerId, primary.Id))
            {
                throw SqlErrors.InvalidGroup(
                    "InvalidDatabaseServer", $"One or more of the provided databases do not exist on the primary server of the failover group: '{id}'.");
            }

            if (!names.Contains(database.Name, StringComparer.OrdinalIgnoreCase))
            {
                names.Add(database.Name);
            }
        }

        return names.ToImmutable();
    }

    /// <summary>The group, when its databases are free for it on both servers.</summary>
    private FailoverGroup Checked(FailoverGroup group, SqlServer primary)
    {
        var partner = store.FindServer(group.SecondaryId);
        foreach (var name in group.Databases)
        {
            if (store.GroupWith(primary, name) is { } other && !ArmRouter.Is(other.Name, group.Name))
            {
                throw SqlErrors.Of(
                    409, "DatabaseBelongsToOtherFailoverGroup", $"Database '{name}' belongs to the failover group '{other.Name}' and cannot be considered a part of '{group.Name}'.");
            }

            if (store.TryFindDatabase(partner.DatabaseId(name), out var copy) && !(copy.SourceId is { } source && ArmRouter.Is(source, primary.DatabaseId(name))))
            {
                throw SqlErrors.RemoteDatabaseExists(name, partner.Name);
            }
        }

        return group;
    }
}
