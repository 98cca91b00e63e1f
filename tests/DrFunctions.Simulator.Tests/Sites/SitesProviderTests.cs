using System.Net;

namespace DrFunctions.Simulator.Tests.Sites;

public class SitesProviderTests
{
    private const string Site = Simulation.SitesPath + "/shop-northeurope";

    [Theory]
    [InlineData("2025-03-01")]
    [InlineData("2023-12-01")]
    [InlineData("2016-08-01")]
    public async Task Get_AnyApiVersion_ShowsTheSite(string version)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("GET", $"{Site}?api-version={version}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("northeurope", (string?)body!["location"]);
        var properties = body["properties"]!;
        Assert.Equal("Stopped", (string?)properties["state"]);
        Assert.True((bool)properties["enabled"]!);
        Assert.Equal("shop-northeurope.azurewebsites.net", (string?)properties["defaultHostName"]);
        Assert.Equal(
            ["shop-northeurope.azurewebsites.net", "shop.trafficmanager.net"], properties["hostNames"]!.AsArray().Select(name => (string?)name));
    }

    [Theory]
    [InlineData("start", "Stopped", "Running")]
    [InlineData("START", "Running", "Running")]
    [InlineData("stop", "Running", "Stopped")]
    [InlineData("stop", "Stopped", "Stopped")]
    [InlineData("restart", "Running", "Running")]
    [InlineData("restart", "Stopped", "Stopped")]
    public async Task Post_Action_IsEmptyAndDone(string action, string before, string after)
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("POST", Site + (before == "Running" ? "/start" : "/stop"));

        var (status, body, response) = await simulation.SendAsync("POST", $"{Site}/{action}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Null(body);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Equal(after, (string?)(await simulation.SendAsync("GET", Site)).Body!["properties"]!["state"]);
    }

    [Theory]
    [InlineData("/subscriptions/" + Scenarios.Subscription + "/providers/Microsoft.Web/sites")]
    [InlineData(Simulation.SitesPath)]
    public async Task List_SubscriptionOrGroup_ShowsAllSites(string path)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("GET", path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["shop-northeurope", "shop-westeurope"], body!["value"]!.AsArray().Select(site => (string?)site!["name"]));
        Assert.False(body.ContainsKey("nextLink"));
    }

    [Fact]
    public async Task Put_NewSite_IsServedInItsRegion()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, _, _) = await simulation.SendAsync("PUT", Simulation.SitesPath + "/extra", new { location = "West Europe", kind = "app" });

        Assert.Equal(HttpStatusCode.OK, status);
        using var response = await simulation.GetWebAsync("127.0.0.11", "extra.azurewebsites.net");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Put_RegionNotOfTheScenario_IsRefused()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("PUT", Simulation.SitesPath + "/extra", new { location = "Mars North" });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "The provided location 'Mars North' is not available for resource type 'Microsoft.Web/sites'. List of available regions for the resource type is 'westeurope,northeurope'.",
            (string?)body!["error"]!["message"]);
    }
}
