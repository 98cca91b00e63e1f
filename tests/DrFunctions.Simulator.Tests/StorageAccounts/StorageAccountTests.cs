using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Simulator.Tests.StorageAccounts;

public class StorageAccountTests
{
    private const string Subscription = "/subscriptions/" + Scenarios.Subscription;
    private const string Accounts = Subscription + "/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts";
    private const string Geo = Accounts + "/shopgeo";
    private const string Local = Accounts + "/shoplocal";
    private const string Zonal = Accounts + "/shopzonal";
    private const string Stats = "?api-version=2023-05-01&$expand=geoReplicationStats";

    [Fact]
    public async Task Put_New_AnswersEmptyAndIsInvisibleUntilDone()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (status, body, accepted) = await simulation.SendAsync("PUT", Accounts + "/fresh", New("Standard_RAGRS"));
        Assert.Equal((HttpStatusCode.Accepted, null, "text/plain"), (status, body, accepted.Content.Headers.ContentType!.MediaType));
        Assert.False(accepted.Headers.Contains("Azure-AsyncOperation"));
        var location = accepted.Headers.Location!.ToString();
        Assert.Contains("/providers/Microsoft.Storage/locations/westeurope/asyncoperations/", location, StringComparison.Ordinal);
        Assert.Contains("?monitor=true&api-version=2023-05-01&t=", location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Accounts + "/fresh")).Status);
        Assert.Equal((HttpStatusCode.Accepted, null), await PollAsync(simulation, location));
        Assert.Equal("StorageAccountOperationInProgress", (string?)(await simulation.SendAsync("PUT", Accounts + "/fresh", New("Standard_LRS"))).Body!["error"]!["code"]);

        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        var (done, made, _) = await simulation.SendAsync("GET", location);
        Assert.Equal(HttpStatusCode.OK, done);
        Assert.Equal(made!.ToJsonString(), (await simulation.SendAsync("GET", Accounts + "/FRESH")).Body!.ToJsonString());
        var properties = made["properties"]!;
        Assert.Equal(("Succeeded", "westeurope", "northeurope"), ((string?)properties["provisioningState"], (string?)properties["primaryLocation"], (string?)properties["secondaryLocation"]));
        Assert.Equal("https://fresh-secondary.blob.core.windows.net/", (string?)properties["secondaryEndpoints"]!["blob"]);
        Assert.Null(properties["secondaryEndpoints"]!["file"]);
        Assert.Null(properties["geoReplicationStats"]);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("PUT", Accounts + "/fresh", New("Standard_RAGRS"))).Status);
    }

    [Theory]
    [InlineData("PUT", Accounts + "/No-Name", """{}""", 400, "AccountNameInvalid")]
    [InlineData("PUT", Accounts + "/fresh", """{"kind":"StorageV2","location":"westeurope"}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("PUT", Accounts + "/fresh", """{"sku":{"name":"Standard_LRS"},"location":"westeurope"}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("PUT", Accounts + "/fresh", """{"sku":{"name":"Gold"},"kind":"StorageV2","location":"westeurope"}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("PUT", Accounts + "/fresh", """{"sku":{"name":"Standard_LRS"},"kind":"StorageV2"}""", 400, "LocationRequired")]
    [InlineData("PUT", Accounts + "/fresh", """{"sku":{"name":"Standard_LRS"},"kind":"StorageV2","location":"westeurope","properties":{"accessTier":"Boiling"}}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("PUT", Subscription + "/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/shopgeo", """{}""", 409, "StorageAccountInAnotherResourceGroup")]
    [InlineData("PUT", Geo, """{"location":"northeurope"}""", 409, "InvalidResourceLocation")]
    [InlineData("PATCH", Geo, """{"properties":{"isHnsEnabled":true}}""", 409, "AccountPropertyCannotBeUpdated")]
    [InlineData("PATCH", Geo, """{"sku":{"name":"Premium_LRS"}}""", 409, "AccountPropertyCannotBeUpdated")]
    [InlineData("PATCH", Geo, """{"properties":{"supportsHttpsTrafficOnly":"yes"}}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("PATCH", Accounts + "/none", """{}""", 404, "ResourceNotFound")]
    [InlineData("POST", Geo + "/failover?api-version=2023-05-01&failoverType=Unplanned", null, 400, "InvalidQueryParameterValue")]
    [InlineData("POST", Geo + "/failover", """{}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("POST", Local + "/failover", null, 409, "AccountFailoverNotPossible")]
    [InlineData("POST", Geo + "/regenerateKey", """{"keyName":"key3"}""", 400, "InvalidValuesForRequestParameters")]
    [InlineData("POST", Geo + "/explode", null, 404, "InvalidResourcePath")]
    [InlineData("GET", Geo + "?api-version=2023-05-01&$expand=everything", null, 400, "InvalidQueryParameterValue")]
    public async Task Request_Bad_IsRefusedAndChangesNothing(string method, string path, string? body, int status, string code)
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var before = (await simulation.SendAsync("GET", Accounts)).Body!.ToJsonString();

        var (found, error, _) = await simulation.SendAsync(method, path, body is null ? null : JsonNode.Parse(body));

        Assert.Equal((status, code), ((int)found, (string?)error!["error"]!["code"]));
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(before, (await simulation.SendAsync("GET", Accounts)).Body!.ToJsonString());
    }

    [Fact]
    public async Task Stats_FollowTheClockAndFreezeInAnOutage()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        Assert.Equal(("Live", "2029-12-31T23:59:00Z", true, true), await StatsAsync(simulation, Geo));
        simulation.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(("Live", "2030-01-01T00:09:00Z", true, true), await StatsAsync(simulation, Geo));

        await simulation.Control.SetRegionDarkAsync("westeurope", true);
        simulation.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(("Unavailable", "2030-01-01T00:09:00Z", true, false), await StatsAsync(simulation, Geo));
        Assert.Equal("unavailable", (string?)(await simulation.SendAsync("GET", Geo)).Body!["properties"]!["statusOfPrimary"]);

        await simulation.Control.SetRegionDarkAsync("northeurope", true);
        Assert.Equal(("Unavailable", "2030-01-01T00:09:00Z", false, false), await StatsAsync(simulation, Geo));
        await simulation.Control.SetRegionDarkAsync("westeurope", false);
        await simulation.Control.SetRegionDarkAsync("northeurope", false);
        simulation.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(("Live", "2030-01-01T00:20:00Z", true, true), await StatsAsync(simulation, Geo));
        Assert.Null((await simulation.SendAsync("GET", Local + Stats)).Body!["properties"]!["geoReplicationStats"]);
    }

    [Fact]
    public async Task RegenerateKey_RegionDark_IsRefused()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.SetRegionDarkAsync("westeurope", true);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await simulation.SendAsync("POST", Geo + "/regenerateKey", new { keyName = "key1" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("POST", Geo + "/listKeys")).Status);
    }

    [Fact]
    public async Task Failover_Unplanned_IsLocalInTheSecondaryWithTheLossOfTheLag()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.SetRegionDarkAsync("westeurope", true);
        simulation.Time.Advance(TimeSpan.FromMinutes(10));

        var (status, body, accepted) = await simulation.SendAsync("POST", Geo + "/failover");
        Assert.Equal((HttpStatusCode.Accepted, null), (status, body));
        var during = (await simulation.SendAsync("GET", Geo)).Body!["properties"]!;
        Assert.Equal((true, "Succeeded"), ((bool?)during["failoverInProgress"], (string?)during["provisioningState"]));
        Assert.Equal("StorageAccountOperationInProgress", (string?)(await simulation.SendAsync("DELETE", Geo)).Body!["error"]!["code"]);
        simulation.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.OK, null), await PollAsync(simulation, accepted.Headers.Location!.ToString()));

        var after = (await simulation.SendAsync("GET", Geo)).Body!;
        Assert.Equal(("Standard_LRS", "westeurope", "northeurope"), ((string?)after["sku"]!["name"], (string?)after["location"], (string?)after["properties"]!["primaryLocation"]));
        Assert.Equal("2030-01-01T00:11:00.0000000Z", (string?)after["properties"]!["lastGeoFailoverTime"]);
        foreach (var gone in new[] { "secondaryLocation", "statusOfSecondary", "failoverInProgress", "secondaryEndpoints" })
        {
            Assert.Null(after["properties"]![gone]);
        }

        Assert.Equal("Standard_LRS in northeurope, failed over with the loss of 60 s", (await simulation.Control.GetStateAsync()).Resources.Single(each => each.Name == "shopgeo").State);
        // It is still managed from the region that is dark.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await simulation.SendAsync("PATCH", Geo, New("Standard_GRS"))).Status);
    }

    [Fact]
    public async Task Patch_GeoRedundantAgain_SeedsTheCopyAnew()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.SendAsync("POST", Geo + "/failover");
        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        var (status, body, _) = await simulation.SendAsync("PATCH", Geo, new { sku = new { name = "standard_ragrs" } });

        Assert.Equal((HttpStatusCode.OK, "Standard_RAGRS", "westeurope"), (status, (string?)body!["sku"]!["name"], (string?)body["properties"]!["secondaryLocation"]));
        Assert.Equal(("Bootstrap", "0001-01-01T00:00:00Z", false, false), await StatsAsync(simulation, Geo));
        Assert.Equal("AccountFailoverNotPossible", (string?)(await simulation.SendAsync("POST", Geo + "/failover")).Body!["error"]!["code"]);
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(("Live", "2030-01-01T00:05:00Z", true, true), await StatsAsync(simulation, Geo));
    }

    [Fact]
    public async Task Failover_PlannedThereAndBack_SwapsRegionsAndLosesNothing()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        foreach (var (sku, primary, secondary) in new[] { ("Standard_GRS", "northeurope", "westeurope"), ("Standard_GZRS", "westeurope", "northeurope") })
        {
            var next = (await simulation.SendAsync("GET", Zonal + Stats)).Body!["properties"]!["geoReplicationStats"]!;
            Assert.Equal((sku, "Standard_LRS"), ((string?)next["postPlannedFailoverRedundancy"], (string?)next["postFailoverRedundancy"]));
            var (_, _, accepted) = await simulation.SendAsync("POST", Zonal + "/failover?api-version=2023-05-01&failoverType=planned");
            simulation.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal((HttpStatusCode.OK, null), await PollAsync(simulation, accepted.Headers.Location!.ToString()));
            var account = (await simulation.SendAsync("GET", Zonal)).Body!;
            Assert.Equal((sku, primary, secondary), ((string?)account["sku"]!["name"], (string?)account["properties"]!["primaryLocation"], (string?)account["properties"]!["secondaryLocation"]));
        }

        Assert.EndsWith("with the loss of 0 s", (await simulation.Control.GetStateAsync()).Resources.Single(each => each.Name == "shopzonal").State, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("westeurope", "?api-version=2023-05-01&failoverType=Planned")]
    [InlineData("northeurope", "")]
    public async Task Failover_RegionDark_IsRefusedAndFailsWhenItGoesDarkMeanwhile(string region, string query)
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var (_, _, accepted) = await simulation.SendAsync("POST", Geo + "/failover" + query);
        await simulation.Control.SetRegionDarkAsync(region, true);
        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        var (failed, error, _) = await simulation.SendAsync("GET", accepted.Headers.Location!.ToString());
        var (refused, again, _) = await simulation.SendAsync("POST", Geo + "/failover" + query);

        Assert.Equal((HttpStatusCode.Conflict, "AccountFailoverNotPossible"), (failed, (string?)error!["error"]!["code"]));
        Assert.Equal((HttpStatusCode.Conflict, "AccountFailoverNotPossible"), (refused, (string?)again!["error"]!["code"]));
        var account = (await simulation.SendAsync("GET", Geo)).Body!;
        Assert.Equal(("Standard_RAGRS", "westeurope", null), ((string?)account["sku"]!["name"], (string?)account["properties"]!["primaryLocation"], account["properties"]!["failoverInProgress"]));
    }

    [Fact]
    public async Task Failover_ByFault_FailsAndLeavesTheAccount()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Operation, Kind = FaultKind.Fail, Code = "InternalError" });
        var (_, _, accepted) = await simulation.SendAsync("POST", Geo + "/failover");
        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("InternalError", (string?)(await simulation.SendAsync("GET", accepted.Headers.Location!.ToString())).Body!["error"]!["code"]);
        Assert.Null((await simulation.SendAsync("GET", Geo)).Body!["properties"]!["failoverInProgress"]);
    }

    [Fact]
    public async Task Keys_AreListedAndRegenerated()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var before = (await simulation.SendAsync("POST", Geo + "/listKeys")).Body!["keys"]!.AsArray();

        var after = (await simulation.SendAsync("POST", Geo + "/regenerateKey", new { keyName = "key2" })).Body!["keys"]!.AsArray();

        Assert.Equal(64, Convert.FromBase64String((string)before[0]!["value"]!).Length);
        Assert.Equal((string?)before[0]!["value"], (string?)after[0]!["value"]);
        Assert.NotEqual((string?)before[1]!["value"], (string?)after[1]!["value"]);
        Assert.NotEqual((string?)after[0]!["value"], (string?)after[1]!["value"]);
    }

    [Theory]
    [InlineData("free", true, null)]
    [InlineData("shopgeo", false, "AlreadyExists")]
    [InlineData("No-Name", false, "AccountNameInvalid")]
    public async Task CheckName_SaysWhy(string name, bool available, string? reason)
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (_, body, _) = await simulation.SendAsync("POST", Subscription + "/providers/Microsoft.Storage/checkNameAvailability", new { name, type = "Microsoft.Storage/storageAccounts" });

        Assert.Equal((available, reason), ((bool)body!["nameAvailable"]!, (string?)body["reason"]));
    }

    [Fact]
    public async Task Delete_Account_Is200Then204()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("DELETE", Local)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", Local)).Status);
        Assert.Equal(2, (await simulation.SendAsync("GET", Subscription + "/providers/Microsoft.Storage/storageAccounts")).Body!["value"]!.AsArray().Count);
    }

    private static Scenario Create() => Scenarios.Shop() with
    {
        ResourceGroups = ["shop", "other"],
        StorageAccounts =
        [
            new() { Name = "shopgeo", ResourceGroup = "shop", Region = "westeurope", Sku = "Standard_RAGRS" },
            new() { Name = "shoplocal", ResourceGroup = "shop", Region = "northeurope" },
            new() { Name = "shopzonal", ResourceGroup = "shop", Region = "westeurope", SecondaryRegion = "northeurope", Sku = "Standard_GZRS" },
        ],
    };

    private static object New(string sku) => new { location = "West Europe", kind = "StorageV2", sku = new { name = sku } };

    private static async Task<(HttpStatusCode Status, JsonObject? Body)> PollAsync(Simulation simulation, string location)
    {
        var (status, body, _) = await simulation.SendAsync("GET", location);
        return (status, body);
    }

    private static async Task<(string? Status, string? LastSync, bool? CanFailover, bool? CanPlanned)> StatsAsync(Simulation simulation, string path)
    {
        var stats = (await simulation.SendAsync("GET", path + Stats)).Body!["properties"]!["geoReplicationStats"]!;
        return ((string?)stats["status"], (string?)stats["lastSyncTime"], (bool?)stats["canFailover"], (bool?)stats["canPlannedFailover"]);
    }
}
