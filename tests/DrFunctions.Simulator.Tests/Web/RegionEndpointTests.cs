using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Tests.Web;

public class RegionEndpointTests
{
    [Theory]
    [InlineData("shop-westeurope.azurewebsites.net")]
    [InlineData("SHOP-westeurope.AzureWebsites.net:80")]
    [InlineData("shop.trafficmanager.net")]
    public async Task Health_RunningSite_SaysWhoAndWhere(string host)
    {
        await using var simulation = await Simulation.StartAsync();

        using var response = await simulation.GetWebAsync("127.0.0.11", host);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("westeurope", Assert.Single(response.Headers.GetValues("x-served-by")));
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(("shop-westeurope", "westeurope"), ((string?)body["site"], (string?)body["region"]));
    }

    [Theory]
    [InlineData("127.0.0.11", "shop-northeurope.azurewebsites.net", "/health", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.11", "nobody.azurewebsites.net", "/health", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.11", "localhost", "/health", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.11", "shop-westeurope.azurewebsites.net", "/other", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.11", "shop-westeurope.azurewebsites.net", "/files/a", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.12", "shop-northeurope.azurewebsites.net", "/health", HttpStatusCode.Forbidden)]
    public async Task Request_NotServed_IsRefused(string address, string host, string path, HttpStatusCode expected)
    {
        await using var simulation = await Simulation.StartAsync();

        using var response = await simulation.GetWebAsync(address, host, path);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Dark_Region_RefusesConnectionsAndComesBackOnItsPort()
    {
        await using var simulation = await Simulation.StartAsync();

        await simulation.Control.SetRegionDarkAsync("WestEurope", true);
        await simulation.Control.SetRegionDarkAsync("westeurope", true);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => simulation.GetWebAsync("127.0.0.11", "shop.trafficmanager.net"));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(exception.InnerException).SocketErrorCode);
        Assert.Equal([true, false], (await simulation.Control.GetStateAsync()).Regions.Select(region => region.Dark));
        using var other = await simulation.GetWebAsync("127.0.0.12", "shop-northeurope.azurewebsites.net");
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);

        await simulation.Control.SetRegionDarkAsync("westeurope", false);
        await simulation.Control.SetRegionDarkAsync("westeurope", false);
        using var again = await simulation.GetWebAsync("127.0.0.11", "shop.trafficmanager.net");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Light_PortTakenMeanwhile_SaysSo()
    {
        await using var simulation = await Simulation.StartAsync();
        await simulation.Simulator.SetRegionDarkAsync("westeurope", true);
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.11"), simulation.Simulator.WebPort));
        taken.Listen();

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => simulation.Control.SetRegionDarkAsync("westeurope", false));

        Assert.Equal(HttpStatusCode.Conflict, exception.StatusCode);
        Assert.Contains($"The web endpoints of region 'westeurope' cannot listen on 127.0.0.11:{simulation.Simulator.WebPort}", exception.Message, StringComparison.Ordinal);
        Assert.True((await simulation.Control.GetStateAsync()).Regions[0].Dark);
    }

    [Fact]
    public async Task SetRegionDark_UnknownRegion_NamesTheKnownOnes()
    {
        await using var simulation = await Simulation.StartAsync();

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => simulation.Simulator.SetRegionDarkAsync("mars", true));

        Assert.StartsWith("There is no region 'mars'; the scenario has westeurope, northeurope.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetRegionDark_ManyAtOnce_EndsAsTheLastSays()
    {
        await using var simulation = await Simulation.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => simulation.Simulator.SetRegionDarkAsync("westeurope", i % 2 == 0)));
        await simulation.Simulator.SetRegionDarkAsync("westeurope", false);

        using var response = await simulation.GetWebAsync("127.0.0.11", "shop.trafficmanager.net");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
