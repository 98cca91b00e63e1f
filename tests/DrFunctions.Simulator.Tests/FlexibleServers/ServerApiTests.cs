using System.Net;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Faults;
using static DrFunctions.Simulator.Tests.FlexibleServers.ServerScenario;

namespace DrFunctions.Simulator.Tests.FlexibleServers;

public class ServerApiTests
{
    private const string Fresh = Servers + "/fresh";

    [Fact]
    public async Task Put_New_IsInvisibleUntilDone()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (status, body, accepted) = await simulation.SendAsync("PUT", Fresh, New());

        Assert.Equal((HttpStatusCode.Accepted, "UpsertServerManagementOperationV2"), (status, (string?)body!["operation"]));
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Fresh)).Status);
        Assert.Equal("ServerIsBusy", (string?)(await simulation.SendAsync("PUT", Fresh, New())).Body!["error"]!["code"]);
        Assert.False(await AvailableAsync(simulation, "fresh"));
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(accepted))["status"]);
        var made = (await simulation.SendAsync("GET", Fresh)).Body!;
        Assert.Equal(("Ready", "westeurope", "Primary"), (await simulation.StateAsync(Fresh), (string?)made["location"], await simulation.RoleAsync(Fresh)));
        Assert.DoesNotContain("secret", made.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("2030-01-01T00:06:00.000000Z", (string?)made["properties"]!["backup"]!["earliestRestoreDate"]);
        Assert.Equal("fresh", (string?)(await simulation.SendAsync("GET", accepted.Headers.Location!.ToString())).Body!["name"]);
    }

    [Fact]
    public async Task Put_NewByFault_LeavesNothingAndTheNameFree()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Operation, Kind = FaultKind.Fail });

        Assert.Equal("Failed", (string?)(await simulation.FinishAsync((await simulation.SendAsync("PUT", Fresh, New())).Response))["status"]);

        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Fresh)).Status);
        Assert.True(await AvailableAsync(simulation, "fresh"));
    }

    [Theory]
    [InlineData("PATCH", "", """{"properties":{"backup":{"backupRetentionDays":9}}}""")]
    [InlineData("PUT", "/backups/mine", null)]
    [InlineData("DELETE", "", null)]
    public async Task Write_RegionGoesDarkMeanwhile_Fails(string method, string path, string? body)
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var (_, _, accepted) = await simulation.SendAsync(method, Solo + path, body is null ? null : JsonNode.Parse(body));
        await simulation.Control.SetRegionDarkAsync("westeurope", true);

        Assert.Equal("ServiceUnavailable", (string?)(await simulation.FinishAsync(accepted))["error"]?["code"]);
        Assert.Equal("Ready", await simulation.StateAsync(Solo));
        Assert.Equal(7, (int)(await simulation.SendAsync("GET", Solo)).Body!["properties"]!["backup"]!["backupRetentionDays"]!);
    }

    [Fact]
    public async Task Put_GroupDeletedMeanwhile_Fails()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.SendAsync("PUT", Fresh, New());
        await simulation.SendAsync("DELETE", "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop");
        simulation.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Empty((await simulation.Control.GetStateAsync()).Resources);
    }

    [Theory]
    [InlineData("x", """{"location":"westeurope","properties":{"administratorLogin":"a"}}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"properties":{}}""", 400, "LocationRequired")]
    [InlineData("fresh", """{"location":"mars"}""", 400, "LocationNotAvailableForResourceType")]
    [InlineData("fresh", """{"location":"westeurope"}""", 400, "MissingRequiredParameter")]
    [InlineData("fresh", """{"location":"westeurope","properties":[]}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"administratorLogin":"a","version":"9"}}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"administratorLogin":"a","storage":{"storageSizeGB":"big"}}}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"Replica"}}""", 400, "MissingRequiredParameter")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"Replica","sourceServerResourceId":"/nowhere"}}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"Replica","sourceServerResourceId":"SERVERS/shop-north"}}""", 400, "OperationNotAllowed")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"PointInTimeRestore","sourceServerResourceId":"SERVERS/solo"}}""", 400, "MissingRequiredParameter")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"PointInTimeRestore","sourceServerResourceId":"SERVERS/solo","pointInTimeUTC":"soon"}}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"PointInTimeRestore","sourceServerResourceId":"SERVERS/solo","pointInTimeUTC":"2020-01-01T00:00:00Z"}}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"PointInTimeRestore","sourceServerResourceId":"SERVERS/shop-north","pointInTimeUTC":"2029-12-31T00:00:00Z"}}""", 400, "InvalidParameterValue")]
    [InlineData("fresh", """{"location":"northeurope","properties":{"createMode":"PointInTimeRestore","sourceServerResourceId":"SERVERS/shop-north","pointInTimeUTC":"2029-12-31T00:00:00Z"}}""", 400, "PointInTimeRestoreNotAllowed")]
    [InlineData("fresh", """{"location":"northeurope","properties":{"createMode":"GeoRestore","sourceServerResourceId":"SERVERS/solo","pointInTimeUTC":"2029-12-31T00:00:00Z"}}""", 400, "OperationNotAllowed")]
    [InlineData("fresh", """{"location":"westeurope","properties":{"createMode":"Update"}}""", 404, "ResourceNotFound")]
    [InlineData("solo", """{"location":"westeurope","properties":{"createMode":"Replica"}}""", 409, "ServerNameAlreadyExists")]
    [InlineData("solo", """{"location":"northeurope"}""", 409, "InvalidResourceLocation")]
    [InlineData("solo", """{"location":"westeurope","properties":{"storage":{"storageSizeGB":64}}}""", 400, "InvalidParameterValue")]
    [InlineData("solo", """{"location":"westeurope","properties":{"backup":{"geoRedundantBackup":"Enabled"}}}""", 400, "InvalidParameterValue")]
    public async Task Put_Bad_IsRefusedAndChangesNothing(string name, string body, int status, string code)
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var before = (await simulation.SendAsync("GET", Servers)).Body!.ToJsonString();

        var (found, error, _) = await simulation.SendAsync("PUT", $"{Servers}/{name}", JsonNode.Parse(body.Replace("SERVERS", Servers, StringComparison.Ordinal)));

        Assert.Equal((status, code), ((int)found, (string?)error!["error"]!["code"]));
        simulation.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(before.Length, (await simulation.SendAsync("GET", Servers)).Body!.ToJsonString().Length);
    }

    [Fact]
    public async Task Replica_OfAPrimary_MakesItUpdatingAndFollowsIt()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var (_, _, accepted) = await simulation.SendAsync("PUT", Fresh, From("Replica", Solo, "northeurope"));
        Assert.Equal("Updating", await simulation.StateAsync(Solo));
        Assert.Equal("ServerIsBusy", (string?)(await simulation.SendAsync("POST", Solo + "/stop")).Body!["error"]!["code"]);

        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(accepted))["status"]);

        Assert.Equal(("Ready", "GeoAsyncReplica"), (await simulation.StateAsync(Solo), await simulation.RoleAsync(Fresh)));
        var replica = Assert.Single((await simulation.SendAsync("GET", Solo + "/replicas")).Body!["value"]!.AsArray())!;
        Assert.Equal("Active", (string?)replica["properties"]!["replica"]!["replicationState"]);
        Assert.Null((await simulation.SendAsync("GET", Fresh)).Body!["properties"]!["replica"]!["replicationState"]);
        Assert.Equal("OperationNotAllowed", (string?)(await simulation.SendAsync("DELETE", Solo)).Body!["error"]!["code"]);
    }

    [Fact]
    public async Task Replica_PrimarysRegionGoesDarkMeanwhile_IsNotSeeded()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var (_, _, accepted) = await simulation.SendAsync("PUT", Fresh, From("Replica", Solo, "northeurope"));
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);

        Assert.Equal("ServiceUnavailable", (string?)(await simulation.FinishAsync(accepted))["error"]!["code"]);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Fresh)).Status);
    }

    [Fact]
    public async Task Replica_PrimaryStopped_FailsInThePollResult()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.FinishAsync((await simulation.SendAsync("POST", Solo + "/stop")).Response);

        var done = await simulation.FinishAsync((await simulation.SendAsync("PUT", Fresh, From("Replica", Solo, "northeurope"))).Response);

        Assert.Equal("ServerIsNotReady", (string?)done["error"]!["code"]);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Fresh)).Status);
    }

    [Fact]
    public async Task Restore_ToNow_IsANewServerWithoutABackupYet()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (_, body, accepted) = await simulation.SendAsync("PUT", Fresh, From("PointInTimeRestore", Solo, "westeurope", "2030-01-01T00:00:00Z"));
        Assert.Equal("RestoreSnapshotManagementOperation", (string?)body!["operation"]);
        simulation.Time.Advance(TimeSpan.FromMinutes(2));
        var made = (await simulation.SendAsync("GET", Fresh)).Body!["properties"]!;

        Assert.Null(made["backup"]!["earliestRestoreDate"]);
        Assert.Empty((await simulation.SendAsync("GET", Fresh + "/backups")).Body!["value"]!.AsArray());
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(accepted))["status"]);
        Assert.NotNull((await simulation.SendAsync("GET", Fresh)).Body!["properties"]!["backup"]!["earliestRestoreDate"]);
    }

    [Fact]
    public async Task GeoRestore_RegionDark_WorksInAnother()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.SetRegionDarkAsync("westeurope", true);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await simulation.SendAsync("PUT", Fresh, From("PointInTimeRestore", Solo, "westeurope", "2029-12-31T00:00:00Z"))).Status);
        var done = await simulation.FinishAsync((await simulation.SendAsync("PUT", Fresh, From("GeoRestore", West, "northeurope", "2029-12-31T00:00:00Z"))).Response);

        Assert.Equal("Succeeded", (string?)done["status"]);
        Assert.Equal("Ready", await simulation.StateAsync(Fresh));
    }

    [Fact]
    public async Task Restore_IntoThePromotion_IsRefused()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, new { properties = new { replicationRole = "None" } })).Response);

        var (_, body, _) = await simulation.SendAsync("PUT", Fresh, From("PointInTimeRestore", North, "northeurope", "2030-01-01T00:00:10Z"));

        Assert.Equal("PointInTimeRestoreNotAllowed", (string?)body!["error"]!["code"]);
        Assert.Equal(HttpStatusCode.Accepted, (await simulation.SendAsync("PUT", Fresh, From("PointInTimeRestore", North, "northeurope", "2030-01-01T00:05:00Z"))).Status);
    }

    [Theory]
    [InlineData("stop", "Stopping", "Stopped", "StopServerManagementOperation")]
    [InlineData("restart", "Restarting", "Ready", "RestartServerManagementOperation")]
    public async Task Action_OnAReadyServer_GoesThroughItsStates(string action, string during, string after, string operation)
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (_, body, accepted) = await simulation.SendAsync("POST", $"{Solo}/{action}");
        Assert.Equal(operation, (string?)body!["operation"]);
        Assert.Equal(during, await simulation.StateAsync(Solo));
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(accepted))["status"]);

        Assert.Equal(after, await simulation.StateAsync(Solo));
        var (located, result, _) = await simulation.SendAsync("GET", accepted.Headers.Location!.ToString());
        Assert.Equal((HttpStatusCode.OK, null), (located, result));
    }

    [Fact]
    public async Task Start_StoppedServer_IsReadyAgain()
    {
        var scenario = Create();
        await using var simulation = await Simulation.StartAsync(scenario with { PostgreSqlServers = [scenario.PostgreSqlServers[3] with { Running = false }] });
        Assert.Equal("Stopped", await simulation.StateAsync(Solo));

        await simulation.FinishAsync((await simulation.SendAsync("POST", Solo + "/start")).Response);

        Assert.Equal("Ready", await simulation.StateAsync(Solo));
    }

    [Theory]
    [InlineData("POST", "/stop", null)]
    [InlineData("POST", "/restart", null)]
    [InlineData("PATCH", "", """{"tags":{"a":"b"}}""")]
    [InlineData("PUT", "/backups/mine", null)]
    public async Task Action_StateForbidsIt_FailsInThePollResult(string method, string path, string? body)
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.FinishAsync((await simulation.SendAsync("POST", Solo + "/stop")).Response);

        var done = await simulation.FinishAsync((await simulation.SendAsync(method, Solo + path, body is null ? null : JsonNode.Parse(body))).Response);

        Assert.Equal(("Failed", "ServerIsNotReady"), ((string?)done["status"], (string?)done["error"]!["code"]));
        Assert.EndsWith("Sever Name = solo, Current Server State = Stopped", (string?)done["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal("Stopped", await simulation.StateAsync(Solo));
    }

    [Theory]
    [InlineData("POST", "/stop")]
    [InlineData("DELETE", "")]
    [InlineData("PUT", "/backups/mine")]
    public async Task Write_RegionDark_IsUnavailable(string method, string path)
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.SetRegionDarkAsync("westeurope", true);

        var (status, body, response) = await simulation.SendAsync(method, Solo + path);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "ServiceUnavailable"), (status, (string?)body!["error"]!["code"]));
        Assert.Equal("service", Assert.Single(response.Headers.GetValues("x-ms-failure-cause")));
        Assert.Equal("Ready", await simulation.StateAsync(Solo));
    }

    [Fact]
    public async Task Stop_RegionGoesDarkMeanwhile_FailsAndItRunsOn()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var (_, _, accepted) = await simulation.SendAsync("POST", Solo + "/stop");
        await simulation.Control.SetRegionDarkAsync("westeurope", true);

        Assert.Equal("Failed", (string?)(await simulation.FinishAsync(accepted))["status"]);
        Assert.Equal("Ready", await simulation.StateAsync(Solo));
    }

    [Theory]
    [InlineData("""{"restartWithFailover":true,"failoverMode":"PlannedFailover"}""", "OperationNotAllowed")]
    [InlineData("""{"restartWithFailover":true}""", "MissingRequiredParameter")]
    [InlineData("""{"restartWithFailover":"yes"}""", "InvalidParameterValue")]
    [InlineData("""{"failoverMode":"Softly"}""", "InvalidParameterValue")]
    public async Task Restart_BadFailover_IsRefused(string body, string code)
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (status, error, _) = await simulation.SendAsync("POST", Solo + "/restart", JsonNode.Parse(body));

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, (string?)error!["error"]!["code"]));
    }

    [Fact]
    public async Task Patch_Settings_ChangesOnlyThem()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        await simulation.FinishAsync((await simulation.SendAsync("PATCH", Solo, new
        {
            sku = new { name = "Standard_E8ds_v5", tier = "memoryoptimized" },
            tags = new { owner = "me" },
            properties = new { storage = new { storageSizeGB = 512 }, highAvailability = new { mode = "ZoneRedundant" } },
        })).Response);

        var server = (await simulation.SendAsync("GET", Solo)).Body!;
        Assert.Equal("MemoryOptimized", (string?)server["sku"]!["tier"]);
        Assert.Equal("me", (string?)server["tags"]!["owner"]);
        Assert.Equal((512, "P20", 2300), ((int?)server["properties"]!["storage"]!["storageSizeGB"], (string?)server["properties"]!["storage"]!["tier"], (int?)server["properties"]!["storage"]!["iops"]));
        Assert.Equal("Healthy", (string?)server["properties"]!["highAvailability"]!["state"]);
        Assert.Equal("17", (string?)server["properties"]!["version"]);
    }

    [Fact]
    public async Task Delete_Server_IsDroppingThenGone()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (_, _, accepted) = await simulation.SendAsync("DELETE", Solo.ToUpperInvariant());
        Assert.Equal("Dropping", await simulation.StateAsync(Solo));
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(accepted))["status"]);

        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("GET", accepted.Headers.Location!.ToString())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Solo)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", Solo)).Status);
        Assert.True(await AvailableAsync(simulation, "solo"));
    }

    [Fact]
    public async Task Backups_OnDemand_AreMadeListedAndDeleted()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var automatic = (await simulation.SendAsync("GET", Solo + "/backups")).Body!["value"]!.AsArray();
        Assert.Equal(7, automatic.Count);
        Assert.All(automatic, each => Assert.Matches("^backup_[0-9]{18}$", (string?)each!["name"]));

        await simulation.FinishAsync((await simulation.SendAsync("PUT", Solo + "/backups/mine")).Response);
        var mine = (await simulation.SendAsync("GET", Solo + "/backups/MINE")).Body!["properties"]!;
        Assert.Equal(("Customer On-Demand", "2030-01-01T00:00:30.000000+00:00"), ((string?)mine["backupType"], (string?)mine["completedTime"]));
        Assert.Equal("BackupAlreadyExists", (string?)(await simulation.SendAsync("PUT", Solo + "/backups/mine")).Body!["error"]!["code"]);
        Assert.Equal("InvalidParameterValue", (string?)(await simulation.SendAsync("PUT", Solo + "/backups/no%20name")).Body!["error"]!["code"]);
        Assert.Equal("OperationNotAllowed", (string?)(await simulation.SendAsync("DELETE", Solo + "/backups/" + (string?)automatic[1]!["name"])).Body!["error"]!["code"]);
        Assert.Equal(8, (await simulation.SendAsync("GET", Solo + "/backups")).Body!["value"]!.AsArray().Count);

        await simulation.FinishAsync((await simulation.SendAsync("DELETE", Solo + "/backups/mine")).Response);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Solo + "/backups/mine")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", Solo + "/backups/mine")).Status);
    }

    [Fact]
    public async Task VirtualEndpoints_OfAPrimary_AreMadeMovedAndDeleted()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var path = West + Endpoint;

        await simulation.FinishAsync((await simulation.SendAsync("PATCH", path, Members("shop-two"))).Response);
        Assert.Equal("shop-two", (string?)(await simulation.SendAsync("GET", path)).Body!["properties"]!["members"]![0]);
        Assert.Single((await simulation.SendAsync("GET", West + "/virtualEndpoints")).Body!["value"]!.AsArray());
        await simulation.FinishAsync((await simulation.SendAsync("DELETE", path)).Response);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", path)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", path)).Status);
        var (_, body, accepted) = await simulation.SendAsync("PUT", path, Members("shop-west"));
        Assert.Equal("ReplicaGroupCreateManagementOperation", (string?)body!["operation"]);
        await simulation.FinishAsync(accepted);
        Assert.Equal("shop-west", (string?)(await simulation.SendAsync("GET", path)).Body!["properties"]!["members"]![0]);
    }

    [Theory]
    [InlineData(West + "/virtualEndpoints/second", """["shop-north"]""", "OperationNotAllowed")]
    [InlineData(North + "/virtualEndpoints/second", """["shop-north"]""", "OperationNotAllowed")]
    [InlineData(Solo + "/virtualEndpoints/x", """["solo"]""", "InvalidParameterValue")]
    [InlineData(Solo + "/virtualEndpoints/shop-db", """["solo"]""", "VirtualEndpointNameAlreadyExists")]
    [InlineData(Solo + "/virtualEndpoints/second", """["shop-north"]""", "InvalidParameterValue")]
    [InlineData(Solo + "/virtualEndpoints/second", """[]""", "InvalidParameterValue")]
    [InlineData(Solo + "/virtualEndpoints/second", """[7]""", "InvalidParameterValue")]
    [InlineData(Solo + "/virtualEndpoints/second", "null", "MissingRequiredParameter")]
    public async Task VirtualEndpoint_Bad_IsRefused(string path, string members, string code)
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (status, body, _) = await simulation.SendAsync("PUT", path, new { properties = new { members = JsonNode.Parse(members) } });

        Assert.Equal(code, (string?)body!["error"]!["code"]);
        Assert.InRange((int)status, 400, 409);
    }

    [Fact]
    public async Task List_InPages_ShowsAll()
    {
        await using var simulation = await Simulation.StartAsync(Create() with { ResourceManager = new() { PageSize = 3 } });

        var first = (await simulation.SendAsync("GET", Servers)).Body!;
        var second = (await simulation.SendAsync("GET", (string)first["nextLink"]!)).Body!;

        Assert.Equal((3, 1, null), (first["value"]!.AsArray().Count, second["value"]!.AsArray().Count, second["nextLink"]));
    }

    private static async Task<bool> AvailableAsync(Simulation simulation, string name) => (bool)(await simulation.SendAsync(
        "POST",
        "/subscriptions/" + Scenarios.Subscription + "/providers/Microsoft.DBforPostgreSQL/locations/westeurope/checkNameAvailability",
        new { name, type = "Microsoft.DBforPostgreSQL/flexibleServers" })).Body!["nameAvailable"]!;

    private static object New() => new { location = "West Europe", properties = new { administratorLogin = "admin", administratorLoginPassword = "Secret1!" } };

    private static object From(string mode, string source, string location, string? pointInTimeUTC = null) =>
        new { location, properties = new { createMode = mode, sourceServerResourceId = source, pointInTimeUTC } };

    private static object Members(string name) => new { properties = new { endpointType = "ReadWrite", members = new[] { name } } };
}
