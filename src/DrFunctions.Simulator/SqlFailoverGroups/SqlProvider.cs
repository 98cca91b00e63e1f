using System.Globalization;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Microsoft.Sql/servers with their databases and failover groups.</summary>
internal sealed class SqlProvider : IResourceProvider
{
    private static readonly string[] Versions =
    [
        "2025-01-01", "2024-11-01-preview", "2024-05-01-preview", "2023-08-01", "2023-08-01-preview", "2023-05-01-preview", "2023-02-01-preview",
        "2022-11-01-preview", "2022-08-01-preview", "2022-05-01-preview", "2022-02-01-preview", "2021-11-01", "2021-11-01-preview", "2020-11-01-preview", "2015-05-01-preview",
    ];

    private readonly ArmServices _services;
    private readonly SqlStore _store = new();
    private readonly SqlDatabases _databases;
    private readonly DatabasesApi _databasesApi;
    private readonly FailoverGroupsApi _groupsApi;

    public SqlProvider(ArmServices services, SeededSource random)
    {
        _services = services;
        var replication = new SqlReplication(services, _store);
        var writer = new SqlWriter(_store, replication);
        _databases = new SqlDatabases(services, _store, random);
        _databasesApi = new DatabasesApi(services, _store, writer, _databases);
        _groupsApi = new FailoverGroupsApi(services, _store, writer, new FailoverGroupFailover(services, _store, replication, writer, _databases), _databases);
    }

    public string Namespace => "Microsoft.Sql";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Types { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["servers"] = Versions,
        ["servers/databases"] = Versions,
        ["servers/failoverGroups"] = Versions,
    };

    public IEnumerable<TrackedResource> Resources => _store.Servers.Select(server =>
        new TrackedResource(server.ResourceGroup, SqlServer.Type, server.Name, server.Region) { Kind = "v12.0", Tags = server.Tags, State = StateOf(server) });

    public static bool IsName(string name) =>
        name.Length is >= 1 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && !name.StartsWith('-') && !name.EndsWith('-');

    public void RemoveGroup(string resourceGroup)
    {
        foreach (var server in _store.Servers.Where(server => ArmRouter.Is(server.ResourceGroup, resourceGroup)).ToList())
        {
            _store.RemoveServer(server);
        }
    }

    public void Reset()
    {
        _store.Clear();
        ScenarioSql.BringUp(_services, _store, _databases);
    }

    public ArmResponse Handle(ArmRequest request)
    {
        var (rest, group) = (request.Rest, request.Scope.ResourceGroup);
        if (rest.Count == 1)
        {
            var listed = _store.Servers.Where(server => group is null || ArmRouter.Is(server.ResourceGroup, group));
            return request.Method == "GET" ? _services.Pages.Page(request, listed, server => server.Name, SqlWriter.Write) : throw request.MethodNotAllowed();
        }

        if (group is null)
        {
            throw new ArmRejection(404, "InvalidResourcePath", "A SQL server lies in a resource group; the path names none.");
        }

        var id = request.Scope.ResourceId(group, SqlServer.Type, rest[1]);
        if (rest.Count == 2)
        {
            return HandleServer(request, id, group);
        }

        var server = _store.FindServer(id);
        return ArmRouter.Is(rest[2], "databases") ? _databasesApi.Handle(request, server)
            : ArmRouter.Is(rest[2], "failoverGroups") && rest.Count <= 5 ? _groupsApi.Handle(request, server)
            : throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's SQL servers have databases and failoverGroups, and nothing at '{string.Join('/', rest.Skip(2))}'.");
    }

    private ArmResponse HandleServer(ArmRequest request, string id, string group)
    {
        _store.TryFindServer(id, out var existing);
        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(SqlWriter.Write(_store.FindServer(id)));
            case "PUT":
                return Put(request, id, group, existing);
            case "DELETE":
                return existing is null ? new ArmResponse(204) : Delete(existing);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse Put(ArmRequest request, string id, string group, SqlServer? existing)
    {
        var name = request.Rest[1];
        if (!IsName(name) || (_store.FindServerByName(name) is { } other && !ArmRouter.Is(other.Id, id)))
        {
            throw SqlErrors.Of(
                IsName(name) ? 409 : 400,
                IsName(name) ? "NameAlreadyExists" : "InvalidServerName",
                IsName(name) ? $"The name '{name}' already exists. Choose a different name." : $"Invalid server name '{name}' specified: expected 1 to 63 lower-case letters, digits and inner hyphens.");
        }

        var body = request.RequireBody();
        var region = _services.Locations.Require(body, SqlServer.Type);
        if (existing is not null && !ArmLocations.Same(existing.Region, region))
        {
            throw ArmLocations.Moved(name, existing.Region, group, region);
        }

        _services.Outages.RequireLit(region);
        var properties = new JsonMembers(body, "", SqlErrors.Invalid).Object("properties");
        var wanted = new SqlServer
        {
            Id = existing?.Id ?? id,
            Name = existing?.Name ?? name,
            ResourceGroup = group,
            Region = region,
            AdministratorLogin = properties.Text("administratorLogin") ?? existing?.AdministratorLogin,
            Tags = ArmTags.Read(body),
        };
        return _services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.SqlServers,
            Name = "UpsertLogicalServer",
            Resource = id,
            Location = region.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(),
            Complete = () =>
            {
                _services.Outages.RequireLit(region);
                _services.Groups.FindToWrite(group);
                _store.Put(wanted);
                return ArmResponse.Ok(SqlWriter.Write(wanted));
            },
        }).Accepted();
    }

    private ArmResponse Delete(SqlServer server)
    {
        _services.Outages.RequireLit(server.Region);
        _services.Operations.RequireIdle(OperationShapes.SqlServers, [server.Id, .. _store.DatabasesOf(server).Select(database => database.Id)]);
        if (_store.GroupsOf(server).FirstOrDefault() is { } failoverGroup)
        {
            throw SqlErrors.Of(409, "ServerIsInFailoverGroup", $"The server '{server.Name}' is in the failover group '{failoverGroup.Name}'. Delete the group first.");
        }

        _store.RemoveServer(server);
        return ArmResponse.Ok();
    }

    private string StateOf(SqlServer server) => string.Join("; ", _store.GroupsOf(server).OrderBy(group => group.Name, StringComparer.Ordinal).Select(group =>
    {
        var role = $"{(ArmRouter.Is(group.PrimaryId, server.Id) ? "primary" : "secondary")} of {group.Name}";
        return group.DataLoss is { } loss && ArmRouter.Is(group.PrimaryId, server.Id)
            ? string.Create(CultureInfo.InvariantCulture, $"{role}, failed over with the loss of {loss.TotalSeconds:0.###} s")
            : role;
    }).DefaultIfEmpty("Ready"));
}
