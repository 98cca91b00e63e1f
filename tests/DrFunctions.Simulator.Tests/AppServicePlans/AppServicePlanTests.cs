using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Simulator.Tests.AppServicePlans;

public class AppServicePlanTests
{
    private const string Plans = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Web/serverfarms";
    private const string Plan = Plans + "/plan-northeurope";
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task List_OfTheScenario_HasThePlansOfTheSites()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with
        {
            AppServicePlans = [new() { Name = "big", ResourceGroup = "SHOP", Region = "westeurope", Sku = "p1V3", Capacity = 3 }],
        });

        var (_, body, _) = await simulation.SendAsync("GET", Plans);
        var (_, all, _) = await simulation.SendAsync("GET", "/subscriptions/" + Scenarios.Subscription + "/providers/Microsoft.Web/serverfarms");

        Assert.Equal(["big", "plan-northeurope", "plan-westeurope"], body!["value"]!.AsArray().Select(plan => (string?)plan!["name"]));
        Assert.True(JsonNode.DeepEquals(body, all));
        Assert.Equal(
            """{"name":"P1v3","tier":"PremiumV3","size":"P1v3","family":"Pv3","capacity":3}""", body["value"]![0]!["sku"]!.ToJsonString());
        Assert.Equal(Plan, (string?)(await simulation.SendAsync("GET", Simulation.SitesPath + "/shop-northeurope")).Body!["properties"]!["serverFarmId"]);
    }

    [Theory]
    [InlineData("""{"sku":{"capacity":5}}""", "S1", "Standard", 5)]
    [InlineData("""{"sku":{"name":"P1v3"}}""", "P1v3", "PremiumV3", 1)]
    [InlineData("""{"sku":{"name":"p2V3","tier":"premiumv3","capacity":30}}""", "P2v3", "PremiumV3", 30)]
    public async Task Patch_Sku_ScalesWhenItsTimeHasCome(string patch, string name, string tier, int capacity)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, response) = await simulation.SendAsync("PATCH", Plan, JsonNode.Parse(patch));

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(("Pending", "InProgress", "S1"), StateOf(body!));
        var poll = response.Headers.GetValues("Azure-AsyncOperation").Single();
        Assert.Equal("InProgress", (string?)(await simulation.SendAsync("GET", poll)).Body!["status"]);
        Assert.Equal(HttpStatusCode.Conflict, (await simulation.SendAsync("PATCH", Plan, JsonNode.Parse(patch))).Status);
        simulation.Time.Advance(Enough);

        Assert.Equal("Succeeded", (string?)(await simulation.SendAsync("GET", poll)).Body!["status"]);
        var plan = (await simulation.SendAsync("GET", Plan)).Body!;
        Assert.Equal(("Ready", "Succeeded", name), StateOf(plan));
        Assert.Equal((tier, capacity), ((string?)plan["sku"]!["tier"], (int)plan["sku"]!["capacity"]!));
        Assert.Equal(capacity, (int)plan["properties"]!["numberOfWorkers"]!);
    }

    [Fact]
    public async Task Patch_OperationTakesNoTime_IsScaledAndReady()
    {
        var scenario = Scenarios.Shop() with { ResourceManager = new() { OperationSeconds = 0 } };
        await using var simulation = await Simulation.StartAsync(scenario, new VirtualTime(eager: true));

        var (status, _, _) = await simulation.SendAsync("PATCH", Plan, JsonNode.Parse("""{"sku":{"name":"P1v3"}}"""));

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(("Ready", "Succeeded", "P1v3"), StateOf((await simulation.SendAsync("GET", Plan)).Body!));
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("PATCH", Plan, JsonNode.Parse("""{"tags":{"a":"b"}}"""))).Status);
    }

    [Fact]
    public async Task Delete_RegionDark_IsUnavailable()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("DELETE", Simulation.SitesPath + "/shop-northeurope?deleteEmptyServerFarm=false&api-version=2025-03-01");
        await simulation.Simulator.SetRegionDarkAsync("northeurope", true);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await simulation.SendAsync("DELETE", Plan)).Status);
    }

    [Theory]
    [InlineData("PATCH", """{"sku":{"capacity":11}}""", "The parameter NumberOfWorkers has an invalid value. Expected 1 to 10 in the tier Standard and found 11.")]
    [InlineData("PATCH", """{"sku":{"capacity":0}}""", "The parameter NumberOfWorkers has an invalid value. Expected 1 to 10 in the tier Standard and found 0.")]
    [InlineData("PATCH", """{"sku":{"name":"B1","capacity":4}}""", "The parameter NumberOfWorkers has an invalid value. Expected 1 to 3 in the tier Basic and found 4.")]
    [InlineData("PATCH", """{"sku":{"capacity":"5"}}""", "The value \"5\" of 'sku.capacity' is invalid: expected a whole number from 0 to 2147483647.")]
    [InlineData("PATCH", """{"sku":{"tier":"Basic"}}""", "The value \"Basic\" of 'sku.tier' is invalid: expected the tier of S1, Standard.")]
    [InlineData("PATCH", """{"sku":7}""", "The value 7 of 'sku' is invalid: expected an object.")]
    [InlineData("PUT", """{"location":"northeurope","sku":{"capacity":2}}""", "The value null of 'sku.name' is invalid: expected one of F1, D1, B1")]
    [InlineData("PUT", """{"location":"northeurope","sku":{"name":"Z9"}}""", "The value \"Z9\" of 'sku.name' is invalid: expected one of F1, D1, B1")]
    public async Task Write_Bad_IsRefusedInAppServicesForm(string method, string body, string message)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, error, response) = await simulation.SendAsync(method, Plan, JsonNode.Parse(body));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("service", response.Headers.GetValues("x-ms-failure-cause").Single());
        Assert.Equal("BadRequest", (string?)error!["Code"]);
        Assert.StartsWith(message, (string?)error["Message"], StringComparison.Ordinal);
        Assert.Equal((string?)error["Message"], (string?)error["Details"]![2]!["ErrorEntity"]!["Message"]);
        Assert.Equal(("Ready", "Succeeded", "S1"), StateOf((await simulation.SendAsync("GET", Plan)).Body!));
    }

    [Fact]
    public async Task Put_OtherRegion_IsRefused()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, error, _) = await simulation.SendAsync("PUT", Plan, new { location = "westeurope", sku = new { name = "S1" } });

        Assert.Equal((HttpStatusCode.Conflict, "InvalidResourceLocation"), (status, (string?)error!["error"]!["code"]));
    }

    [Fact]
    public async Task Delete_PlanWithSites_IsAConflictAndEmptyIsGone()
    {
        await using var simulation = await Simulation.StartAsync();

        var (conflict, error, _) = await simulation.SendAsync("DELETE", Plan);
        Assert.Equal((HttpStatusCode.Conflict, "Conflict"), (conflict, (string?)error!["Code"]));
        Assert.Equal("Server farm 'plan-northeurope' cannot be deleted because it has web app(s) shop-northeurope assigned to it.", (string?)error["Message"]);
        Assert.Equal(["shop-northeurope"], (await simulation.SendAsync("GET", Plan + "/sites")).Body!["value"]!.AsArray().Select(site => (string?)site!["name"]));

        await simulation.SendAsync("DELETE", Simulation.SitesPath + "/shop-northeurope?deleteEmptyServerFarm=false&api-version=2025-03-01");
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", Plan)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", Plan)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("PATCH", Plan, new { })).Status);
    }

    [Fact]
    public async Task Put_New_TakesSitesOnlyWhenItHasInstances()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with
        {
            ResourceManager = new() { OperationSecondsByName = new Dictionary<string, double> { ["CreateAppServicePlan"] = 90 } },
        });
        var site = new { location = "northeurope", properties = new { serverFarmId = Plans + "/standby" } };
        await simulation.SendAsync("PUT", Plans + "/standby", new { location = "North Europe", sku = new { name = "P1v3", capacity = 2 } });

        simulation.Time.Advance(TimeSpan.FromSeconds(89));
        var (busy, _, _) = await simulation.SendAsync("PUT", Simulation.SitesPath + "/late", site);
        Assert.Equal(0, (int)(await simulation.SendAsync("GET", Plans + "/standby")).Body!["properties"]!["numberOfWorkers"]!);
        simulation.Time.Advance(TimeSpan.FromSeconds(1));
        var (done, _, _) = await simulation.SendAsync("PUT", Simulation.SitesPath + "/late", site);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (busy, done));
        Assert.Contains((await simulation.Control.GetStateAsync()).Resources, each => each is { Name: "standby", State: "Ready, 2 of P1v3" });
    }

    [Theory]
    [InlineData(FaultKind.Fail)]
    [InlineData(FaultKind.Cancel)]
    public async Task Operation_EndsBadly_LeavesThePlanAsItWas(FaultKind kind)
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Operation, Kind = kind, Count = 2 });
        await simulation.SendAsync("PATCH", Plan, new { sku = new { capacity = 5 } });
        await simulation.SendAsync("PUT", Plans + "/new", new { location = "northeurope", sku = new { name = "S1" } });
        simulation.Time.Advance(Enough);

        var plan = (await simulation.SendAsync("GET", Plan)).Body!;
        Assert.Equal((1, "Succeeded"), ((int)plan["sku"]!["capacity"]!, (string?)plan["properties"]!["provisioningState"]));
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Plans + "/new")).Status);
    }

    [Fact]
    public async Task Scale_RegionGoesDarkMeanwhile_FailsAndIsRefusedUntilItIsBack()
    {
        await using var simulation = await Simulation.StartAsync();
        var (_, _, response) = await simulation.SendAsync("PATCH", Plan, new { sku = new { capacity = 5 } });
        await simulation.Simulator.SetRegionDarkAsync("northeurope", true);
        simulation.Time.Advance(Enough);

        var operation = (await simulation.SendAsync("GET", response.Headers.GetValues("Azure-AsyncOperation").Single())).Body!;
        Assert.Equal(("Failed", "ServiceUnavailable"), ((string?)operation["status"], (string?)operation["error"]!["code"]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await simulation.SendAsync("PATCH", Plan, new { sku = new { capacity = 5 } })).Status);
        await simulation.Simulator.SetRegionDarkAsync("northeurope", false);
        Assert.Equal(HttpStatusCode.Accepted, (await simulation.SendAsync("PATCH", Plan, new { sku = new { capacity = 5 } })).Status);
    }

    [Fact]
    public async Task DeleteGroup_DuringACreate_LeavesNoPlanBehind()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with
        {
            ResourceManager = new() { OperationSecondsByName = new Dictionary<string, double> { ["CreateAppServicePlan"] = 90, ["DeleteResourceGroup"] = 30 } },
        });
        var (_, _, response) = await simulation.SendAsync("PUT", Plans + "/new", new { location = "northeurope", sku = new { name = "S1" } });
        await simulation.SendAsync("DELETE", "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop");
        simulation.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("Failed", (string?)(await simulation.SendAsync("GET", response.Headers.GetValues("Azure-AsyncOperation").Single())).Body!["status"]);
        Assert.Empty((await simulation.Control.GetStateAsync()).Resources);
    }

    private static (string?, string?, string?) StateOf(JsonObject plan) =>
        ((string?)plan["properties"]!["status"], (string?)plan["properties"]!["provisioningState"], (string?)plan["sku"]!["name"]);
}
