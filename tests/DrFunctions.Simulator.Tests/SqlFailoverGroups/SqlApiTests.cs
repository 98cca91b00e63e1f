using System.Net;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Tests.SqlFailoverGroups;

public class SqlApiTests
{
    [Fact]
    public async Task FailoverGroup_CreatedChangedDeleted_CopiesDatabasesAndLeavesThem()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders() with { SqlFailoverGroups = [] });
        var body = Body("""{"failoverPolicy":"Automatic","failoverWithDataLossGracePeriodMinutes":60}""", "orders");

        var (_, _, response) = await simulation.SendAsync("PUT", SqlScenario.OnWest, body);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", SqlScenario.OnWest)).Status);
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(response))["status"]);
        Assert.Equal("Secondary", (string?)(await simulation.SendAsync("GET", SqlScenario.OnNorth)).Body!["properties"]!["replicationRole"]);
        Assert.Equal(["orders"], await DatabasesAsync(simulation, SqlScenario.North));

        var patch = JsonNode.Parse($$"""{"properties":{"readWriteEndpoint":{"failoverPolicy":"Manual"},"databases":["{{SqlScenario.West}}/databases/stock"]} }""");
        await simulation.FinishAsync((await simulation.SendAsync("PATCH", SqlScenario.OnWest, patch)).Response);
        var properties = (await simulation.SendAsync("GET", SqlScenario.OnWest)).Body!["properties"]!;
        Assert.Equal("""{"failoverPolicy":"Manual"}""", properties["readWriteEndpoint"]!.ToJsonString());
        Assert.Equal($"""["{SqlScenario.West}/databases/stock"]""", properties["databases"]!.ToJsonString());
        Assert.Equal(["orders", "stock"], await DatabasesAsync(simulation, SqlScenario.North));

        await simulation.FinishAsync((await simulation.SendAsync("DELETE", SqlScenario.OnWest)).Response);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", SqlScenario.OnWest)).Status);
        Assert.Equal(["orders", "stock"], await DatabasesAsync(simulation, SqlScenario.North));
    }

    [Theory]
    [InlineData("""{}""", "InvalidReadWriteEndpoint")]
    [InlineData("""{"readWriteEndpoint":{}}""", "InvalidPartner")]
    [InlineData("""{"readWriteEndpoint":{},"partnerServers":[]}""", "InvalidPartner")]
    [InlineData("""{"readWriteEndpoint":{},"partnerServers":[{"id":"NORTH"},{"id":"NORTH"}]}""", "UnsupportedPartnerCount")]
    [InlineData("""{"readWriteEndpoint":{},"partnerServers":[{"id":"WEST"}]}""", "DuplicatePartner")]
    [InlineData("""{"readWriteEndpoint":{},"partnerServers":[{"id":"NORTH"}]}""", "InvalidReadWriteFailoverPolicy")]
    [InlineData("""{"readWriteEndpoint":{"failoverPolicy":"Automatic"},"partnerServers":[{"id":"NORTH"}]}""", "InvalidReadWriteEndpointFields")]
    [InlineData("""{"readWriteEndpoint":{"failoverPolicy":"Manual","failoverWithDataLossGracePeriodMinutes":60},"partnerServers":[{"id":"NORTH"}]}""", "InvalidReadWriteEndpointFieldsForManualPolicy")]
    [InlineData("""{"readWriteEndpoint":{"failoverPolicy":"Automatic","failoverWithDataLossGracePeriodMinutes":-1},"partnerServers":[{"id":"NORTH"}]}""", "NegativeGracePeriodValues")]
    [InlineData("""{"readWriteEndpoint":{"failoverPolicy":"Automatic","failoverWithDataLossGracePeriodMinutes":59},"partnerServers":[{"id":"NORTH"}]}""", "LessThanMinimumGracePeriodValues")]
    [InlineData("""{"readWriteEndpoint":{"failoverPolicy":"Manual"},"partnerServers":[{"id":"NORTH"}],"databases":["orders"]}""", "InvalidDatabases")]
    [InlineData("""{"readWriteEndpoint":{"failoverPolicy":"Manual"},"partnerServers":[{"id":"NORTH"}],"databases":["WEST/databases/none"]}""", "InvalidDatabaseServer")]
    public async Task FailoverGroup_BadBody_IsRefusedByTheServicesCode(string properties, string code)
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        var body = JsonNode.Parse($$"""{"properties":{{properties.Replace("NORTH", SqlScenario.North, StringComparison.Ordinal).Replace("WEST", SqlScenario.West, StringComparison.Ordinal)}} }""");

        var (status, error, _) = await simulation.SendAsync("PUT", SqlScenario.West + "/failoverGroups/second", body);

        Assert.Equal((HttpStatusCode.BadRequest, "FailoverGroupCreateOrUpdateRequest" + code), (status, (string?)error!["error"]!["code"]));
    }

    [Theory]
    [InlineData("""{"id":"/subscriptions/other/resourceGroups/shop/providers/Microsoft.Sql/servers/x"}""", 400, "FailoverGroupPartnerServerFromDifferentSubscription")]
    [InlineData("""{"id":"/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Sql/servers/none"}""", 400, "ServerNotFound")]
    [InlineData("""{"id":"/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Sql/servers/sql-near"}""", 400, "InvalidFailoverGroupRegion")]
    [InlineData("""{"id":"/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Sql/servers/sql-north"}""", 409, "DatabaseBelongsToOtherFailoverGroup")]
    public async Task FailoverGroup_PartnerNotPossible_IsRefused(string partner, int expected, string code)
    {
        var scenario = SqlScenario.Orders();
        await using var simulation = await Simulation.StartAsync(scenario with
        {
            SqlServers = [.. scenario.SqlServers, new() { Name = "sql-near", ResourceGroup = "shop", Region = "westeurope" }],
        });
        var body = Body("""{"failoverPolicy":"Manual"}""", "orders");
        body["properties"]!["partnerServers"] = new JsonArray(JsonNode.Parse(partner));

        var (status, error, _) = await simulation.SendAsync("PUT", SqlScenario.West + "/failoverGroups/second", body);

        Assert.Equal((expected, code), ((int)status, (string?)error!["error"]!["code"]));
    }

    [Fact]
    public async Task Database_SecondaryOfAnAbsentOne_AndOtherMistakes_AreRefused()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());

        await RefusedAsync("copy", """{"location":"northeurope","properties":{"createMode":"Secondary"}}""", 400, "MissingSourceDatabaseId");
        await RefusedAsync("copy", $$"""{"location":"northeurope","properties":{"createMode":"Secondary","sourceDatabaseId":"{{SqlScenario.West}}/databases/none"} }""", 404, "SourceDatabaseNotFound");
        await RefusedAsync("copy", """{"location":"northeurope","properties":{"createMode":"PointInTimeRestore"}}""", 400, "InvalidParameterValue");
        await RefusedAsync("copy", """{"location":"northeurope","sku":{"name":"huge"}}""", 400, "InvalidParameterValue");
        await RefusedAsync("copy", """{"location":"westeurope"}""", 409, "InvalidResourceLocation");
        await RefusedAsync("a%3Ab", """{"location":"northeurope"}""", 400, "InvalidDatabaseName");

        async Task RefusedAsync(string name, string body, int expected, string code)
        {
            var (status, error, _) = await simulation.SendAsync("PUT", $"{SqlScenario.North}/databases/{name}", JsonNode.Parse(body));
            Assert.Equal((expected, code), ((int)status, (string?)error!["error"]!["code"]));
        }
    }

    [Fact]
    public async Task Server_CreatedListedDeleted()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        var path = SqlScenario.Group + "third";

        await simulation.FinishAsync((await simulation.SendAsync("PUT", path, JsonNode.Parse("""{"location":"westeurope","properties":{"administratorLogin":"me","administratorLoginPassword":"secret"}}"""))).Response);
        var body = (await simulation.SendAsync("GET", path)).Body!;
        Assert.Equal(("me", "third.database.windows.net"), ((string?)body["properties"]!["administratorLogin"], (string?)body["properties"]!["fullyQualifiedDomainName"]));
        Assert.DoesNotContain("secret", body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["sql-north", "sql-west", "third"], (await simulation.SendAsync("GET", SqlScenario.Group.TrimEnd('/'))).Body!["value"]!.AsArray().Select(server => (string?)server!["name"]));
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", path)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", path)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await simulation.SendAsync("PUT", SqlScenario.Group + "UPPER", JsonNode.Parse("""{"location":"westeurope"}"""))).Status);
    }

    [Theory]
    [InlineData("sqlFailoverGroups[0].primary: expected one of sql-west, sql-north and found 'none'", "none", "sql-north", "orders")]
    [InlineData("sqlFailoverGroups[0].secondary: expected a server of another region and found 'sql-west'", "sql-west", "sql-west", "orders")]
    [InlineData("sqlFailoverGroups[0].databases: expected databases of the primary that the secondary has not and no other group has and found 'none'", "sql-west", "sql-north", "none")]
    public void Scenario_Mistake_IsNamed(string message, string primary, string secondary, string database)
    {
        var scenario = SqlScenario.Orders() with { SqlFailoverGroups = [new() { Name = "g", Primary = primary, Secondary = secondary, Databases = [database] }] };

        Assert.Contains(message, Assert.Throws<ScenarioException>(scenario.Validate).Message, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string?>> DatabasesAsync(Simulation simulation, string server) =>
        (await simulation.SendAsync("GET", server + "/databases")).Body!["value"]!.AsArray().Select(database => (string?)database!["name"]);

    private static JsonObject Body(string readWrite, string database) => JsonNode.Parse($$"""
        {"properties":{"readWriteEndpoint":{{readWrite}},"partnerServers":[{"id":"{{SqlScenario.North}}"}],"databases":["{{SqlScenario.West}}/databases/{{database}}"] } }
        """)!.AsObject();
}
