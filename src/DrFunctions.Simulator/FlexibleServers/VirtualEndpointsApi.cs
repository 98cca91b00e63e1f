using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>The virtual endpoints of a primary: one pair of a writer, which follows the primary, and a reader.</summary>
internal sealed partial class VirtualEndpointsApi(ArmServices services, ServerStore servers, ServerOperations operations, ServerWriter writer)
{
    public ArmResponse List(ArmRequest request, FlexibleServer server) => request.Method == "GET"
        ? services.Pages.Page(request, servers.Endpoints.Where(each => ArmRouter.Is(each.ServerId, server.Id)), each => each.Name, writer.Write)
        : throw request.MethodNotAllowed();

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Handle(ArmRequest request, FlexibleServer server, string name)
    {
        if (server.IsReplica)
        {
            throw ServerErrors.NotAllowed($"The server '{server.Name}' is a replica; virtual endpoints are those of the primary.");
        }

        var endpoint = servers.FindEndpoint(name) is { } found && ArmRouter.Is(found.ServerId, server.Id) ? found : null;
        switch (request.Method)
        {
            case "GET":
                return ArmResponse.Ok(writer.Write(endpoint ?? throw NotFound(server, name)));
            case "PUT" when endpoint is null:
                return Create(request, server, name);
            case "PUT" or "PATCH":
                return Update(request, server, endpoint ?? throw NotFound(server, name));
            case "DELETE" when endpoint is null:
                return new ArmResponse(204);
            case "DELETE":
                operations.RequireFree(server);
                return operations.Begin(request, "VirtualEndpointDropManagementOperation", server, ServerState.Updating, 10, () =>
                {
                    servers.RemoveEndpoint(endpoint.Name);
                    return new ArmResponse(204);
                });
            default:
                throw request.MethodNotAllowed();
        }
    }

    private static ArmRejection NotFound(FlexibleServer server, string name) =>
        ArmRejection.NotFound(VirtualEndpoint.Type, $"{server.Name}/{name}", server.ResourceGroup);

    private ArmResponse Create(ArmRequest request, FlexibleServer server, string name)
    {
        if (!NameForm().IsMatch(name) || name.Length < 3)
        {
            throw ServerErrors.Invalid($"The virtual endpoint name '{name}' is invalid: expected 3 to 63 letters, digits and inner hyphens.");
        }

        if (servers.EndpointOf(server) is { } other)
        {
            throw ServerErrors.NotAllowed($"The server '{server.Name}' has the virtual endpoints '{other.Name}' already; a server has one writer and one reader.");
        }

        if (servers.FindEndpoint(name) is not null)
        {
            throw ArmRejection.FromService(409, "VirtualEndpointNameAlreadyExists", $"The virtual endpoint name '{name}' is already used.");
        }

        var reader = ReadReader(request.RequireBody(), server);
        operations.RequireFree(server);
        return operations.Begin(request, "ReplicaGroupCreateManagementOperation", server, ServerState.Updating, 15, () => Put(name, server, reader));
    }

    private ArmResponse Update(ArmRequest request, FlexibleServer server, VirtualEndpoint endpoint)
    {
        var reader = ReadReader(request.RequireBody(), server);
        operations.RequireFree(server);
        return operations.Begin(request, "ReplicaGroupUpdateManagementOperation", server, ServerState.Updating, 15, () => Put(endpoint.Name, server, reader));
    }

    private ArmResponse Put(string name, FlexibleServer server, FlexibleServer reader)
    {
        // Both must still be there and belong together.
        var primary = servers.Find(server.Id);
        var target = Member(primary, servers.Find(reader.Id).Name);
        var endpoint = new VirtualEndpoint(name, primary.Id, target.Id);
        servers.Put(endpoint);
        return ArmResponse.Ok(writer.Write(endpoint));
    }

    private FlexibleServer ReadReader(JsonObject body, FlexibleServer server)
    {
        var properties = ServerReader.Open(body).Object("properties");
        _ = properties.Choice("endpointType", "ReadWrite");
        return properties.Texts("members") switch
        {
            null => throw ServerErrors.Missing("properties.members"),
            [var name] => Member(server, name),
            _ => throw properties.Wrong("members", "the name of one server"),
        };
    }

    private FlexibleServer Member(FlexibleServer primary, string name) =>
        servers.ReplicasOf(primary).Append(primary).FirstOrDefault(each => ArmRouter.Is(each.Name, name))
        ?? throw ServerErrors.Invalid($"The value '{name}' of 'properties.members' is invalid: expected '{primary.Name}' or one of its replicas.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,62}(?<!-)$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
