using System.Net;
using DrFunctions.Simulator.Faults;
using DrFunctions.Testing.Files;

namespace DrFunctions.Simulator.Tests.ResourceGroups;

public class ResourceGroupTests
{
    private const string Subscription = "/subscriptions/" + Scenarios.Subscription;
    private const string Groups = Subscription + "/resourceGroups";

    [Fact]
    public async Task Put_NewThenAgain_Is201Then200()
    {
        await using var simulation = await Simulation.StartAsync();

        var (created, body, _) = await simulation.SendAsync("PUT", Groups + "/Night", new { location = "North Europe", tags = new { a = "1" } });
        var (updated, again, _) = await simulation.SendAsync("PUT", Groups + "/nIGHT", new { location = "northeurope" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created, updated));
        Assert.Equal(Groups + "/Night", (string?)body!["id"]);
        Assert.Equal("northeurope", (string?)body["location"]);
        Assert.Equal("1", (string?)body["tags"]!["a"]);
        Assert.Equal("Night", (string?)again!["name"]);
        Assert.Null(again["tags"]);
    }

    [SharedFact("azure-specs/Microsoft.Resources")]
    public async Task Put_Example_HasItsStatusesAndShape()
    {
        var file = SpecShape.Read("Microsoft.Resources", "CreateResourceGroup");
        var parameters = file["parameters"]!;
        await using var simulation = await Simulation.StartAsync(new Scenario
        {
            SubscriptionId = (string)parameters["subscriptionId"]!,
            ResourceGroups = ["another"],
            Regions = [new() { Name = "eastus", Address = "127.0.0.11" }],
        });
        var url = $"/subscriptions/{parameters["subscriptionId"]}/resourceGroups/{parameters["resourceGroupName"]}?api-version={parameters["api-version"]}";

        foreach (var expected in (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.OK])
        {
            var (status, body, _) = await simulation.SendAsync("PUT", url, parameters["parameters"]);

            Assert.Equal(expected, status);
            SpecShape.AssertHas(file["responses"]![$"{(int)expected}"]!["body"]!, body, "$");
        }
    }

    [Fact]
    public async Task Patch_Tags_ReplacesThemAll()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("PATCH", Groups + "/shop", new { tags = new { a = "1", b = "2" } });

        var (status, body, _) = await simulation.SendAsync("PATCH", Groups + "/shop", new { tags = new { c = "3" } });

        Assert.Equal((HttpStatusCode.OK, """{"c":"3"}"""), (status, body!["tags"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("PUT", "/night", """{}""", 400, "LocationRequired")]
    [InlineData("PUT", "/night", """{"location":"mars"}""", 400, "LocationNotAvailableForResourceType")]
    [InlineData("PUT", "/night", """{"location":7}""", 400, "InvalidLocation")]
    [InlineData("PUT", "/night.", """{"location":"westeurope"}""", 400, "InvalidResourceGroup")]
    [InlineData("PUT", "/night", """{"location":"westeurope","tags":{"a":1}}""", 400, "InvalidTag")]
    [InlineData("PUT", "/night", """{"location":"westeurope","tags":[]}""", 400, "InvalidTag")]
    [InlineData("PUT", "/shop", """{"location":"northeurope"}""", 409, "InvalidResourceGroupLocation")]
    [InlineData("PATCH", "/night", """{}""", 404, "ResourceGroupNotFound")]
    [InlineData("DELETE", "/night", null, 404, "ResourceGroupNotFound")]
    [InlineData("POST", "/shop", """{}""", 405, "MethodNotAllowed")]
    [InlineData("GET", "/shop?api-version=1999-01-01", null, 400, "InvalidApiVersionParameter")]
    public async Task Request_Bad_IsRefusedAndChangesNothing(string method, string path, string? body, int status, string code)
    {
        await using var simulation = await Simulation.StartAsync();

        var (found, error, _) = await simulation.SendAsync(method, Groups + path, body is null ? null : System.Text.Json.Nodes.JsonNode.Parse(body));

        Assert.Equal((status, code), ((int)found, (string?)error!["error"]!["code"]));
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("HEAD", Groups + "/night")).Status);
        Assert.Equal("westeurope", (string?)(await simulation.SendAsync("GET", Groups + "/shop")).Body!["location"]);
    }

