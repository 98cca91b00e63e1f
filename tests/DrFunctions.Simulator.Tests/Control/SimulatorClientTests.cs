using System.Net;
using System.Text;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Simulator.Tests.Control;

public class SimulatorClientTests
{
    [Fact]
    public async Task GetState_Running_ShowsEverything()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");

        var state = await simulation.Control.GetStateAsync();

        Assert.Equal(simulation.Simulator.ResourceManager, state.ResourceManager);
        Assert.Equal(simulation.Simulator.CertificateThumbprint, state.CertificateThumbprint);
        Assert.Equal(simulation.Simulator.Dns.ToString(), state.Dns);
        Assert.Equal(simulation.Simulator.WebPort, state.WebPort);
        Assert.Equal(
            [new RegionState("westeurope", "127.0.0.11", false), new RegionState("northeurope", "127.0.0.12", false)], state.Regions);
        Assert.Equal(["Stopped", "Running"], state.Sites.Select(site => site.State));
        var profile = Assert.Single(state.Profiles);
        Assert.Equal(("shop.trafficmanager.net", "Priority", 7, "Online"), (profile.Fqdn, profile.RoutingMethod, profile.TtlInSeconds, profile.MonitorStatus));
        Assert.Equal(["Online", "Stopped"], profile.Endpoints.Select(endpoint => endpoint.MonitorStatus));
    }

    [Fact]
    public async Task GetRequests_AfterSome_ListsThemWithTheirStatus()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("POST", Simulation.SitesPath + "/shop-westeurope/stop");
        await simulation.SendAsync("GET", Simulation.SitesPath + "/absent");
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Kind = FaultKind.Drop, Count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => simulation.SendAsync("POST", Simulation.SitesPath + "/shop-westeurope/start"));

        var requests = await simulation.Control.GetRequestsAsync(new() { Wire = "resource-manager" });

        Assert.Equal(
            [
                ("POST", Simulation.SitesPath + "/shop-westeurope/stop", 200, null),
                ("GET", Simulation.SitesPath + "/absent", 404, null),
                ("POST", Simulation.SitesPath + "/shop-westeurope/start", null, "fault-1"),
            ],
            requests.Requests.Select(request => (request.Method, request.Path, request.Status, request.Fault)));
    }

    [Fact]
    public async Task Reset_AfterEverythingChanged_IsTheScenarioAgain()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("POST", Simulation.SitesPath + "/shop-westeurope/stop");
        await simulation.SendAsync("DELETE", Simulation.ProfilePath);
        await simulation.Control.AddFaultAsync(new() { On = FaultTarget.ResourceManager, Kind = FaultKind.Error });
        await simulation.Control.SetRegionDarkAsync("westeurope", true);
        await simulation.Control.SetResourceManagerDarkAsync(true);

        await simulation.Control.ResetAsync();

        await simulation.UntilAsync("westeurope", endpoint => endpoint.MonitorStatus == "Online");
        var state = await simulation.Control.GetStateAsync();
        Assert.False(state.ResourceManagerDark);
        Assert.All(state.Regions, region => Assert.False(region.Dark));
        Assert.Equal(["Stopped", "Running"], state.Sites.Select(site => site.State));
        Assert.Empty((await simulation.Control.GetRequestsAsync(new() { Wire = "resource-manager" })).Requests);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.ProfilePath)).Status);
    }

    [Theory]
    [InlineData("POST", "regions/mars", "{\"dark\":true}", 400, "There is no region 'mars'; the scenario has westeurope, northeurope.")]
    [InlineData("POST", "regions/westeurope", "{\"drak\":true}", 400, "drak")]
    [InlineData("POST", "regions/westeurope", "{}", 400, "dark")]
    [InlineData("POST", "regions/westeurope", "{", 400, "The body is not valid")]
    [InlineData("POST", "regions/westeurope", "null", 400, "The body is not valid")]
    [InlineData("POST", "faults", "{\"faults\":[{\"on\":\"site\",\"kind\":\"explode\"}]}", 400, "kind")]
    [InlineData("POST", "faults", "{\"faults\":[{\"on\":\"site\"}]}", 400, "kind")]
    [InlineData("POST", "faults", "{\"faults\":[null]}", 400, "faults[0]")]
    [InlineData("GET", "nowhere", null, 404, "GET /state")]
    [InlineData("DELETE", "state", null, 404, "GET /state")]
    public async Task Request_NotUnderstood_IsRefusedWithTheReason(string method, string path, string? body, int status, string expected)
    {
        await using var simulation = await Simulation.StartAsync();
        using var http = new HttpClient { BaseAddress = simulation.Simulator.Control };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(expected, (await response.Content.ReadAsStringAsync()).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetRequests_PatternThatTakesForever_IsRefused()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.SendAsync("GET", "/" + new string('a', 60));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => simulation.Control.GetRequestsAsync(new() { Path = "^/(a|aa)+$(?!.)b" }));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("path", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example.org", "application/json", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "text/plain", HttpStatusCode.BadRequest)]
    [InlineData("localhost", "application/json", HttpStatusCode.OK)]
    public async Task Request_FromAForeignPage_IsRefused(string host, string contentType, HttpStatusCode expected)
    {
        await using var simulation = await Simulation.StartAsync();
        using var http = new HttpClient { BaseAddress = simulation.Simulator.Control };
        using var request = new HttpRequestMessage(HttpMethod.Post, "resource-manager");
        request.Headers.Host = host;
        request.Content = new StringContent("{\"dark\":false}", Encoding.UTF8, contentType);

        using var response = await http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }
}
