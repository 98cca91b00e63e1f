using System.Globalization;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Microsoft.DBforPostgreSQL/flexibleServers with their replicas, backups and virtual endpoints.</summary>
internal sealed class FlexibleServersProvider : IResourceProvider
{
    private static readonly string[] Versions =
    [
        "2026-01-01-preview", "2025-08-01", "2025-06-01-preview", "2025-01-01-preview", "2024-11-01-preview", "2024-08-01", "2024-03-01-preview",
        "2023-12-01-preview", "2023-06-01-preview",
    ];

    private readonly ArmServices _services;
    private readonly ServerStore _servers = new();
    private readonly ServerWriter _writer;
    private readonly ServerCreation _creation;
    private readonly ServerActions _actions;
    private readonly ServerPromotion _promotion;
    private readonly BackupsApi _backups;
    private readonly VirtualEndpointsApi _endpoints;
    private readonly MetricsApi _metrics;

    public FlexibleServersProvider(ArmServices services)
    {
        _services = services;
        var replication = new Replication(_servers, services.Outages, services.Time);
        var backups = new ServerBackups(services.Time);
        var operations = new ServerOperations(services, _servers);
        _writer = new ServerWriter(_servers, replication, backups);
        _creation = new ServerCreation(services, _servers, operations, backups, _writer);
        _actions = new ServerActions(_servers, operations, _writer);
        _promotion = new ServerPromotion(services, _servers, operations, replication, _writer);
        _backups = new BackupsApi(services, _servers, backups, operations);
        _endpoints = new VirtualEndpointsApi(services, _servers, operations, _writer);
        _metrics = new MetricsApi(_servers, services.Outages, services.Time);
    }

    public string Namespace => "Microsoft.DBforPostgreSQL";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["flexibleServers"] = Versions,
        ["flexibleServers/backups"] = Versions,
        ["flexibleServers/replicas"] = Versions,
        ["flexibleServers/virtualEndpoints"] = Versions,

        // Microsoft.Insights extends every resource; here it has a metric of servers.
        ["flexibleServers/providers/metrics"] = MetricsApi.Versions,
        ["locations"] = Versions,
        ["checkNameAvailability"] = Versions,
    };

    public IEnumerable<TrackedResource> Resources => _servers.Servers.Select(server => new TrackedResource(server.ResourceGroup, FlexibleServer.Type, server.Name, server.Location)
    {
        Tags = server.Tags,
        State = StateOf(server),
    });

    public ArmResponse Handle(ArmRequest request)
    {
        var (rest, group) = (request.Rest, request.Scope.ResourceGroup);
        if (!ArmRouter.Is(rest[0], "flexibleServers"))
        {
            return ArmRouter.Is(rest[^1], "checkNameAvailability") && rest.Count is 1 or 3 ? CheckName(request) : throw Nothing(request);
        }

        if (rest.Count == 1)
        {
            var listed = _servers.Servers.Where(server => group is null || ArmRouter.Is(server.ResourceGroup, group));
            return request.Method == "GET"
                ? _services.Pages.Page(request, listed, server => server.Name, server => _writer.Write(server))
                : throw request.MethodNotAllowed();
        }

        if (group is null)
        {
            throw new ArmRejection(404, "InvalidResourcePath", "A server lies in a resource group; the path names none.");
        }

        var id = request.Scope.ResourceId(group, FlexibleServer.Type, rest[1]);
        return rest.Count == 2 ? HandleServer(request, id) : HandleChild(request, _servers.Find(id));
    }

    public void RemoveGroup(string resourceGroup)
    {
        foreach (var server in _servers.Servers.Where(server => ArmRouter.Is(server.ResourceGroup, resourceGroup)).ToList())
        {
            _servers.Remove(server.Id);
        }
    }

    public void Reset()
    {
        _servers.Clear();
        ScenarioServers.BringUp(_services, _servers);
    }

    private ArmResponse HandleServer(ArmRequest request, string id)
    {
        _servers.TryFind(id, out var server);
        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(_writer.Write(_servers.Find(id)));
            case "PUT":
                return server is null ? _creation.Create(request, id, request.Rest[1]) : _actions.Update(request, server);
            case "PATCH":
                server = _servers.Find(id);
                return ServerPromotion.IsAskedFor(request.RequireBody()) ? _promotion.Promote(request, server) : _actions.Update(request, server);
            case "DELETE":
                return server is null ? new ArmResponse(204) : _actions.Delete(request, server);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse HandleChild(ArmRequest request, FlexibleServer server)
    {
        var rest = request.Rest;
        switch (rest.Count, rest[2].ToUpperInvariant())
        {
            case (3, "REPLICAS") when request.Method == "GET":
                return _services.Pages.Page(request, _servers.ReplicasOf(server), each => each.Name, each => _writer.Write(each, listedAsReplica: true));
            case (3, "BACKUPS"):
                return _backups.List(request, server);
            case (4, "BACKUPS"):
                return _backups.Handle(request, server, rest[3]);
            case (3, "VIRTUALENDPOINTS"):
                return _endpoints.List(request, server);
            case (4, "VIRTUALENDPOINTS"):
                return _endpoints.Handle(request, server, rest[3]);
            case (5, "PROVIDERS") when ArmRouter.Is(rest[3], "Microsoft.Insights") && ArmRouter.Is(rest[4], "metrics"):
                return _metrics.Handle(request, server);
            case (3, _) when request.Method == "POST":
                return _actions.Act(request, server, rest[2]);
            default:
                throw Nothing(request);
        }
    }

    private ArmResponse CheckName(ArmRequest request)
    {
        if (request.Method != "POST")
        {
            throw request.MethodNotAllowed();
        }

        var members = ServerReader.Open(request.RequireBody());
        var name = members.Text("name") is { Length: > 0 } text ? text : throw ServerErrors.Missing("name");
        var taken = _servers.IsTaken(name);
        var body = new JsonObject
        {
            ["name"] = name,
            ["type"] = members.Text("type") ?? FlexibleServer.Type,
            ["nameAvailable"] = !taken,
            ["message"] = taken ? ServerErrors.NameTaken().Message : "",
        };
        if (taken)
        {
            body["reason"] = "AlreadyExists";
        }

        return ArmResponse.Ok(body);
    }

    private static string StateOf(FlexibleServer server)
    {
        var state = server.State.ToString();
        if (server.SourceId is { } source)
        {
            state += ", replica of " + source.Split('/')[^1];
        }

        return server.DataLoss is { } loss
            ? string.Create(CultureInfo.InvariantCulture, $"{state}, promoted with the loss of {loss.TotalSeconds:0.###} s")
            : state;
    }

    private static ArmRejection Nothing(ArmRequest request) =>
        new(404, "InvalidResourcePath", $"The simulator's flexible servers have nothing at '{string.Join('/', request.Rest)}' for {request.Method}.");
}