    [Fact]
    public async Task Delete_Group_TakesItsResourcesWithItWhenDone()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, response) = await simulation.SendAsync("DELETE", Groups + "/SHOP");
        var location = response.Headers.Location!.ToString();
        Assert.Equal((HttpStatusCode.Accepted, null), (status, body));
        Assert.StartsWith(simulation.Simulator.ResourceManager + "subscriptions/" + Scenarios.Subscription + "/operationresults/", location, StringComparison.Ordinal);
        Assert.Equal("Deleting", (string?)(await simulation.SendAsync("GET", Groups + "/shop")).Body!["properties"]!["provisioningState"]);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.ProfilePath)).Status);
        var (conflict, error, _) = await simulation.SendAsync("PUT", Simulation.SitesPath + "/new", new { location = "westeurope" });
        Assert.Equal((HttpStatusCode.Conflict, "ResourceGroupBeingDeleted"), (conflict, (string?)error!["error"]!["code"]));
        Assert.Equal(HttpStatusCode.Conflict, (await simulation.SendAsync("DELETE", Groups + "/shop")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await simulation.SendAsync("GET", location)).Status);

        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", location)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("HEAD", Groups + "/shop")).Status);
        Assert.Equal("ResourceGroupNotFound", (string?)(await simulation.SendAsync("GET", Simulation.ProfilePath)).Body!["error"]!["code"]);
        var state = await simulation.Control.GetStateAsync();
        Assert.Empty(state.Sites);
        Assert.Empty(state.Profiles);

        await simulation.Control.ResetAsync();
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.ProfilePath)).Status);
    }

    [Fact]
    public async Task Delete_FailsByFault_LeavesTheGroup()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.Operation, Kind = FaultKind.Fail, Method = "DELETE" });
        var (_, _, response) = await simulation.SendAsync("DELETE", Groups + "/shop");
        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.InternalServerError, (await simulation.SendAsync("GET", response.Headers.Location!.ToString())).Status);
        Assert.Equal("Succeeded", (string?)(await simulation.SendAsync("GET", Groups + "/shop")).Body!["properties"]!["provisioningState"]);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("POST", Simulation.SitesPath + "/shop-westeurope/start")).Status);
    }

    [Fact]
    public async Task List_InPages_ShowsEachOnceInOrder()
    {
        var groups = Enumerable.Range(0, 7).Select(number => "group-" + number).Append("shop").ToList();
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with { ResourceGroups = groups, ResourceManager = new() { PageSize = 3 } });
        var found = new List<string>();
        string? next = Groups + "?api-version=2022-09-01";
        var pages = 0;
        while (next is not null)
        {
            var (_, body, _) = await simulation.SendAsync("GET", next);
            found.AddRange(body!["value"]!.AsArray().Select(each => (string)each!["name"]!));
            next = (string?)body["nextLink"];
            if (++pages == 1)
            {
                Assert.StartsWith(simulation.Simulator.ResourceManager + "subscriptions/", next, StringComparison.Ordinal);
                await simulation.SendAsync("PUT", Groups + "/a-late-one-before-the-page", new { location = "westeurope" });
            }
        }

        Assert.Equal(3, pages);
        Assert.Equal(groups, found);
    }

    [Theory]
    [InlineData("$skiptoken=abc", "InvalidSkipToken")]
    [InlineData("$skiptoken=!!", "InvalidSkipToken")]
    [InlineData("$skiptoken=AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "InvalidSkipToken")]
    [InlineData("$skiptoken=", "InvalidSkipToken")]
    [InlineData("$top=0", "InvalidTopParameter")]
    [InlineData("$top=many", "InvalidTopParameter")]
    public async Task List_BadParameter_IsRefused(string query, string code)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("GET", $"{Groups}?api-version=2022-09-01&{query}");

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, (string?)body!["error"]!["code"]));
    }

    [Theory]
    [InlineData(Groups + "/shop/resources", "shop,plan-northeurope,plan-westeurope,shop-northeurope,shop-westeurope")]
    [InlineData(Subscription + "/resources", "shop,plan-northeurope,plan-westeurope,shop-northeurope,shop-westeurope")]
    [InlineData(Groups + "/empty/resources", "")]
    [InlineData(Subscription + "/resources?$filter=resourceType%20eq%20'microsoft.web/SITES'&api-version=2022-09-01", "shop-northeurope,shop-westeurope")]
    public async Task Resources_OfAllTypes_AreListed(string path, string names)
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with { ResourceGroups = ["shop", "empty"] });

        var (_, body, _) = await simulation.SendAsync("GET", path);

        Assert.Equal(names, string.Join(',', body!["value"]!.AsArray().Select(each => (string)each!["name"]!)));
    }

    [Fact]
    public async Task Resources_UnknownFilter_IsRefused()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("GET", Subscription + "/resources?api-version=2022-09-01&$filter=name%20eq%20'x'");

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidFilterInQueryString"), (status, (string?)body!["error"]!["code"]));
    }
}
