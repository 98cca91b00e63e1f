using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Tests.ResourceManagement;

public class ArmEndpointTests
{
    private const string Groups = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups";

    [Fact]
    public async Task Request_WithoutToken_IsUnauthorized()
    {
        await using var simulation = await Simulation.StartAsync();
        simulation.Arm.DefaultRequestHeaders.Authorization = null;

        var (status, body, response) = await simulation.SendAsync("GET", Simulation.ProfilePath);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("AuthenticationFailed", (string?)body!["error"]!["code"]);
        Assert.Equal("Authentication failed. The 'Authorization' header is missing.", (string?)body["error"]!["message"]);
        Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer", "the-one", HttpStatusCode.OK)]
    [InlineData("bearer", "the-one", HttpStatusCode.OK)]
    [InlineData("Bearer", "another", HttpStatusCode.Unauthorized)]
    [InlineData("Basic", "the-one", HttpStatusCode.Unauthorized)]
    public async Task Request_ScenarioNamesTheToken_OnlyThatIsAccepted(string scheme, string token, HttpStatusCode expected)
    {
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with { BearerToken = "the-one" });
        simulation.Arm.DefaultRequestHeaders.Authorization = new(scheme, token);

        Assert.Equal(expected, (await simulation.SendAsync("GET", Simulation.ProfilePath)).Status);
    }

    [Theory]
    [InlineData("GET", Simulation.ProfilePath + "?x=1", 400, "MissingApiVersionParameter")]
    [InlineData("GET", Simulation.ProfilePath + "?api-version=", 400, "MissingApiVersionParameter")]
    [InlineData("GET", Simulation.ProfilePath + "?api-version=latest", 400, "InvalidApiVersionParameter")]
    [InlineData("GET", Simulation.ProfilePath + "?api-version=2030-01-01", 400, "NoRegisteredProviderFound")]
    [InlineData("GET", "/subscriptions/other", 404, "SubscriptionNotFound")]
    [InlineData("GET", Groups + "/other", 404, "ResourceGroupNotFound")]
    [InlineData("GET", Groups + "/other/providers/Microsoft.Web/sites/x", 404, "ResourceGroupNotFound")]
    [InlineData("GET", Groups + "/shop/providers/Microsoft.Network/trafficManagerProfiles/other", 404, "ResourceNotFound")]
    [InlineData("PATCH", Groups + "/shop/providers/Microsoft.Network/trafficManagerProfiles/other", 404, "ResourceNotFound")]
    [InlineData("GET", Groups + "/shop/providers/Microsoft.Web/sites/other", 404, "ResourceNotFound")]
    [InlineData("POST", Groups + "/shop/providers/Microsoft.Web/sites/other/start", 404, "ResourceNotFound")]
    [InlineData("POST", Simulation.SitesPath + "/shop-westeurope/explode", 404, "InvalidResourcePath")]
    [InlineData("GET", Groups + "/shop/providers/Microsoft.Moon/rockets/x", 404, "InvalidResourceNamespace")]
    [InlineData("GET", Groups + "/shop/providers/Microsoft.Web/rockets/x", 404, "InvalidResourceType")]
    [InlineData("GET", "/nowhere", 404, "InvalidResourcePath")]
    public async Task Request_AgainstTheConventions_IsRefusedWithItsCode(string method, string path, int status, string code)
    {
        await using var simulation = await Simulation.StartAsync();

        var (found, body, response) = await simulation.SendAsync(method, path, method == "PATCH" ? new { } : null);

        Assert.Equal(status, (int)found);
        Assert.Equal(code, (string?)body!["error"]!["code"]);
        Assert.Equal("gateway", Assert.Single(response.Headers.GetValues("x-ms-failure-cause")));
    }

