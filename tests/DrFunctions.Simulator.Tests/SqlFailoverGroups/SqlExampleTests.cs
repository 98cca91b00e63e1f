using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.SqlFailoverGroups;

/// <summary>The specification's examples of Microsoft.Sql and a recorded exchange.</summary>
public class SqlExampleTests
{
    [SharedTheory("azure-specs/Microsoft.Sql")]
    [InlineData("FailoverGroupCreateOrUpdate", "PUT", "")]
    [InlineData("FailoverGroupUpdate", "PATCH", "")]
    [InlineData("FailoverGroupGet", "GET", "")]
    [InlineData("FailoverGroupFailover", "POST", "/failover")]
    [InlineData("FailoverGroupList", "GET", "")]
    public async Task FailoverGroup_Example_HasItsStatusesAndShape(string example, string method, string action)
    {
        var file = SpecShape.Read("Microsoft.Sql", example);
        var answer = file["responses"]!["200"]!["body"]!;
        var groups = answer["value"] as JsonArray ?? new JsonArray(answer.DeepClone());
        await using var simulation = await Simulation.StartAsync(ScenarioOf(file, groups[0]!, failsOver: method == "POST"));
        var server = Url(file) + "/failoverGroups";
        foreach (var group in method == "PUT" ? [] : groups)
        {
            var wanted = group!.DeepClone();
            var primary = method == "POST" ? (string)wanted["properties"]!["partnerServers"]![0]!["id"]! : Url(file);
            if (method == "POST")
            {
                wanted["properties"]!["partnerServers"]![0]!["id"] = Url(file);
                wanted["properties"]!["databases"] = new JsonArray([.. wanted["properties"]!["databases"]!.AsArray().Select(id => JsonValue.Create(((string)id!).Replace(Url(file), primary, StringComparison.Ordinal)))]);
            }

            var (_, _, created) = await simulation.SendAsync("PUT", $"{primary}/failoverGroups/{NameOf(file) ?? wanted["name"]}{Version(file)}", wanted);
            Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(created))["status"]);
        }

        var url = NameOf(file) is { } name ? $"{server}/{name}{action}{Version(file)}" : server + Version(file);
        var (status, body, response) = await simulation.SendAsync(method, url, file["parameters"]!["parameters"]);
        if (method != "GET")
        {
            Assert.Equal(HttpStatusCode.Accepted, status);
            var example202 = (string)file["responses"]!["202"]!["headers"]!["Location"]!;
            var location = response.Headers.Location!.AbsolutePath;
            Assert.EndsWith(example202[example202.IndexOf("/locations/", StringComparison.Ordinal)..^36], location[..^36], StringComparison.Ordinal);
            Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(response))["status"]);
            (status, body, _) = await simulation.SendAsync("GET", response.Headers.Location.ToString());
        }

        Assert.Equal(HttpStatusCode.OK, status);
        // The example of an update names one group in the request and another one in the answer.
        SpecShape.AssertHas(answer, body, "$", method == "PATCH" ? ["id", "name"] : []);
    }

    [SharedTheory("azure-specs/Microsoft.Sql")]
    [InlineData("CreateDatabaseDefaultMode")]
    [InlineData("CreateDatabaseSecondaryMode")]
    public async Task Database_Example_HasItsStatusesAndShape(string example)
    {
        var file = SpecShape.Read("Microsoft.Sql", example);
        await using var simulation = await Simulation.StartAsync(new Scenario
        {
            SubscriptionId = (string)file["parameters"]!["subscriptionId"]!,
            ResourceGroups = ["Default-SQL-SouthEastAsia", "Default-SQL-NorthEurope"],
            Regions = [new() { Name = "southeastasia", Address = "127.0.0.11" }, new() { Name = "northeurope", Address = "127.0.0.12" }],
            SqlServers =
            [
                new() { Name = "testsvr", ResourceGroup = "Default-SQL-SouthEastAsia", Region = "southeastasia" },
                new() { Name = "testsvr1", ResourceGroup = "Default-SQL-NorthEurope", Region = "northeurope", Databases = ["testdb"] },
            ],
        });

        var (_, _, response) = await simulation.SendAsync("PUT", Url(file) + "/databases/testdb" + Version(file), file["parameters"]!["parameters"]);
        await simulation.FinishAsync(response);
        var (status, body, _) = await simulation.SendAsync("GET", response.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.OK, status);
        var expected = file["responses"]!["200"]!["body"]!.DeepClone();
        // The two examples differ in what they call the same size.
        expected["sku"]!.AsObject().Remove("name");
        SpecShape.AssertHas(expected, body, "$", "databaseId", "creationDate", "earliestRestoreDate", "defaultSecondaryLocation");
        var (again, _, _) = await simulation.SendAsync("PUT", Url(file) + "/databases/testdb" + Version(file), file["parameters"]!["parameters"]);
        Assert.Equal(HttpStatusCode.OK, again);
    }

    [SharedFact("azure-specs/recorded/sql_failovergroup_update_failover_forced.json")]
    public async Task Recording_OfTheRealService_IsRepeated()
    {
        var exchanges = JsonNode.Parse(await File.ReadAllTextAsync(
            SharedFolder.Combine("azure-specs", "recorded", "sql_failovergroup_update_failover_forced.json")))!["exchanges"]!.AsArray();
        await using var simulation = await Simulation.StartAsync(new Scenario
        {
            SubscriptionId = "00000000-0000-0000-0000-000000000000",
            ResourceGroups = ["clitest.rg000001", "clitest.rg000002"],
            Regions = [new() { Name = "West US", Address = "127.0.0.11" }, new() { Name = "East US", Address = "127.0.0.12" }],
            SqlServers =
            [
                new() { Name = "clitestserver000003", ResourceGroup = "clitest.rg000001", Region = "West US", Databases = ["db1"] },
                new() { Name = "clitestserver000004", ResourceGroup = "clitest.rg000002", Region = "East US" },
            ],
            SqlFailoverGroups = [new() { Name = "fgclitest1650", Primary = "clitestserver000003", Secondary = "clitestserver000004", Databases = ["db1"] }],
        });
        HttpResponseMessage? accepted = null;
        foreach (var exchange in exchanges)
        {
            var expected = exchange!["response"]!;
            var uri = (string)exchange["uri"]!;
            var polls = uri.StartsWith('{');
            if (polls && (string?)expected["body"]!["status"] == "Succeeded")
            {
                simulation.Time.Advance(TimeSpan.FromSeconds(20));
            }

            var (status, body, response) = await simulation.SendAsync(
                (string)exchange["method"]!, polls ? accepted!.Headers.GetValues("Azure-AsyncOperation").Single() : new Uri(uri).PathAndQuery, exchange["requestBody"]);

            var what = $"{exchange["method"]} {uri}";
            Assert.Equal((what, (int)expected["status"]!), (what, (int)status));
            SpecShape.AssertHas(expected["body"]!, body, what, polls ? ["startTime", "name"] : ["startTime"]);
            Assert.Equal(expected["body"]!.AsObject().Select(each => each.Key).Order(), body!.Select(each => each.Key).Order());
            accepted = status == HttpStatusCode.Accepted ? response : accepted;
            foreach (var (name, value) in expected["headers"] as JsonObject ?? [])
            {
                Assert.True(response.Headers.Contains(name) || name.StartsWith("x-ms-ratelimit", StringComparison.Ordinal), name);
                if (name.EndsWith("operation", StringComparison.Ordinal) || name == "location")
                {
                    Assert.Equal(new Uri((string)value!).AbsolutePath[..^36], new Uri(response.Headers.GetValues(name).Single()).AbsolutePath[..^36]);
                }
            }
        }
    }

    /// <summary>The example's servers, each in the region that it shows.</summary>
    private static Scenario ScenarioOf(JsonObject file, JsonNode group, bool failsOver)
    {
        var partner = group["properties"]!["partnerServers"]![0]!;
        var own = (string)file["parameters"]!["serverName"]!;
        var other = ((string)partner["id"]!).Split('/')[^1];
        string[] databases = [.. group["properties"]!["databases"]!.AsArray().Select(id => ((string)id!).Split('/')[^1])];
        return new Scenario
        {
            SubscriptionId = (string)file["parameters"]!["subscriptionId"]!,
            ResourceGroups = [(string)file["parameters"]!["resourceGroupName"]!],
            Regions = [new() { Name = (string)group["location"]!, Address = "127.0.0.11" }, new() { Name = (string)partner["location"]!, Address = "127.0.0.12" }],
            SqlServers =
            [
                new() { Name = own, ResourceGroup = (string)file["parameters"]!["resourceGroupName"]!, Region = (string)group["location"]!, Databases = failsOver ? [] : databases },
                new() { Name = other, ResourceGroup = (string)file["parameters"]!["resourceGroupName"]!, Region = (string)partner["location"]!, Databases = failsOver ? databases : [] },
            ],
        };
    }

    private static string Url(JsonObject file) =>
        $"/subscriptions/{file["parameters"]!["subscriptionId"]}/resourceGroups/{file["parameters"]!["resourceGroupName"]}/providers/Microsoft.Sql/servers/{file["parameters"]!["serverName"]}";

    private static string? NameOf(JsonObject file) => (string?)file["parameters"]!["failoverGroupName"];

    private static string Version(JsonObject file) => "?api-version=" + (string?)file["parameters"]!["api-version"];
}
