using System.Net;
using DrFunctions.Simulator.Faults;
using static DrFunctions.Simulator.Tests.FlexibleServers.ServerScenario;

namespace DrFunctions.Simulator.Tests.FlexibleServers;

public class PromotionTests
{
    [Theory]
    [InlineData("2025-08-01", "Switchover", "Planned")]
    [InlineData("2024-08-01", "switchover", "planned")]
    public async Task Switchover_Planned_SwapsRolesAndEndpoints(string version, string mode, string option)
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (_, body, accepted) = await simulation.SendAsync("PATCH", $"{North}?api-version={version}", Promote(mode, option, "Primary"));
        Assert.Equal("ReadReplicaSiteSwapManagementOperation", (string?)body!["operation"]);
        Assert.Equal(("Updating", "Updating"), (await simulation.StateAsync(West), await simulation.StateAsync(North)));
        Assert.Equal("GeoAsyncReplica", await simulation.RoleAsync(North));
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(accepted))["status"]);

        Assert.Equal(("Ready", "Ready"), (await simulation.StateAsync(West), await simulation.StateAsync(North)));
        Assert.Equal(("GeoAsyncReplica", "Primary"), (await simulation.RoleAsync(West), await simulation.RoleAsync(North)));
        var old = (await simulation.SendAsync("GET", West)).Body!["properties"]!;
        Assert.Equal(North, (string?)old["sourceServerResourceId"]);
        Assert.Null((await simulation.SendAsync("GET", North)).Body!["properties"]!["sourceServerResourceId"]);
        Assert.Equal("shop-two,shop-west", string.Join(',', (await simulation.SendAsync("GET", North + "/replicas")).Body!["value"]!.AsArray().Select(each => (string?)each!["name"])));
        var endpoint = (await simulation.SendAsync("GET", North + Endpoint)).Body!;
        Assert.Equal("""["shop-west"]""", endpoint["properties"]!["members"]!.ToJsonString());
        Assert.Equal("""["shop-db.reader.postgres.database.azure.com","shop-db.writer.postgres.database.azure.com"]""", endpoint["properties"]!["virtualEndpoints"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, (await simulation.SendAsync("GET", West + Endpoint)).Status);
        Assert.Equal("Ready, promoted with the loss of 0 s", await ResourceStateAsync(simulation, "shop-north"));
    }

    [Fact]
    public async Task Switchover_PrimaryRegionDark_PlannedFailsForcedLosesTheLag()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.SetRegionDarkAsync("westeurope", true);
        simulation.Time.Advance(TimeSpan.FromMinutes(3));

        var failed = await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, Promote("Switchover", "Planned"))).Response);
        Assert.Equal(("Failed", "PrimaryServerUnreachable"), ((string?)failed["status"], (string?)failed["error"]!["code"]));
        Assert.Equal(("GeoAsyncReplica", "Ready"), (await simulation.RoleAsync(North), await simulation.StateAsync(North)));
        Assert.Equal("Broken", await ReplicationStateAsync(simulation, West, "shop-north"));

        var forced = await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, Promote("Switchover", "Forced"))).Response);
        Assert.Equal("Succeeded", (string?)forced["status"]);
        Assert.Equal(("GeoAsyncReplica", "Primary"), (await simulation.RoleAsync(West), await simulation.RoleAsync(North)));
        Assert.Equal("Ready, promoted with the loss of 5 s", await ResourceStateAsync(simulation, "shop-north"));
        Assert.Equal("Broken", await ReplicationStateAsync(simulation, North, "shop-west"));

        await simulation.Control.SetRegionDarkAsync("westeurope", false);
        Assert.Equal("Active", await ReplicationStateAsync(simulation, North, "shop-west"));
    }

    [Fact]
    public async Task Switchover_DarkByOverlappingFaults_LosesTheLagOnly()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var dark = new Fault { On = FaultTarget.Region, Kind = FaultKind.Dark, Name = "westeurope" };
        simulation.Simulator.AddFaults(dark with { For = TimeSpan.FromSeconds(100) }, dark with { At = TimeSpan.FromSeconds(50) });
        simulation.Time.Advance(TimeSpan.FromSeconds(150));

        await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, Promote("Switchover", "Forced"))).Response);

        Assert.Equal("Ready, promoted with the loss of 5 s", await ResourceStateAsync(simulation, "shop-north"));
    }

    [Fact]
    public async Task Switchover_RegionGoesDarkMeanwhile_PlannedFails()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        var (_, _, accepted) = await simulation.SendAsync("PATCH", North, Promote("Switchover", "Planned"));
        await simulation.Control.SetRegionDarkAsync("westeurope", true);

        Assert.Equal("PrimaryServerUnreachable", (string?)(await simulation.FinishAsync(accepted))["error"]!["code"]);
        Assert.Equal(("Ready", "Ready"), (await simulation.StateAsync(West), await simulation.StateAsync(North)));
    }

    [Fact]
    public async Task Standalone_Forced_WhileReplicationWasCut_LosesAllSinceThen()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.SetRegionDarkAsync("northeurope", true);
        simulation.Time.Advance(TimeSpan.FromSeconds(100));
        await simulation.Control.SetRegionDarkAsync("westeurope", true);
        await simulation.Control.SetRegionDarkAsync("northeurope", false);

        var done = await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, Promote("Standalone", "Forced"))).Response);

        Assert.Equal("Succeeded", (string?)done["status"]);
        Assert.Equal("Ready, promoted with the loss of 105 s", await ResourceStateAsync(simulation, "shop-north"));
    }

    [Fact]
    public async Task Standalone_Planned_LeavesReplicationAndEndpoints()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var done = await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, Promote("Standalone", "Planned", "None"))).Response);

        Assert.Equal("Succeeded", (string?)done["status"]);
        Assert.Equal(("Primary", "None"), (await simulation.RoleAsync(West), await simulation.RoleAsync(North)));
        Assert.Equal("""["shop-west"]""", (await simulation.SendAsync("GET", West + Endpoint)).Body!["properties"]!["members"]!.ToJsonString());
        Assert.Equal("shop-two", (string?)Assert.Single((await simulation.SendAsync("GET", West + "/replicas")).Body!["value"]!.AsArray())!["name"]);
    }

    [Fact]
    public async Task Promote_OldWayByRole_IsStandalone()
    {
        await using var simulation = await Simulation.StartAsync(Create());

        await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, new { properties = new { replicationRole = "None" } })).Response);

        Assert.Equal("None", await simulation.RoleAsync(North));
    }

    [Theory]
    [InlineData(West, "Switchover", "Planned", null, "OperationNotAllowed", "is no replica")]
    [InlineData(Servers + "/shop-two", "Switchover", "Planned", null, "OperationNotAllowed", "whose reader leads to 'shop-two'")]
    [InlineData(North, "Sideways", "Planned", null, "InvalidParameterValue", "'properties.replica.promoteMode'")]
    [InlineData(North, "Switchover", "Maybe", null, "InvalidParameterValue", "'properties.replica.promoteOption'")]
    [InlineData(North, "Switchover", null, null, "MissingRequiredParameter", "properties.replica.promoteOption")]
    [InlineData(North, null, "Planned", null, "MissingRequiredParameter", "properties.replica.promoteMode")]
    [InlineData(North, "Switchover", "Planned", "None", "InvalidParameterValue", "expected Primary for a switchover")]
    public async Task Promote_Bad_IsRefusedAndChangesNothing(string path, string? mode, string? option, string? role, string code, string message)
    {
        await using var simulation = await Simulation.StartAsync(Create());

        var (status, body, _) = await simulation.SendAsync("PATCH", path, Promote(mode, option, role));

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, (string?)body!["error"]!["code"]));
        Assert.Contains(message, (string?)body["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(("Ready", "GeoAsyncReplica"), (await simulation.StateAsync(North), await simulation.RoleAsync(North)));
    }

    [Fact]
    public async Task Promote_SecondWhileTheFirstRuns_IsBusy()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.SendAsync("PATCH", North, Promote("Switchover", "Planned"));

        foreach (var (method, path) in new[] { ("PATCH", North), ("POST", West + "/stop"), ("DELETE", Servers + "/shop-two"), ("PUT", West + "/backups/mine") })
        {
            var (status, body, _) = await simulation.SendAsync(method, path, method == "PATCH" ? Promote("Standalone", "Forced") : null);
            Assert.Equal((path, HttpStatusCode.Conflict, "ServerIsBusy"), (path, status, (string?)body!["error"]!["code"]));
        }
    }

    [Fact]
    public async Task Promote_DifferentStorage_IsRefusedUnlessForcedInAnOutage()
    {
        var scenario = Create();
        await using var simulation = await Simulation.StartAsync(scenario with
        {
            PostgreSqlServers = [.. scenario.PostgreSqlServers.Select(server => server.Name == "shop-north" ? server with { StorageSizeGB = 256 } : server)],
        });

        Assert.Equal(HttpStatusCode.BadRequest, (await simulation.SendAsync("PATCH", North, Promote("Switchover", "Forced"))).Status);
        await simulation.Control.SetRegionDarkAsync("westeurope", true);
        Assert.Equal(HttpStatusCode.BadRequest, (await simulation.SendAsync("PATCH", North, Promote("Switchover", "Planned"))).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await simulation.SendAsync("PATCH", North, Promote("Switchover", "Forced"))).Status);
    }

    [Fact]
    public async Task Promote_ByFault_FailsAndLeavesEverything()
    {
        await using var simulation = await Simulation.StartAsync(Create());
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Operation, Kind = FaultKind.Fail, Path = "/shop-north$", Code = "InternalServerError" });

        var done = await simulation.FinishAsync((await simulation.SendAsync("PATCH", North, Promote("Switchover", "Planned"))).Response);

        Assert.Equal(("Failed", "InternalServerError"), ((string?)done["status"], (string?)done["error"]!["code"]));
        Assert.Equal(("Ready", "Ready"), (await simulation.StateAsync(West), await simulation.StateAsync(North)));
        Assert.Equal(("Primary", "GeoAsyncReplica"), (await simulation.RoleAsync(West), await simulation.RoleAsync(North)));
    }

    private static object Promote(string? mode, string? option, string? role = null) => new
    {
        properties = new { replica = new Dictionary<string, string?> { ["promoteMode"] = mode, ["promoteOption"] = option, ["role"] = role } },
    };

    private static async Task<string?> ResourceStateAsync(Simulation simulation, string name) =>
        (await simulation.Control.GetStateAsync()).Resources.Single(each => each.Name == name).State;

    private static async Task<string?> ReplicationStateAsync(Simulation simulation, string primary, string replica) =>
        (string?)(await simulation.SendAsync("GET", primary + "/replicas")).Body!["value"]!.AsArray()
            .Single(each => (string?)each!["name"] == replica)!["properties"]!["replica"]!["replicationState"];
}
