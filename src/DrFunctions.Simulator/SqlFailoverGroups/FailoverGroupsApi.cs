using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Microsoft.Sql/servers/failoverGroups: create, read, change and delete; every write is an operation.</summary>
internal sealed class FailoverGroupsApi(ArmServices services, SqlStore store, SqlWriter writer, FailoverGroupFailover failover, SqlDatabases databases)
{
    private readonly FailoverGroupReader _reader = new(store);

    public ArmResponse Handle(ArmRequest request, SqlServer server)
    {
        var rest = request.Rest;
        if (rest.Count == 3)
        {
            return request.Method == "GET"
                ? services.Pages.Page(request, store.GroupsOf(server), group => group.Name, group => writer.Write(group, server))
                : throw request.MethodNotAllowed();
        }

        var name = rest[3];
        switch (rest.Count, request.Method)
        {
            case (4, "GET" or "HEAD"):
                return ArmResponse.Ok(writer.Write(store.FindGroup(server, name), server));
            case (4, "PUT"):
                return Put(request, server, name);
            case (4, "PATCH"):
                var existing = OnPrimary(store.FindGroup(server, name), server);
                return Write(request, server, _reader.Patch(existing, server, request.RequireBody()), existing);
            case (4, "DELETE"):
                return Delete(request, server, name);
            case (5, "POST"):
                return failover.Begin(request, server, store.FindGroup(server, name), rest[4]);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse Put(ArmRequest request, SqlServer server, string name)
    {
        if (!SqlProvider.IsName(name))
        {
            throw SqlErrors.Of(409, "InvalidFailoverGroupName", $"Invalid Failover Group name '{name}' was supplied: expected 1 to 63 lower-case letters, digits and inner hyphens.");
        }

        var existing = store.FindGroupByName(name);
        if (existing is not null && !existing.IsOn(server.Id))
        {
            throw SqlErrors.Of(409, "FailoverGroupDnsRecordInUse", $"A duplicate DNS record exists for the requested endpoint '{name}.database.windows.net'.");
        }

        return Write(request, server, _reader.Put(existing is null ? null : OnPrimary(existing, server), server, name, request.RequireBody()), existing);
    }

    private ArmResponse Write(ArmRequest request, SqlServer server, FailoverGroup wanted, FailoverGroup? existing)
    {
        RequireLit(wanted);
        return services.Operations.Begin(request, FailoverGroupFailover.Plan(wanted, server) with
        {
            Name = existing is null ? "CreateFailoverGroup" : "UpdateFailoverGroup",
            Complete = () =>
            {
                // Servers and databases may have gone meanwhile.
                RequireLit(wanted);
                foreach (var name in wanted.Databases)
                {
                    databases.Follow(wanted, name);
                }

                store.Put(wanted);
                return ArmResponse.Ok(writer.Write(wanted, server));
            },
        }).Accepted();
    }

    /// <summary>Deletes a group; its databases stay, and still follow each other.</summary>
    private ArmResponse Delete(ArmRequest request, SqlServer server, string name)
    {
        if (store.FindGroupByName(name) is not { } group || !group.IsOn(server.Id))
        {
            return new ArmResponse(204);
        }

        OnPrimary(group, server);
        services.Outages.RequireLit(server.Region);
        return services.Operations.Begin(request, FailoverGroupFailover.Plan(group, server) with
        {
            Name = "DropFailoverGroup",
            Complete = () =>
            {
                services.Outages.RequireLit(server.Region);
                store.Remove(group);
                return ArmResponse.Ok();
            },
        }).Accepted();
    }

    private void RequireLit(FailoverGroup group)
    {
        services.Outages.RequireLit(store.FindServer(group.PrimaryId).Region);
        services.Outages.RequireLit(store.FindServer(group.SecondaryId).Region);
    }

    private static FailoverGroup OnPrimary(FailoverGroup group, SqlServer server) =>
        ArmRouter.Is(group.PrimaryId, server.Id) ? group : throw SqlErrors.OnSecondary();
}
