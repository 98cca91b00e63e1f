using System.Net;
using static DrFunctions.Simulator.Tests.Deployments.DeploymentRequests;

namespace DrFunctions.Simulator.Tests.Deployments;

public class WhatIfTests
{
    private const string Plans = Group + "/providers/Microsoft.Web/serverfarms/";

    [Theory]
    [InlineData("Incremental", "Ignore")]
    [InlineData("Complete", "Delete")]
    public async Task WhatIf_EveryKindOfChange_IsForetoldAndNothingDone(string mode, string rest)
    {
        await using var simulation = await Simulation.StartAsync();
        var template = Template("""
            [
              { "type": "Microsoft.Web/serverfarms", "apiVersion": "2023-12-01", "name": "new", "location": "westeurope", "sku": { "name": "S1" } },
              { "type": "Microsoft.Web/serverfarms", "apiVersion": "2023-12-01", "name": "plan-westeurope", "location": "West Europe", "tags": { "a": "1" }, "sku": { "name": "S1", "capacity": 3 } },
              { "type": "Microsoft.Web/serverfarms", "apiVersion": "2023-12-01", "name": "plan-northeurope", "location": "North Europe", "sku": { "name": "S1", "capacity": 1 } },
              { "type": "Microsoft.Unknown/things", "apiVersion": "2023-12-01", "name": "x" }
            ]
            """);
        var before = await NamesAsync();

        var result = await simulation.ForetellAsync(Body(template, mode));

        Assert.Equal("Succeeded", (string?)result["status"]);
        var changes = result["properties"]!["changes"]!.AsArray();
        Assert.Equal(
            [
                $"{rest} shop", "Unsupported x", "Create new", "NoChange plan-northeurope", "Modify plan-westeurope", $"{rest} shop-northeurope", $"{rest} shop-westeurope",
            ],
            changes.Select(change => $"{change!["changeType"]} {((string)change["resourceId"]!).Split('/')[^1]}"));
        var modify = changes.Single(change => (string?)change!["changeType"] == "Modify")!;
        Assert.Equal(
            """[{"path":"tags.a","propertyChangeType":"Create","after":"1"},{"path":"sku.capacity","propertyChangeType":"Modify","before":1,"after":3}]""",
            modify["delta"]!.ToJsonString());
        Assert.Equal((1, 3), ((int)modify["before"]!["sku"]!["capacity"]!, (int)modify["after"]!["sku"]!["capacity"]!));
        Assert.Equal(before, await NamesAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Plans + "new")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("HEAD", History + "/d")).Status);

        async Task<IEnumerable<string>> NamesAsync() => (await simulation.Control.GetStateAsync()).Resources.Select(each => each.Name);
    }

    [Fact]
    public async Task WhatIf_AfterTheDeployment_ForetellsNoChange()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.DeployAsync("standby", Body(Template(Standby)));

        var result = await simulation.ForetellAsync(Body(Template(Standby), more: """, "whatIfSettings": { "resultFormat": "ResourceIdOnly" }"""));

        var changes = result["properties"]!["changes"]!.AsArray();
        Assert.Equal(2, changes.Count(change => (string?)change!["changeType"] == "NoChange"));
        Assert.All(changes, change => Assert.Equal(["resourceId", "changeType"], change!.AsObject().Select(each => each.Key)));
    }

    [Fact]
    public async Task WhatIf_ArrayDiffers_TellsItsItems()
    {
        await using var simulation = await Simulation.StartAsync();
        var profile = (await simulation.SendAsync("GET", Simulation.ProfilePath)).Body!["properties"]!.DeepClone();
        var endpoints = profile["endpoints"]!.AsArray();
        endpoints[0]!["properties"]!["priority"] = 9;
        var template = Template($$"""
            [{ "type": "Microsoft.Network/trafficManagerProfiles", "apiVersion": "2022-04-01", "name": "shop", "location": "global", "properties": { "endpoints": {{endpoints.ToJsonString()}} } }]
            """);

        var changes = (await simulation.ForetellAsync(Body(template)))["properties"]!["changes"]!.AsArray();

        Assert.Equal(
            """[{"path":"properties.endpoints","propertyChangeType":"Array","children":[{"path":"0.properties.priority","propertyChangeType":"Modify","before":1,"after":9}]}]""",
            changes.Single(change => (string?)change!["changeType"] == "Modify")!["delta"]!.ToJsonString());
    }

    [Fact]
    public async Task WhatIf_TemplateNotValid_IsItsResult()
    {
        await using var simulation = await Simulation.StartAsync();

        var result = await simulation.ForetellAsync(Body(Template("[7]")));

        Assert.Equal(("Failed", "InvalidTemplate"), ((string?)result["status"], (string?)result["error"]!["code"]));
    }
}
