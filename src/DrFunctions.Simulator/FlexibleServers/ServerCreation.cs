using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>Makes servers: new ones, replicas, and restores of others. Until it is done, nobody can see the new one.</summary>
internal sealed partial class ServerCreation(
    ArmServices services, ServerStore servers, ServerOperations operations, ServerBackups backups, ServerWriter writer)
{
    private const string Upsert = "UpsertServerManagementOperationV2";

    /// <exception cref="ArmRejection">The request is refused; nothing has changed.</exception>
    public ArmResponse Create(ArmRequest request, string id, string name)
    {
        if (!NameForm().IsMatch(name) || name.Length is < 3 or > 63)
        {
            throw ServerErrors.Invalid($"The server name '{name}' is invalid: expected 3 to 63 letters, digits and inner hyphens.");
        }

        var body = request.RequireBody();
        var location = services.Locations.Require(body, FlexibleServer.Type);
        var properties = ServerReader.Open(body).Object("properties");
        var mode = properties.Choice("createMode", "Default", "Create", "Update", "PointInTimeRestore", "GeoRestore", "Replica", "ReviveDropped") ?? "Default";
        services.Operations.RequireIdle(Operations.OperationShapes.PostgreSql, id);
        if (servers.IsTaken(name))
        {
            throw ServerErrors.NameTaken();
        }

        services.Outages.RequireLit(location);
        var draft = new FlexibleServer
        {
            Id = id,
            Name = name,
            ResourceGroup = request.Scope.ResourceGroup!, // the path has one
            Location = location,
            Created = services.Time.GetUtcNow(),
        };
        return mode switch
        {
            "Default" or "Create" => New(request, draft, body),
            "Replica" => Replica(request, draft, body, SourceOf(properties)),
            "PointInTimeRestore" => Restore(request, draft, body, SourceOf(properties), elsewhere: false),
            "GeoRestore" => Restore(request, draft, body, SourceOf(properties), elsewhere: true),
            "Update" => throw ArmRejection.NotFound(FlexibleServer.Type, name, draft.ResourceGroup),
            _ => throw ServerErrors.NotAllowed("The simulator does not revive dropped servers."),
        };
    }

    private ArmResponse New(ArmRequest request, FlexibleServer draft, JsonObject body)
    {
        if (ServerReader.Open(body).Object("properties").Text("administratorLogin") is not { Length: > 0 })
        {
            throw ServerErrors.Missing("properties.administratorLogin");
        }

        var server = ServerReader.Apply(draft, body) with { GeoRedundantBackup = ServerReader.GeoRedundantBackup(body) ?? false };
        return Begin(request, Upsert, server, 60, null);
    }

    private ArmResponse Replica(ArmRequest request, FlexibleServer draft, JsonObject body, FlexibleServer source)
    {
        if (source.IsReplica || !Replication.CanHaveReplicas(source))
        {
            throw ServerErrors.NotAllowed($"The server '{source.Name}' cannot have replicas: it is {(source.IsReplica ? "a replica itself" : "of the tier Burstable")}.");
        }

        if (servers.ReplicasOf(source).Count() >= Replication.Capacity)
        {
            throw ServerErrors.NotAllowed($"The server '{source.Name}' has {Replication.Capacity} replicas already, the most that it can have.");
        }

        operations.RequireFree(source);
        if (source.State != ServerState.Ready)
        {
            return operations.BeginInVain(request, Upsert, source, ServerErrors.NotReady("A replica can only be created of Ready servers.", source));
        }

        var server = ServerReader.Apply(Like(draft, source), body) with { SourceId = source.Id, HighAvailability = "Disabled" };
        return Begin(request, Upsert, server, 90, source);
    }

    private ArmResponse Restore(ArmRequest request, FlexibleServer draft, JsonObject body, FlexibleServer source, bool elsewhere)
    {
        var to = ServerReader.Open(body).Object("properties").Time("pointInTimeUTC") ?? throw ServerErrors.Missing("properties.pointInTimeUTC");
        if (elsewhere == ArmRouter.Is(draft.Location, source.Location))
        {
            throw ServerErrors.Invalid(elsewhere
                ? $"The location '{draft.Location}' is invalid: expected another region than that of the source server, which has its own backups."
                : $"The location '{draft.Location}' is invalid: expected '{source.Location}', the region of the source server.");
        }

        if (elsewhere && !source.GeoRedundantBackup)
        {
            throw ServerErrors.NotAllowed($"The server '{source.Name}' has no geo-redundant backup.");
        }

        backups.RequireRestorable(source, to);
        var server = ServerReader.Apply(Like(draft, source), body) with
        {
            GeoRedundantBackup = ServerReader.GeoRedundantBackup(body) ?? (!elsewhere && source.GeoRedundantBackup),
            HighAvailability = "Disabled",
        };
        return Begin(request, "RestoreSnapshotManagementOperation", server, 120, null);
    }

    private static FlexibleServer Like(FlexibleServer draft, FlexibleServer source) => source with
    {
        Id = draft.Id,
        Name = draft.Name,
        ResourceGroup = draft.ResourceGroup,
        Location = draft.Location,
        Created = draft.Created,
        State = ServerState.Ready,
        GeoRedundantBackup = false,
        SourceId = null,
        ReplicaSince = null,
        Standalone = false,
        NotRestorable = [],
        DataLoss = null,
        Backups = [],
    };

    /// <param name="request">The request.</param>
    /// <param name="operation">The operation's name.</param>
    /// <param name="server">The server to be.</param>
    /// <param name="seconds">How long it takes.</param>
    /// <param name="primary">The primary, which is Updating while a replica of it is made.</param>
    private ArmResponse Begin(ArmRequest request, string operation, FlexibleServer server, double seconds, FlexibleServer? primary)
    {
        IReadOnlyList<FlexibleServer> busy = primary is null ? [] : [primary];
        var accepted = operations.Begin(request, operation, server, ServerState.Updating, seconds, Appear, Release, busy);
        servers.Reserve(server.Name);
        return accepted;

        ArmResponse Appear()
        {
            // Group and primary may be gone, or the primary's region dark, meanwhile.
            services.Groups.Find(server.ResourceGroup);
            var now = services.Time.GetUtcNow();
            if (primary is not null)
            {
                services.Outages.RequireLit(primary.Location);
                servers.Change(servers.Find(primary.Id).Id, each => each with { Standalone = false });
            }

            Release();
            var made = server with { Created = now, ReplicaSince = primary is null ? null : now };
            servers.Put(made);
            return ArmResponse.Ok(writer.Write(made));
        }

        void Release() => servers.Release(server.Name);
    }

    private FlexibleServer SourceOf(JsonMembers properties)
    {
        var id = properties.Text("sourceServerResourceId") is { Length: > 0 } text ? text : throw ServerErrors.Missing("properties.sourceServerResourceId");
        return servers.TryFind(id, out var source) ? source
            : throw ServerErrors.Invalid($"The value '{id}' of 'properties.sourceServerResourceId' is invalid: there is no such server.");
    }

    [GeneratedRegex("^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
