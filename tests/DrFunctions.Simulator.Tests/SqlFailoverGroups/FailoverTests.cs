using System.Net;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Simulator.Tests.SqlFailoverGroups;

public class FailoverTests
{
    private static readonly TimeSpan Done = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("failover")]
    [InlineData("tryPlannedBeforeForcedFailover")]
    public async Task Failover_Planned_TurnsBothSidesWithoutLoss(string action)
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());

        var (status, body, response) = await simulation.SendAsync("POST", $"{SqlScenario.OnNorth}/{action}");

        Assert.Equal((HttpStatusCode.Accepted, "FailoverFailoverGroup"), (status, (string?)body!["operation"]));
        Assert.Equal(("Primary", "CATCH_UP"), await SideAsync(simulation, SqlScenario.OnWest));
        simulation.Time.Advance(Done);
        Assert.Equal("Primary", (string?)(await simulation.SendAsync("GET", response.Headers.Location!.ToString())).Body!["properties"]!["replicationRole"]);
        Assert.Equal(("Secondary", "CATCH_UP"), await SideAsync(simulation, SqlScenario.OnWest));
        Assert.Equal(("Primary", "CATCH_UP"), await SideAsync(simulation, SqlScenario.OnNorth));
        Assert.Equal("primary of orders, failed over with the loss of 0 s", await StateAsync(simulation, "sql-north"));
        Assert.Equal("Geo", (string?)(await simulation.SendAsync("GET", SqlScenario.West + "/databases/orders")).Body!["properties"]!["secondaryType"]);
        Assert.Null((await simulation.SendAsync("GET", SqlScenario.North + "/databases/orders")).Body!["properties"]!["secondaryType"]);
    }

    [Fact]
    public async Task Failover_PrimarysRegionDark_PlannedTimesOutAndForcedLosesTheLag()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        simulation.Time.Advance(TimeSpan.FromHours(1));
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        Assert.Equal(("Secondary", "SUSPENDED"), await SideAsync(simulation, SqlScenario.OnNorth));

        var (_, _, planned) = await simulation.SendAsync("POST", SqlScenario.OnNorth + "/failover");
        var failed = await simulation.FinishAsync(planned);
        Assert.Equal(("Failed", "PlannedFailoverTimedOut"), ((string?)failed["status"], (string?)failed["error"]!["code"]));
        Assert.Equal(("Secondary", "SUSPENDED"), await SideAsync(simulation, SqlScenario.OnNorth));

        var (_, _, forced) = await simulation.SendAsync("POST", SqlScenario.OnNorth + "/forceFailoverAllowDataLoss");
        Assert.Equal("Succeeded", (string?)(await simulation.FinishAsync(forced))["status"]);
        Assert.Equal(("Primary", "SUSPENDED"), await SideAsync(simulation, SqlScenario.OnNorth));
        Assert.Equal(("Secondary", "SUSPENDED"), await SideAsync(simulation, SqlScenario.OnWest));
        Assert.Equal("primary of orders, failed over with the loss of 8 s", await StateAsync(simulation, "sql-north"));
    }

    [Fact]
    public async Task Failback_AfterAForcedFailover_WaitsForTheSeeding()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        await simulation.FinishAsync((await simulation.SendAsync("POST", SqlScenario.OnNorth + "/tryPlannedBeforeForcedFailover")).Response);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await simulation.SendAsync("POST", SqlScenario.OnWest + "/failover")).Status);
        await simulation.Simulator.SetRegionDarkAsync("westeurope", false);

        simulation.Time.Advance(TimeSpan.FromSeconds(119));
        var (early, error, _) = await simulation.SendAsync("POST", SqlScenario.OnWest + "/failover");
        Assert.Equal((HttpStatusCode.BadRequest, "IncorrectReplicationLinkState"), (early, (string?)error!["error"]!["code"]));
        simulation.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("Primary", "CATCH_UP"), await SideAsync(simulation, SqlScenario.OnNorth));
        await simulation.FinishAsync((await simulation.SendAsync("POST", SqlScenario.OnWest + "/failover")).Response);
        Assert.Equal(("Primary", "CATCH_UP"), await SideAsync(simulation, SqlScenario.OnWest));
        Assert.Equal("primary of orders, failed over with the loss of 0 s", await StateAsync(simulation, "sql-west"));
    }

    [Fact]
    public async Task Force_BackBeforeTheSeeding_LosesAllSinceTheFirst()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        await simulation.SendAsync("POST", SqlScenario.OnNorth + "/forceFailoverAllowDataLoss");
        simulation.Time.Advance(Done + TimeSpan.FromSeconds(60));

        await simulation.SendAsync("POST", SqlScenario.OnWest + "/forceFailoverAllowDataLoss");
        simulation.Time.Advance(Done);

        Assert.Equal("primary of orders, failed over with the loss of 80 s", await StateAsync(simulation, "sql-west"));
    }

    [Fact]
    public async Task Delete_RegionGoesDarkMeanwhile_LeavesTheGroup()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        var (_, _, accepted) = await simulation.SendAsync("DELETE", SqlScenario.OnWest);
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);

        Assert.Equal("ServiceUnavailable", (string?)(await simulation.FinishAsync(accepted))["error"]!["code"]);
        Assert.Equal("Primary", (await SideAsync(simulation, SqlScenario.OnWest)).Role);
    }

    [Fact]
    public async Task Failover_RegionGoesDarkMeanwhile_PlannedFails()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        var (_, _, response) = await simulation.SendAsync("POST", SqlScenario.OnNorth + "/failover");
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);

        var operation = await simulation.FinishAsync(response);

        Assert.Equal("PlannedFailoverTimedOut", (string?)operation["error"]!["code"]);
        Assert.Equal("Secondary", (await SideAsync(simulation, SqlScenario.OnNorth)).Role);
    }

    [Theory]
    [InlineData("POST", SqlScenario.OnWest + "/failover", 400, "FailoverGroupFailoverRequestOnPrimary")]
    [InlineData("POST", SqlScenario.OnWest + "/forceFailoverAllowDataLoss", 400, "FailoverGroupFailoverRequestOnPrimary")]
    [InlineData("POST", SqlScenario.OnNorth + "/explode", 404, "InvalidResourcePath")]
    [InlineData("POST", SqlScenario.OnNorth + "/tryPlannedBeforeForcedFailover?api-version=2021-11-01", 404, "InvalidResourcePath")]
    [InlineData("POST", SqlScenario.North + "/failoverGroups/none/failover", 404, "ResourceNotFound")]
    [InlineData("DELETE", SqlScenario.OnNorth, 400, "FailoverGroupUpdateOrDeleteRequestOnSecondary")]
    [InlineData("PATCH", SqlScenario.OnNorth, 400, "FailoverGroupUpdateOrDeleteRequestOnSecondary")]
    [InlineData("DELETE", SqlScenario.West, 409, "ServerIsInFailoverGroup")]
    [InlineData("DELETE", SqlScenario.West + "/databases/orders", 409, "DatabaseBelongsToOtherFailoverGroup")]
    public async Task Request_OnTheWrongSide_IsRefused(string method, string path, int status, string code)
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());

        var (found, error, _) = await simulation.SendAsync(method, path, method == "PATCH" ? new { } : null);

        Assert.Equal((status, code), ((int)found, (string?)error!["error"]!["code"]));
        Assert.Equal(("Primary", "CATCH_UP"), await SideAsync(simulation, SqlScenario.OnWest));
    }

    [Fact]
    public async Task Failover_WhileOneRuns_IsAConflictOnBothSides()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders());
        await simulation.SendAsync("POST", SqlScenario.OnNorth + "/failover");

        var (again, error, _) = await simulation.SendAsync("POST", SqlScenario.OnNorth + "/forceFailoverAllowDataLoss");
        var (patch, _, _) = await simulation.SendAsync("PATCH", SqlScenario.OnWest, new { properties = new { } });

        Assert.Equal((HttpStatusCode.Conflict, "ConflictingServerOperation"), (again, (string?)error!["error"]!["code"]));
        Assert.Equal(HttpStatusCode.Conflict, patch);
    }

    [Fact]
    public async Task Failover_FailsByFault_ChangesNothing()
    {
        await using var simulation = await Simulation.StartAsync(SqlScenario.Orders(), new Fault { On = FaultTarget.Operation, Kind = FaultKind.Fail, Path = "/failover$", Count = 1 });

        var operation = await simulation.FinishAsync((await simulation.SendAsync("POST", SqlScenario.OnNorth + "/failover")).Response);

        Assert.Equal("Failed", (string?)operation["status"]);
        Assert.Equal("Secondary", (await SideAsync(simulation, SqlScenario.OnNorth)).Role);
        Assert.Equal("secondary of orders", await StateAsync(simulation, "sql-north"));
    }

    private static async Task<(string? Role, string? State)> SideAsync(Simulation simulation, string path)
    {
        var properties = (await simulation.SendAsync("GET", path)).Body!["properties"]!;
        return ((string?)properties["replicationRole"], (string?)properties["replicationState"]);
    }

    private static async Task<string?> StateAsync(Simulation simulation, string server) =>
        (await simulation.Control.GetStateAsync()).Resources.Single(each => each.Name == server).State;
}