    [Fact]
    public async Task Request_IdsInAnyCase_FindTheSameResource()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync("GET", Simulation.ProfilePath.ToUpperInvariant());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($"{Groups}/shop/providers/Microsoft.Network/trafficManagerProfiles/shop", (string?)body!["id"]);
    }

    [Theory]
    [InlineData("{", "could not be deserialized")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("{\"a\":1,\"a\":2}", "could not be deserialized")]
    [InlineData("", "expected a JSON object and found no body")]
    public async Task Put_BodyIsNoObject_IsRefusedAndChangesNothing(string body, string expected)
    {
        await using var simulation = await Simulation.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await simulation.Arm.PutAsync(Simulation.ProfilePath + "?api-version=2022-04-01", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("InvalidRequestContent", (string?)error["code"]);
        Assert.Contains(expected, (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.ProfilePath)).Status);
    }

    [Theory]
    [InlineData("text/plain", 10, 415, "UnsupportedMediaType")]
    [InlineData("application/json", 4 * 1024 * 1024 + 1, 413, "RequestEntityTooLarge")]
    public async Task Put_BodyIsNotAccepted_IsRefused(string type, int size, int status, string code)
    {
        await using var simulation = await Simulation.StartAsync();
        foreach (var chunked in new[] { false, true })
        {
            using var content = new StringContent(new string(' ', size), Encoding.UTF8, type);
            content.Headers.ContentLength = chunked ? null : size;
            using var request = new HttpRequestMessage(HttpMethod.Put, Simulation.ProfilePath + "?api-version=2022-04-01") { Content = content };
            request.Headers.TransferEncodingChunked = chunked;

            using var response = await simulation.Arm.SendAsync(request);

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(code, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["code"]);
        }
    }

    [Fact]
    public async Task Poll_OfNoOperation_IsNotFound()
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, body, _) = await simulation.SendAsync(
            "GET", "/subscriptions/" + Scenarios.Subscription + "/providers/Microsoft.Web/locations/westeurope/operationResults/none");

        Assert.Equal((HttpStatusCode.NotFound, "OperationNotFound"), (status, (string?)body!["error"]!["code"]));
    }

    [Fact]
    public async Task Request_ClientIds_ComeBackAsAsked()
    {
        await using var simulation = await Simulation.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Simulation.ProfilePath + "?api-version=2022-04-01");
        request.Headers.Add("x-ms-client-request-id", "mine");
        request.Headers.Add("x-ms-return-client-request-id", "true");
        request.Headers.Add("x-ms-correlation-request-id", "ours");

        using var response = await simulation.Arm.SendAsync(request);

        Assert.Equal("mine", Header("x-ms-client-request-id"));
        Assert.Equal("ours", Header("x-ms-correlation-request-id"));
        Assert.Equal("SIMULATOR:20300101T000000Z:ours", Header("x-ms-routing-request-id"));
        Assert.Matches("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", Header("x-ms-request-id"));
        Assert.Equal(simulation.Time.GetUtcNow(), response.Headers.Date);

        string Header(string name) => Assert.Single(response.Headers.GetValues(name));
    }

    [Fact]
    public async Task Certificate_OtherThumbprint_IsNotTrusted()
    {
        await using var simulation = await Simulation.StartAsync();
        using var http = new HttpClient(Simulation.TrustingHandler(new string('0', 64)));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(simulation.Simulator.ResourceManager));

        Assert.Equal(HttpRequestError.SecureConnectionError, exception.HttpRequestError);
        Assert.Matches("^[0-9A-F]{64}$", simulation.Simulator.CertificateThumbprint);
    }

    [Fact]
    public async Task Dark_EstablishedAndNewConnections_AreClosedWithoutAnAnswer()
    {
        await using var simulation = await Simulation.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Simulation.ProfilePath)).Status);

        await simulation.Control.SetResourceManagerDarkAsync(true);
        await Assert.ThrowsAsync<HttpRequestException>(() => simulation.SendAsync("POST", Simulation.SitesPath + "/shop-westeurope/stop"));
        using (var http = new HttpClient(Simulation.TrustingHandler(simulation.Simulator.CertificateThumbprint)))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(simulation.Simulator.ResourceManager));
        }

        Assert.True((await simulation.Control.GetStateAsync()).ResourceManagerDark);
        await simulation.Control.SetResourceManagerDarkAsync(false);
        var (status, body, _) = await simulation.SendAsync("GET", Simulation.SitesPath + "/shop-westeurope");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Running", (string?)body!["properties"]!["state"]);
    }
}
