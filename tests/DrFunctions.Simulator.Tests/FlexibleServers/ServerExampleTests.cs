using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.FlexibleServers;

/// <summary>The specification's own examples and a recorded exchange of flexible servers.</summary>
public class ServerExampleTests
{
    private const string Server = "/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.DBforPostgreSQL/flexibleServers/{server}";

    /// <summary>What the server was made of before the example, or what the service fills in.</summary>
    private static readonly string[] Free =
    [
        "createdAt", "earliestRestoreDate", "minorVersion", "completedTime", "fullyQualifiedDomainName", "principalId", "clientId", "availabilityZone", "id", "name",
        "version", "administratorLogin", "storageSizeGB", "tier", "iops", "autoGrow", "backupRetentionDays", "geoRedundantBackup",
        "publicNetworkAccess", "privateDnsZoneArmResourceId",
    ];

    /// <summary>Members that only servers of other examples have: a subnet, tags, a standby.</summary>
    private static readonly string[] OfOthers = ["tags", "delegatedSubnetResourceId", "privateDnsZoneArmResourceId", "highAvailability"];

    [SharedTheory("azure-specs/Microsoft.DBforPostgreSQL")]
    [InlineData("2025-08-01/BackupsAutomaticAndOnDemandCreate", "PUT", "/backups/{backup}")]
    [InlineData("2025-08-01/ServersCreatePointInTimeRestore", "PUT", "")]
    [InlineData("2025-08-01/ServersCreateReplica", "PUT", "")]
    [InlineData("2025-08-01/ServersPromoteReplicaAsForcedStandaloneServer", "PATCH", "")]
    [InlineData("2025-08-01/ServersPromoteReplicaAsForcedSwitchover", "PATCH", "")]
    [InlineData("2025-08-01/ServersStop", "POST", "/stop")]
    [InlineData("2025-08-01/VirtualEndpointCreate", "PUT", "/virtualendpoints/{endpoint}")]
    [InlineData("2025-08-01/VirtualEndpointUpdate.early", "PATCH", "/virtualendpoints/{endpoint}")]
    [InlineData("2024-03-01-preview/BackupCreate", "PUT", "/backups/{backup}")]
    [InlineData("2024-03-01-preview/PromoteReplicaAsForcedStandaloneServer", "PATCH", "")]
    [InlineData("2024-03-01-preview/PromoteReplicaAsPlannedSwitchover", "PATCH", "")]
    [InlineData("2024-03-01-preview/ServerCreate", "PUT", "")]
    [InlineData("2024-03-01-preview/ServerCreatePointInTimeRestore", "PUT", "")]
    [InlineData("2024-03-01-preview/ServerCreateReplica", "PUT", "")]
    [InlineData("2024-03-01-preview/ServerRestart", "POST", "/restart")]
    [InlineData("2024-03-01-preview/ServerStart", "POST", "/start")]
    [InlineData("2024-03-01-preview/VirtualEndpointCreate", "PUT", "/virtualendpoints/{endpoint}")]
    public async Task Write_Example_IsAcceptedAndEndsAsTheResource(string example, string method, string path)
    {
        var file = SpecShape.Read("Microsoft.DBforPostgreSQL", example);
        await using var simulation = await StartAsync(file, example);
        path = Fill(Server + path, file);

        var (status, body, accepted) = await simulation.SendAsync(method, path, file["parameters"]!["parameters"]);

        Assert.True(file["responses"]!["202"] is not null && status == HttpStatusCode.Accepted, $"{status}: {body}");
        Assert.Equal(["operation", "startTime"], body!.Select(each => each.Key));
        AssertSameUrl(file, "Azure-AsyncOperation", Assert.Single(accepted.Headers.GetValues("Azure-AsyncOperation")));
        AssertSameUrl(file, "Location", accepted.Headers.Location!.ToString());
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(accepted))["status"]);
        if (file["responses"]!["200"]?["body"] is { } shape)
        {
            // The real service shows the state of the replication in the list of replicas only.
            SpecShape.AssertHas(Without(shape, [.. OfThis(file), "replicationState"]), (await simulation.SendAsync("GET", path)).Body, "$", Free);
        }
    }

    [SharedTheory("azure-specs/Microsoft.DBforPostgreSQL")]
    [InlineData("2025-08-01/ServersGet", "")]
    [InlineData("2024-03-01-preview/ServerGet", "")]
    [InlineData("2024-03-01-preview/ReplicasListByServer", "/replicas")]
    [InlineData("2024-03-01-preview/VirtualEndpointsListByServer", "/virtualendpoints")]
    public async Task Read_Example_HasItsShape(string example, string path)
    {
        var file = SpecShape.Read("Microsoft.DBforPostgreSQL", example);
        await using var simulation = await StartAsync(file, example);

        var (status, body, _) = await simulation.SendAsync("GET", Fill(Server + path, file));

        Assert.Equal(HttpStatusCode.OK, status);
        SpecShape.AssertHas(Without(file["responses"]!["200"]!["body"]!, OfThis(file)), body, "$", Free);
    }

    [SharedTheory("azure-specs/Microsoft.DBforPostgreSQL")]
    [InlineData("2025-08-01/BackupListByServer")]
    [InlineData("2024-03-01-preview/BackupListByServer")]
    public async Task Backups_Example_EachHasItsShape(string example)
    {
        var file = SpecShape.Read("Microsoft.DBforPostgreSQL", example);
        await using var simulation = await StartAsync(file, example);
        await simulation.FinishAsync((await simulation.SendAsync("PUT", Fill(Server + "/backups/ondemandbackup", file))).Response);

        var listed = (await simulation.SendAsync("GET", Fill(Server + "/backups", file))).Body!["value"]!.AsArray();

        foreach (var shape in file["responses"]!["200"]!["body"]!["value"]!.AsArray())
        {
            var kind = (string?)shape!["properties"]!["backupType"];
            SpecShape.AssertHas(shape, listed.First(each => (string?)each!["properties"]!["backupType"] == kind), "$", Free);
        }
    }

    [SharedTheory("azure-specs/recorded/postgres_restore_pitr.json")]
    [InlineData("postgres_restore_pitr")]
    public async Task Recording_OfTheRealService_HasItsStatusHeadersAndBodies(string recording)
    {
        var exchanges = JsonNode.Parse(await File.ReadAllTextAsync(SharedFolder.Combine("azure-specs", "recorded", recording + ".json")))!["exchanges"]!.AsArray();
        await using var simulation = await Simulation.StartAsync(
            new Scenario
            {
                SubscriptionId = Guid.Empty.ToString(),
                ResourceGroups = ["clitest.rg000001"],
                Regions = [new() { Name = "canadacentral", Address = "127.0.0.11" }],
                PostgreSqlServers = [new() { Name = "azuredbclitest-000002", ResourceGroup = "clitest.rg000001", Region = "canadacentral" }],
            },
            new VirtualTime(new(2026, 4, 16, 22, 37, 49, TimeSpan.Zero)));
        foreach (var exchange in exchanges)
        {
            var uri = new Uri((string)exchange!["uri"]!);

            var (status, body, response) = await simulation.SendAsync((string)exchange["method"]!, uri.PathAndQuery, exchange["requestBody"]);

            var expected = exchange["response"]!;
            Assert.Equal((uri.AbsolutePath, (int)expected["status"]!), (uri.AbsolutePath, (int)status));
            Assert.Equal(expected["body"]!.AsObject().Select(each => each.Key), body!.Select(each => each.Key));
            SpecShape.AssertHas(expected["body"]!, body, "$", "startTime");
            foreach (var (name, value) in expected["headers"]?.AsObject() ?? [])
            {
                if (!name.StartsWith("x-ms-ratelimit", StringComparison.Ordinal))
                {
                    Assert.Equal(Anonymous((string)value!), Anonymous(Assert.Single(response.Headers.GetValues(name))));
                }
            }
        }
    }

    /// <summary>Path and names of the query of a URL, without the operation's id.</summary>
    private static string Anonymous(string url)
    {
        var uri = new Uri(url);
        return uri.AbsolutePath[..uri.AbsolutePath.LastIndexOf('/')] + string.Join('&', uri.Query.TrimStart('?').Split('&').Select(each => each.Split('=')[0]));
    }

    private static void AssertSameUrl(JsonObject file, string header, string found)
    {
        if (file["responses"]!["202"]!["headers"]?[header] is { } expected)
        {
            // The examples name regions and versions of their own.
            var (path, other) = (new Uri((string)expected!).AbsolutePath.Split('/'), new Uri(found).AbsolutePath.Split('/'));
            Assert.Equal([.. path[..6], path[7]], (IEnumerable<string>)[.. other[..6], other[7]]);
        }
    }

    private static string[] OfThis(JsonObject file) => file["parameters"]!["parameters"] is JsonObject { } sent && sent["sku"] is not null ? [] : OfOthers;

    private static JsonNode Without(JsonNode node, string[] members)
    {
        node = node.DeepClone();
        Remove(node);
        return node;

        void Remove(JsonNode? at)
        {
            if (at is JsonObject inner)
            {
                foreach (var member in members)
                {
                    inner.Remove(member);
                }
            }

            foreach (var child in at switch { JsonObject each => each.Select(pair => pair.Value), JsonArray each => each, _ => [] })
            {
                Remove(child);
            }
        }
    }

    private static string Fill(string path, JsonObject file)
    {
        var parameters = file["parameters"]!;
        return path.Replace("{s}", (string?)parameters["subscriptionId"], StringComparison.Ordinal)
            .Replace("{rg}", (string?)parameters["resourceGroupName"], StringComparison.Ordinal)
            .Replace("{server}", (string?)parameters["serverName"], StringComparison.Ordinal)
            .Replace("{backup}", (string?)parameters["backupName"], StringComparison.Ordinal)
            .Replace("{endpoint}", (string?)parameters["virtualEndpointName"], StringComparison.Ordinal)
            + "?api-version=" + (string?)parameters["api-version"];
    }

    /// <summary>Puts in place what the example expects to be there, on the day it is about.</summary>
    private static Task<Simulation> StartAsync(JsonObject file, string example)
    {
        var parameters = file["parameters"]!;
        var (name, group) = ((string)parameters["serverName"]!, (string)parameters["resourceGroupName"]!);
        var creates = example.Contains("Create", StringComparison.Ordinal) && !example.Contains("Backup", StringComparison.Ordinal) && !example.Contains("Virtual", StringComparison.Ordinal);
        var member = (string?)parameters["parameters"]?["properties"]?["members"]?[0];
        var size = new ScenarioPostgreSqlServer { Name = "any", ResourceGroup = group, Region = "westus", Tier = "GeneralPurpose", Sku = SkuOf(file) };
        IReadOnlyList<ScenarioPostgreSqlServer> servers = example switch
        {
            _ when example.Contains("Promote", StringComparison.Ordinal) =>
                [size with { Name = "the-primary", VirtualEndpoint = "endpoint", VirtualEndpointReader = name }, size with { Name = name, Region = "eastus", ReplicaOf = "the-primary" }],
            _ when example.Contains("VirtualEndpointCreate", StringComparison.Ordinal) => [size with { Name = name }, size with { Name = member!, ReplicaOf = name }],
            _ when example.Contains("VirtualEndpointUpdate", StringComparison.Ordinal) =>
                [size with { Name = name, VirtualEndpoint = (string?)parameters["virtualEndpointName"] }, size with { Name = member!, ReplicaOf = name }],
            _ when example.Contains("VirtualEndpointsList", StringComparison.Ordinal) => Listed(size, name, file),
            _ when example.Contains("ReplicasList", StringComparison.Ordinal) => [size with { Name = name }, size with { Name = "pgtestsvc5rep", ReplicaOf = name }],
            _ when creates && parameters["parameters"]!["properties"]!["sourceServerResourceId"] is { } source => [size with { Name = ((string)source!).Split('/')[^1], Region = (string)parameters["parameters"]!["location"]! }],
            _ when creates => [],
            _ => [size with { Name = name, Running = !example.Contains("Start", StringComparison.Ordinal) || example.Contains("Restart", StringComparison.Ordinal) }],
        };
        var time = (string?)parameters["parameters"]?["properties"]?["pointInTimeUTC"];
        return Simulation.StartAsync(
            new Scenario
            {
                SubscriptionId = (string)parameters["subscriptionId"]!,
                ResourceGroups = [group],
                Regions = [new() { Name = "eastus", Address = "127.0.0.11" }, new() { Name = "westus", Address = "127.0.0.12" }],
                PostgreSqlServers = servers,
            },
            new VirtualTime(time is null ? null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static List<ScenarioPostgreSqlServer> Listed(ScenarioPostgreSqlServer size, string name, JsonObject file)
    {
        var listed = file["responses"]!["200"]!["body"]!["value"]![0]!;
        var reader = (string)listed["properties"]!["members"]![0]!;
        return [size with { Name = name, VirtualEndpoint = (string)listed["name"]!, VirtualEndpointReader = reader }, size with { Name = reader, ReplicaOf = name }];
    }

    private static string SkuOf(JsonObject file)
    {
        var body = file["responses"]!["200"]?["body"];
        return (string?)(body?["sku"] ?? body?["value"]?[0]?["sku"])?["name"] ?? "Standard_D4ds_v5";
    }
}
