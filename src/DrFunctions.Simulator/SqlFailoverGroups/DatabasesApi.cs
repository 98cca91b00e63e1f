using System.Buffers;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.SqlFailoverGroups;

/// <summary>Microsoft.Sql/servers/databases: create, also as a secondary, read, list and delete.</summary>
internal sealed class DatabasesApi(ArmServices services, SqlStore store, SqlWriter writer, SqlDatabases databases)
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>*%&:\\/?");

    private static readonly Dictionary<string, (string Tier, int Capacity)> Sizes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Basic"] = ("Basic", 5),
        ["S0"] = ("Standard", 10),
        ["S1"] = ("Standard", 20),
        ["S2"] = ("Standard", 50),
        ["S3"] = ("Standard", 100),
        ["P1"] = ("Premium", 125),
        ["P2"] = ("Premium", 250),
        ["GP_Gen5_2"] = ("GeneralPurpose", 2),
        ["GP_Gen5_4"] = ("GeneralPurpose", 4),
        ["BC_Gen5_2"] = ("BusinessCritical", 2),
        ["BC_Gen5_4"] = ("BusinessCritical", 4),
    };

    public ArmResponse Handle(ArmRequest request, SqlServer server)
    {
        if (request.Rest.Count == 3)
        {
            return request.Method == "GET"
                ? services.Pages.Page(request, store.DatabasesOf(server), database => database.Name, writer.Write)
                : throw request.MethodNotAllowed();
        }

        if (request.Rest.Count > 4)
        {
            throw new ArmRejection(404, "InvalidResourcePath", $"The simulator's databases have nothing at '{string.Join('/', request.Rest.Skip(4))}'.");
        }

        var id = server.DatabaseId(request.Rest[3]);
        store.TryFindDatabase(id, out var existing);
        switch (request.Method)
        {
            case "GET" or "HEAD":
                return ArmResponse.Ok(writer.Write(existing ?? throw SqlStore.NotFound(SqlDatabase.Type, id)));
            case "PUT":
                return Put(request, server, existing, request.Rest[3]);
            case "DELETE":
                return existing is null ? new ArmResponse(204) : Delete(server, existing);
            default:
                throw request.MethodNotAllowed();
        }
    }

    private ArmResponse Put(ArmRequest request, SqlServer server, SqlDatabase? existing, string name)
    {
        if (name.Length is 0 or > 128 || name.EndsWith('.') || name.EndsWith(' ') || name.AsSpan().ContainsAny(Forbidden))
        {
            throw SqlErrors.Of(400, "InvalidDatabaseName", $"The database name '{name}' is invalid: expected up to 128 characters, none of < > * % & : \\ / ? and no period or space at the end.");
        }

        services.Outages.RequireLit(server.Region);
        var wanted = Read(request, server, existing, name);
        if (existing == wanted)
        {
            return ArmResponse.Ok(writer.Write(existing));
        }

        return services.Operations.Begin(request, new OperationPlan
        {
            Shape = OperationShapes.SqlDatabases,
            Name = existing is null ? "CreateLogicalDatabase" : "UpdateLogicalDatabase",
            Resource = server.DatabaseId(name),
            Location = server.Region.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(),
            Complete = () =>
            {
                services.Outages.RequireLit(server.Region);
                store.FindServer(server.Id);
                if (wanted.SourceId is { } source && !store.TryFindDatabase(source, out _))
                {
                    throw SqlErrors.Of(404, "SourceDatabaseNotFound", $"The source database '{source}' does not exist.");
                }

                store.Put(wanted);
                return ArmResponse.Ok(writer.Write(wanted));
            },
        }).Accepted();
    }

    private SqlDatabase Read(ArmRequest request, SqlServer server, SqlDatabase? existing, string name)
    {
        var body = request.RequireBody();
        var region = services.Locations.Require(body, SqlDatabase.Type);
        if (!ArmLocations.Same(region, server.Region))
        {
            throw ArmLocations.Moved(name, server.Region, server.ResourceGroup, region);
        }

        var members = new JsonMembers(body, "", SqlErrors.Invalid);
        var properties = members.Object("properties");
        var mode = properties.Choice("createMode", "Default", "Secondary", "OnlineSecondary") ?? "Default";
        var database = existing ?? (mode == "Default" ? databases.Make(server, name) : Secondary(properties, server, name));
        var sku = members.Object("sku");
        if (sku.Text("name") is { } size)
        {
            var known = Sizes.TryGetValue(size, out var found) ? found : throw sku.Wrong("name", "one of " + string.Join(", ", Sizes.Keys));
            database = database with
            {
                SkuName = Sizes.Keys.First(each => ArmRouter.Is(each, size)),
                SkuTier = sku.Choice("tier", known.Tier) ?? known.Tier,
                SkuCapacity = sku.Number("capacity", known.Capacity, known.Capacity) ?? known.Capacity,
            };
        }

        return database with
        {
            Collation = properties.Text("collation") ?? database.Collation,
            MaxSizeBytes = MaxSize(body) ?? database.MaxSizeBytes,
            Tags = body["tags"] is null ? database.Tags : ArmTags.Read(body),
        };
    }

    private SqlDatabase Secondary(JsonMembers properties, SqlServer server, string name)
    {
        var id = properties.Text("sourceDatabaseId") ?? throw SqlErrors.Of(400, "MissingSourceDatabaseId", "The property sourceDatabaseId is required to create a secondary.");
        var source = store.TryFindDatabase(id, out var found) ? found : throw SqlErrors.Of(404, "SourceDatabaseNotFound", $"The source database '{id}' does not exist.");
        return ArmRouter.Is(source.ServerId, server.Id)
            ? throw properties.Wrong("sourceDatabaseId", "a database of another server")
            : databases.Copy(source, server, name, properties.Choice("secondaryType", "Geo", "Standby") ?? "Geo");
    }

    private static long? MaxSize(JsonObject body) => body["properties"]?["maxSizeBytes"] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out long bytes) && bytes > 0 => bytes,
        var other => throw SqlErrors.Invalid($"The value {other.ToJsonString()} of 'properties.maxSizeBytes' is invalid: expected a whole number of bytes above 0."),
    };

    private ArmResponse Delete(SqlServer server, SqlDatabase database)
    {
        services.Outages.RequireLit(server.Region);
        services.Operations.RequireIdle(OperationShapes.SqlDatabases, database.Id);
        if (store.GroupWith(server, database.Name) is { } group)
        {
            throw SqlErrors.Of(409, "DatabaseBelongsToOtherFailoverGroup", $"Database '{database.Name}' belongs to the failover group '{group.Name}'. Remove it from the group first.");
        }

        store.RemoveDatabase(database);
        return ArmResponse.Ok();
    }
}
