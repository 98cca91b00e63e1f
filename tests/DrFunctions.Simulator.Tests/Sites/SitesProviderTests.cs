using System.Net;
using System.Text.Json.Nodes;

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

    [Fact]
    public async Task Put_Plan_MustBeThereAndInTheRegion()
    {
        await using var simulation = await Simulation.StartAsync();
        var plan = Simulation.SitesPath.Replace("sites", "serverfarms/", StringComparison.Ordinal);

        var (absent, error, _) = await simulation.SendAsync("PUT", Site, new { location = "northeurope", properties = new { serverFarmId = plan + "none" } });
        var (elsewhere, place, _) = await simulation.SendAsync("PUT", Site, new { location = "northeurope", properties = new { serverFarmId = plan + "plan-westeurope" } });

        Assert.Equal((HttpStatusCode.NotFound, "NotFound", "Cannot find ServerFarm with name none."), (absent, (string?)error!["Code"], (string?)error["Message"]));
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere);
        Assert.Equal(
            "The location 'northeurope' of the site 'shop-northeurope' is not that of its App Service plan 'plan-westeurope': expected 'westeurope'.",
            (string?)place!["Message"]);
        Assert.EndsWith("/plan-northeurope", (string?)(await simulation.SendAsync("GET", Site)).Body!["properties"]!["serverFarmId"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"properties":{"enabled":false}}""", "Stopped", false)]
    [InlineData("""{"properties":{"httpsOnly":true}}""", "Running", true)]
    [InlineData("""{"kind":"app,linux","tags":{"a":"1"}}""", "Running", true)]
    public async Task Patch_Members_ChangesThemOnly(string patch, string state, bool enabled)
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop().BothRunning());
        var before = (await simulation.SendAsync("GET", Site)).Body!;

        var (status, body, _) = await simulation.SendAsync("PATCH", Site, JsonNode.Parse(patch));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((state, enabled), ((string?)body!["properties"]!["state"], (bool)body["properties"]!["enabled"]!));
        Assert.Equal(before["properties"]!["serverFarmId"]!.ToJsonString(), body["properties"]!["serverFarmId"]!.ToJsonString());
        Assert.Equal(patch.Contains("httpsOnly", StringComparison.Ordinal), (bool)body["properties"]!["httpsOnly"]!);
        Assert.Equal(patch.Contains("tags", StringComparison.Ordinal) ? """{"a":"1"}""" : null, body["tags"]?.ToJsonString());
        Assert.Equal("northeurope", (string?)body["location"]);
    }

    [Fact]
    public async Task Start_DisabledSite_EnablesIt()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("PATCH", Site, new { properties = new { enabled = false } });

        await simulation.SendAsync("POST", Site + "/start");

        var properties = (await simulation.SendAsync("GET", Site)).Body!["properties"]!;
        Assert.Equal(("Running", true), ((string?)properties["state"], (bool)properties["enabled"]!));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("deleteEmptyServerFarm=true&", true)]
    [InlineData("deleteEmptyServerFarm=false&", false)]
    public async Task Delete_LastSiteOfItsPlan_TakesThePlanUnlessToldOtherwise(string query, bool planGone)
    {
        await using var simulation = await Simulation.StartAsync();
        var plan = Simulation.SitesPath.Replace("sites", "serverfarms/plan-northeurope", StringComparison.Ordinal);

        var (status, _, _) = await simulation.SendAsync("DELETE", $"{Site}?{query}api-version=2025-03-01");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("GET", Site)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await simulation.SendAsync("DELETE", Site)).Status);
        Assert.Equal(planGone ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await simulation.SendAsync("GET", plan)).Status);
        using var response = await simulation.GetWebAsync("127.0.0.12", "shop-northeurope.azurewebsites.net");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Settings_AreShownByTheirListOnly()
    {
        await using var simulation = await Simulation.StartAsync();
        var (_, put, _) = await simulation.SendAsync("PUT", Site, new
        {
            location = "northeurope",
            properties = new { siteConfig = new { alwaysOn = true, appSettings = new[] { new { name = "Key", value = "secret" } } } },
        });

        Assert.DoesNotContain("secret", put!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("""{"alwaysOn":true}""", put["properties"]!["siteConfig"]!.ToJsonString());
        Assert.Equal("""{"Key":"secret"}""", await SettingsAsync());
        await simulation.SendAsync("PATCH", Site + "/config/web", new { properties = new { linuxFxVersion = "DOTNETCORE|10.0" } });
        Assert.Equal(
            """{"alwaysOn":true,"linuxFxVersion":"DOTNETCORE|10.0"}""",
            (await simulation.SendAsync("GET", Site + "/config/web")).Body!["properties"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("""{"Key":"secret"}""", await SettingsAsync());
        await simulation.SendAsync("PUT", Site + "/config/appsettings", new { properties = new { other = "2" } });
        Assert.Equal("""{"other":"2"}""", await SettingsAsync());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await simulation.SendAsync("GET", Site + "/config/appsettings")).Status);

        async Task<string> SettingsAsync() => (await simulation.SendAsync("POST", Site + "/config/appsettings/list")).Body!["properties"]!.ToJsonString();
    }

    [Theory]
    [InlineData("PUT", Site, """{"location":"westeurope"}""", 409)]
    [InlineData("PUT", Site, """{"location":"northeurope","properties":{"siteConfig":{"appSettings":{"a":"1"}}}}""", 400)]
    [InlineData("PUT", Site, """{"location":"northeurope","properties":{"siteConfig":{"appSettings":[{"value":"1"}]}}}""", 400)]
    [InlineData("PUT", Site, """{"location":"northeurope","properties":{"enabled":"no"}}""", 400)]
    [InlineData("PUT", Simulation.SitesPath + "/-a", """{"location":"northeurope"}""", 400)]
    [InlineData("PATCH", Simulation.SitesPath + "/absent", """{}""", 404)]
    [InlineData("PUT", Site + "/config/slots", """{}""", 404)]
    [InlineData("PUT", Site + "/config/appsettings", """{"properties":{"a":1}}""", 400)]
    [InlineData("PUT", Site + "/slots/blue", """{"location":"northeurope"}""", 404)]
    [InlineData("POST", Site + "/explode", """{}""", 404)]
    public async Task Write_Bad_IsRefusedAndChangesNothing(string method, string path, string body, int expected)
    {
        await using var simulation = await Simulation.StartAsync();
        var before = (await simulation.SendAsync("GET", Simulation.SitesPath)).Body!.ToJsonString();

        var (status, error, _) = await simulation.SendAsync(method, path, JsonNode.Parse(body));

        Assert.Equal(expected, (int)status);
        Assert.NotEqual(0, ((string?)error!["Message"] ?? (string?)error["error"]!["message"])!.Length);
        Assert.Equal(before, (await simulation.SendAsync("GET", Simulation.SitesPath)).Body!.ToJsonString());
    }
}
