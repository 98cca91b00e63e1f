using System.Net;
using DrFunctions.Simulator.Faults;
using static DrFunctions.Simulator.Tests.Deployments.DeploymentRequests;

namespace DrFunctions.Simulator.Tests.Deployments;

public class DeploymentTests
{
    private const string Site = Simulation.SitesPath + "/shop-northeurope-standby";

    [Fact]
    public async Task Put_ColdStandby_MakesRealResourcesInOrderAndGivesOutputs()
    {
        await using var simulation = await Simulation.StartAsync();
        var template = Template(Standby, """{ "host": { "type": "string", "value": "[reference(variables('site')).defaultHostName]" }, "secret": { "type": "securestring", "value": "[parameters('key')]" } }""");

        var (status, body, response) = await simulation.SendAsync("PUT", History + "/standby", Body(template, parameters: """{ "location": { "value": "northeurope" } }"""));

        Assert.Equal((HttpStatusCode.Created, "Accepted"), (status, (string?)body!["properties"]!["provisioningState"]));
        Assert.StartsWith(History + "/standby/operationStatuses/", new Uri(response.Headers.GetValues("Azure-AsyncOperation").Single()).AbsolutePath, StringComparison.Ordinal);
        simulation.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Running", await StateAsync(simulation, "standby"));
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Site)).Status);
        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        var properties = (await simulation.SendAsync("GET", History + "/standby")).Body!["properties"]!;
        Assert.Equal("Succeeded", (string?)properties["provisioningState"]);
        Assert.Equal("shop-northeurope-standby.azurewebsites.net", (string?)properties["outputs"]!["host"]!["value"]);
        Assert.DoesNotContain("hidden", properties.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("""{"type":"Int","value":2}""", properties["parameters"]!["instances"]!.ToJsonString());
        Assert.Equal([Site, Site.Replace("sites/shop-northeurope-standby", "serverfarms/standby", StringComparison.Ordinal)], properties["outputResources"]!.AsArray().Select(each => (string?)each!["id"]));
        Assert.Equal("standby", (string?)properties["dependencies"]![0]!["dependsOn"]![0]!["resourceName"]);
        using var web = await simulation.GetWebAsync("127.0.0.12", "shop-northeurope-standby.azurewebsites.net");
        Assert.Equal(HttpStatusCode.OK, web.StatusCode);
        var operations = (await simulation.SendAsync("GET", Group + "/deployments/standby/operations?api-version=2024-07-01")).Body!["value"]!.AsArray();
        Assert.Equal(
            ["Create Succeeded Accepted standby", "Create Succeeded OK shop-northeurope-standby"],
            operations.OrderBy(each => (string?)each!["properties"]!["statusCode"]).Select(each =>
                $"{each!["properties"]!["provisioningOperation"]} {each["properties"]!["provisioningState"]} {each["properties"]!["statusCode"]} {each["properties"]!["targetResource"]!["resourceName"]}"));
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", (string)operations[0]!["id"]! + "?api-version=2024-07-01")).Status);
    }

    [Fact]
    public async Task Put_TrafficManagerProfile_IsSteeredByIt()
    {
        await using var simulation = await Simulation.StartAsync();
        var profile = Template("""
            [{ "type": "Microsoft.Network/trafficManagerProfiles", "apiVersion": "2022-04-01", "name": "standby", "location": "global",
               "properties": { "trafficRoutingMethod": "Priority", "dnsConfig": { "relativeName": "[concat('standby', '-', subscription().subscriptionId)]" }, "monitorConfig": { "protocol": "HTTP", "port": 80, "path": "/" } } }]
            """);

        Assert.Equal("Succeeded", (string?)(await simulation.DeployAsync("tm", Body(profile)))["properties"]!["provisioningState"]);

        Assert.Contains((await simulation.Control.GetStateAsync()).Profiles, each => each.Fqdn == $"standby-{Scenarios.Subscription}.trafficmanager.net");
    }

    [Theory]
    [InlineData("""[{ "type": "Microsoft.Unknown/things", "apiVersion": "2020-01-01", "name": "x" }]""", "InvalidResourceNamespace", "The resource namespace 'Microsoft.Unknown' is invalid.")]
    [InlineData("""[{ "type": "Microsoft.Web/things", "apiVersion": "2023-12-01", "name": "x" }]""", "InvalidResourceType", "The resource type 'things' could not be found")]
    [InlineData("""[{ "type": "Microsoft.Web/sites", "apiVersion": "1999-01-01", "name": "x" }]""", "NoRegisteredProviderFound", "No registered resource provider found")]
    [InlineData("""[{ "type": "Microsoft.Web/sites", "apiVersion": "2023-12-01", "name": "x", "location": "westeurope", "properties": { "serverFarmId": "none" } }]""", "NotFound", "Cannot find ServerFarm with name none.")]
    public async Task Put_ProviderRefuses_FailsWithItsErrorInside(string resources, string code, string message)
    {
        await using var simulation = await Simulation.StartAsync();

        var properties = (await simulation.DeployAsync("bad", Body(Template(resources))))["properties"]!;

        Assert.Equal(("Failed", "DeploymentFailed", History + "/bad"), ((string?)properties["provisioningState"], (string?)properties["error"]!["code"], (string?)properties["error"]!["target"]));
        var detail = Assert.Single(properties["error"]!["details"]!.AsArray())!;
        Assert.Equal(code, (string?)detail["code"]);
        Assert.StartsWith(message, (string?)detail["message"], StringComparison.Ordinal);
        var operation = Assert.Single((await simulation.SendAsync("GET", History + "/bad/operations")).Body!["value"]!.AsArray())!["properties"]!;
        Assert.Equal(("Failed", code), ((string?)operation["provisioningState"], (string?)operation["statusMessage"]!["error"]!["code"]));
        Assert.Null(properties["outputResources"]);
    }

    [Fact]
    public async Task Put_ProvidersOperationFails_MakesNothingThatDependsOnIt()
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop(), new Fault { On = FaultTarget.Operation, Kind = FaultKind.Fail, Path = "serverfarms/standby", Code = "NoStamp", Message = "No capacity.", Count = 1 });

        var error = (await simulation.DeployAsync("standby", Body(Template(Standby))))["properties"]!["error"]!;

        Assert.Equal("ResourceDeploymentFailure", (string?)error["details"]![0]!["code"]);
        Assert.Equal("NoStamp", (string?)error["details"]![0]!["details"]![0]!["code"]);
        Assert.DoesNotContain((await simulation.Control.GetStateAsync()).Resources, each => each.Name.EndsWith("standby", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FaultKind.Fail, "Failed")]
    [InlineData(FaultKind.Cancel, "Canceled")]
    public async Task Put_EndsBadlyByFault_MakesNothing(FaultKind kind, string state)
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop(), new Fault { On = FaultTarget.Operation, Kind = kind, Path = "/deployments/", Count = 1 });

        Assert.Equal(state, (string?)(await simulation.DeployAsync("standby", Body(Template(Standby))))["properties"]!["provisioningState"]);

        Assert.DoesNotContain((await simulation.Control.GetStateAsync()).Resources, each => each.Name == "standby");
        Assert.Equal("Succeeded", (string?)(await simulation.DeployAsync("standby", Body(Template(Standby))))["properties"]!["provisioningState"]);
    }

    [Theory]
    [InlineData("Incremental", "plan-northeurope,plan-westeurope,shop,shop-northeurope,shop-westeurope")]
    [InlineData("Complete", "")]
    public async Task Put_Empty_DeletesTheRestByCompleteOnly(string mode, string left)
    {
        await using var simulation = await Simulation.StartAsync();

        Assert.Equal("Succeeded", (string?)(await simulation.DeployAsync("empty", Body(Template("[]"), mode)))["properties"]!["provisioningState"]);

        Assert.Equal(left, string.Join(',', (await simulation.Control.GetStateAsync()).Resources.Select(each => each.Name).Order()));
        var operations = (await simulation.SendAsync("GET", History + "/empty/operations")).Body!["value"]!.AsArray();
        Assert.All(operations, each => Assert.Equal("Delete", (string?)each!["properties"]!["provisioningOperation"]));
        Assert.Equal(mode == "Complete", operations.Count > 0);
    }

    [Fact]
    public async Task Put_CompleteButOneCannotBeDeleted_FailsWithItsConflict()
    {
        await using var simulation = await Simulation.StartAsync(SqlFailoverGroups.SqlScenario.Orders());

        var properties = (await simulation.DeployAsync("empty", Body(Template("[]"), "Complete")))["properties"]!;

        Assert.Equal("Failed", (string?)properties["provisioningState"]);
        Assert.Equal("ServerIsInFailoverGroup", (string?)properties["error"]!["details"]![0]!["code"]);
    }

    [Fact]
    public async Task Put_SameName_IsAConflictWhileItRunsAndARedeployAfterwards()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("PUT", History + "/standby", Body(Template(Standby)));

        var (busy, error, _) = await simulation.SendAsync("PUT", History + "/standby", Body(Template(Standby)));
        var (deleted, _, _) = await simulation.SendAsync("DELETE", History + "/standby");
        simulation.Time.Advance(TimeSpan.FromMinutes(2));
        var (again, _, _) = await simulation.SendAsync("PUT", History + "/STANDBY", Body(Template(Standby)));
        simulation.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((HttpStatusCode.Conflict, "DeploymentActive"), (busy, (string?)error!["error"]!["code"]));
        Assert.Equal(HttpStatusCode.Conflict, deleted);
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal("Succeeded", await StateAsync(simulation, "standby"));
    }

    [Fact]
    public async Task Cancel_StopsWhatHasNotBegun_AndIsAConflictAfterTheEnd()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("PUT", History + "/standby", Body(Template(Standby)));
        simulation.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("POST", History + "/standby/cancel")).Status);
        simulation.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("Canceled", await StateAsync(simulation, "standby"));
        Assert.Equal(["standby"], (await simulation.Control.GetStateAsync()).Resources.Where(each => each.Name.EndsWith("standby", StringComparison.Ordinal)).Select(each => each.Name));
        var (conflict, error, _) = await simulation.SendAsync("POST", History + "/standby/cancel");
        Assert.Equal((HttpStatusCode.Conflict, "DeploymentCannotBeCancelled"), (conflict, (string?)error!["error"]!["code"]));
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("POST", History + "/none/cancel")).Status);
    }

    [Fact]
    public async Task Delete_ForgetsTheDeploymentAndLeavesItsResources()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.DeployAsync("standby", Body(Template(Standby)));
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("HEAD", History + "/standby")).Status);
        Assert.Single((await simulation.SendAsync("GET", History)).Body!["value"]!.AsArray());

        var (status, _, response) = await simulation.SendAsync("DELETE", History + "/standby");
        simulation.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("GET", response.Headers.Location!.ToString())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("HEAD", History + "/standby")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", History + "/standby")).Status);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.SitesPath + "/shop-westeurope-standby")).Status);
    }

    [Fact]
    public async Task Put_FailsWithAnEarlierOneToFallBackTo_DeploysThatAgain()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.DeployAsync("good", Body(Template(Standby)));
        await simulation.SendAsync("DELETE", Simulation.SitesPath + "/shop-westeurope-standby");
        var bad = Template("""[{ "type": "Microsoft.Web/things", "apiVersion": "2023-12-01", "name": "x" }]""");

        var properties = (await simulation.DeployAsync("bad", Body(bad, more: """, "onErrorDeployment": { "type": "LastSuccessful" }""")))["properties"]!;

        Assert.Equal(("Failed", "good"), ((string?)properties["provisioningState"], (string?)properties["onErrorDeployment"]!["deploymentName"]));
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.SitesPath + "/shop-westeurope-standby")).Status);
        Assert.Equal("Succeeded", await StateAsync(simulation, "good"));
    }

    [Fact]
    public async Task Put_GroupIsDeletedMeanwhile_MakesNothingInIt()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("PUT", History + "/standby", Body(Template(Standby)));
        await simulation.SendAsync("DELETE", Group);
        simulation.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty((await simulation.Control.GetStateAsync()).Resources);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", History + "/standby")).Status);
    }

    private static async Task<string?> StateAsync(Simulation simulation, string name) =>
        (string?)(await simulation.SendAsync("GET", $"{History}/{name}")).Body!["properties"]!["provisioningState"];
}
