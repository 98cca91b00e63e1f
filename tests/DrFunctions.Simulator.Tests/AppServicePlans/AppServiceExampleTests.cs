using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.AppServicePlans;

/// <summary>The specification's examples of Microsoft.Web.</summary>
public class AppServiceExampleTests
{
    private const string Path = "/subscriptions/34adfa4f-cedf-4dc0-ba29-b6d1a69ab345/resourceGroups/testrg123/providers/Microsoft.Web/";
    private const string Version = "?api-version=2023-12-01";

    [SharedFact("azure-specs/Microsoft.Web")]
    public async Task PlanCreateOrUpdate_Example_IsAcceptedThenDoneThenUnchanged()
    {
        var file = SpecShape.Read("Microsoft.Web", "CreateOrUpdateAppServicePlan");
        await using var simulation = await StartAsync();
        var wanted = file["parameters"]!["appServicePlan"]!;

        var (accepted, body, response) = await simulation.SendAsync("PUT", Path + "serverfarms/testsf6141" + Version, wanted);
        Assert.Equal(HttpStatusCode.Accepted, accepted);
        SpecShape.AssertHas(Without(file, "202", "status", "provisioningState", "numberOfSites"), body, "$");
        foreach (var header in file["responses"]!["202"]!["headers"]!.AsObject())
        {
            Assert.Equal(
                new Uri((string)header.Value!).AbsolutePath[..^36], new Uri(response.Headers.GetValues(header.Key).Single()).AbsolutePath[..^36]);
        }

        simulation.Time.Advance(TimeSpan.FromMinutes(1));
        await PutSitesAsync(simulation);

        var (done, again, _) = await simulation.SendAsync("PUT", Path + "serverfarms/testsf6141" + Version, wanted);
        Assert.Equal(HttpStatusCode.OK, done);
        SpecShape.AssertHas(file["responses"]!["200"]!["body"]!, again, "$");

        var read = SpecShape.Read("Microsoft.Web", "GetAppServicePlan");
        var (found, plan, _) = await simulation.SendAsync("GET", Path + "serverfarms/testsf6141" + Version);
        Assert.Equal(HttpStatusCode.OK, found);
        SpecShape.AssertHas(Without(read, "200", "numberOfWorkers"), plan, "$");
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Path + "serverfarms/absent" + Version)).Status);
    }

    [SharedTheory("azure-specs/Microsoft.Web")]
    [InlineData("GetWebApp", "GET")]
    [InlineData("CreateOrUpdateWebApp", "PUT")]
    public async Task Site_Example_HasItsStatusAndNothingBeyondItsShape(string example, string method)
    {
        var file = SpecShape.Read("Microsoft.Web", example);
        await using var simulation = await StartAsync();
        if (method == "GET")
        {
            var create = SpecShape.Read("Microsoft.Web", "CreateOrUpdateWebApp");
            await simulation.SendAsync("PUT", Path + "sites/sitef6141" + Version, create["parameters"]!["siteEnvelope"]);
        }

        var (status, body, _) = await simulation.SendAsync(method, Path + "sites/sitef6141" + Version, file["parameters"]!["siteEnvelope"]);

        Assert.Equal(HttpStatusCode.OK, status);
        SpecShape.AssertHas(body!, file["responses"]!["200"]!["body"], "$");
    }

    private static Task<Simulation> StartAsync() => Simulation.StartAsync(new Scenario
    {
        SubscriptionId = "34adfa4f-cedf-4dc0-ba29-b6d1a69ab345",
        ResourceGroups = ["testrg123"],
        Regions = [new() { Name = "East US", Address = "127.0.0.11" }],
        AppServicePlans = [new() { Name = "DefaultAsp", ResourceGroup = "testrg123", Region = "East US" }],
    });

    private static async Task PutSitesAsync(Simulation simulation)
    {
        for (var number = 1; number <= 4; number++)
        {
            var site = new { location = "East US", properties = new { serverFarmId = Path + "serverfarms/testsf6141" } };
            var (status, error, _) = await simulation.SendAsync("PUT", $"{Path}sites/site{number}{Version}", site);
            Assert.True(status == HttpStatusCode.OK, error?.ToJsonString());
        }
    }

    /// <summary>The example's answer without the properties that depend on the moment.</summary>
    private static JsonNode Without(JsonObject file, string status, params string[] properties)
    {
        var body = file["responses"]![status]!["body"]!.DeepClone();
        foreach (var property in properties)
        {
            body["properties"]!.AsObject().Remove(property);
        }

        return body;
    }
}
