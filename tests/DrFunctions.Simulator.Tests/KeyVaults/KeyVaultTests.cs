using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.Tests.KeyVaults;

public sealed class KeyVaultTests
{
    private const string Secret = "AAECAwQFBgcICQoLDA0ODw";

    private static readonly Scenario Vaults = Scenarios.Shop() with
    {
        KeyVaults =
        [
            new() { Name = "shop-we", Region = "westeurope", Keys = ["backup"] },
            new() { Name = "shop-ne", Region = "NorthEurope" },
        ],
    };

    [Fact]
    public async Task Unwrapkey_WhatAVersionWrapped_IsWhatWasWrapped()
    {
        await using var simulation = await Simulation.StartAsync(Vaults);
        var (_, key) = await SendAsync(simulation, "shop-we", "GET", "keys/backup");
        var version = VersionOf(key);

        var (status, wrapped) = await SendAsync(simulation, "shop-we", "POST", $"keys/backup/{version}/wrapkey", Body(Secret));
        var (_, unwrapped) = await SendAsync(simulation, "shop-we", "POST", $"keys/backup/{version}/unwrapkey", Body((string?)wrapped["value"]));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((string?)key["key"]!["kid"], (string?)wrapped["kid"]);
        Assert.Equal(Secret, (string?)unwrapped["value"]);
    }

    [Fact]
    public async Task Create_AKeyThatIsThere_IsANewVersionAndTheOldOneStillUnwraps()
    {
        await using var simulation = await Simulation.StartAsync(Vaults);
        var old = VersionOf((await SendAsync(simulation, "shop-we", "GET", "keys/backup")).Body);
        var (_, wrapped) = await SendAsync(simulation, "shop-we", "POST", $"keys/backup/{old}/wrapkey", Body(Secret));

        var (_, created) = await SendAsync(simulation, "shop-we", "POST", "keys/backup/create", new { kty = "RSA", key_size = 3072 });

        Assert.NotEqual(old, VersionOf(created));
        Assert.Equal(VersionOf(created), VersionOf((await SendAsync(simulation, "shop-we", "GET", "keys/backup")).Body));
        Assert.Equal(2, (await SendAsync(simulation, "shop-we", "GET", "keys/backup/versions")).Body["value"]!.AsArray().Count);
        Assert.Equal(Secret, (string?)(await SendAsync(simulation, "shop-we", "POST", $"keys/backup/{old}/unwrapkey", Body((string?)wrapped["value"]))).Body["value"]);
        var (status, error) = await SendAsync(simulation, "shop-we", "POST", $"keys/backup/{VersionOf(created)}/unwrapkey", Body((string?)wrapped["value"]));
        Assert.Equal((HttpStatusCode.BadRequest, "BadParameter"), (status, CodeOf(error)));
    }

    [Fact]
    public async Task Disabled_StillWrapsAndUnwrapsNothing()
    {
        await using var simulation = await Simulation.StartAsync(Vaults);
        var version = VersionOf((await SendAsync(simulation, "shop-we", "GET", "keys/backup")).Body);
        await SendAsync(simulation, "shop-we", "PATCH", $"keys/backup/{version}", new { attributes = new { enabled = false } });

        var (wrapping, wrapped) = await SendAsync(simulation, "shop-we", "POST", $"keys/backup/{version}/wrapkey", Body(Secret));
        var (unwrapping, error) = await SendAsync(simulation, "shop-we", "POST", $"keys/backup/{version}/unwrapkey", Body((string?)wrapped["value"]));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (wrapping, unwrapping));
        Assert.Equal(("Forbidden", "KeyDisabled"), (CodeOf(error), (string?)error["error"]!["innererror"]!["code"]));
    }

    [Fact]
    public async Task Delete_CanBeRecoveredAndTakesTheNameMeanwhile()
    {
        await using var simulation = await Simulation.StartAsync(Vaults);
        var version = VersionOf((await SendAsync(simulation, "shop-we", "GET", "keys/backup")).Body);

        await SendAsync(simulation, "shop-we", "DELETE", "keys/backup");

        Assert.Equal("KeyNotFound", CodeOf((await SendAsync(simulation, "shop-we", "GET", "keys/backup")).Body));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(simulation, "shop-we", "POST", "keys/backup/create", new { kty = "RSA" })).Status);
        await SendAsync(simulation, "shop-we", "POST", "deletedkeys/backup/recover");
        Assert.Equal(version, VersionOf((await SendAsync(simulation, "shop-we", "GET", "keys/backup")).Body));
    }

    [Fact]
    public async Task RegionDark_VaultIsSilentAndTheOthersAnswer()
    {
        await using var simulation = await Simulation.StartAsync(Vaults);
        await simulation.Simulator.SetRegionDarkAsync("westeurope", dark: true);

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(simulation, "shop-we", "GET", "keys/backup"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(simulation, "shop-ne", "POST", "keys/backup/create", new { kty = "RSA" })).Status);

        await simulation.Simulator.SetRegionDarkAsync("westeurope", dark: false);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(simulation, "shop-we", "GET", "keys/backup")).Status);
        Assert.Equal(["backup"], (await simulation.Control.GetStateAsync()).KeyVaults.Single(vault => vault.Name == "shop-ne").Keys);
    }

    [Theory]
    [InlineData("GET", "keys/other?api-version=7.4", 404, "KeyNotFound")]
    [InlineData("GET", "keys/backup?api-version=1", 400, "BadParameter")]
    [InlineData("GET", "secrets/backup?api-version=7.4", 404, "NotFound")]
    [InlineData("POST", "keys/backup?api-version=7.4", 405, "MethodNotAllowed")]
    [InlineData("POST", "keys/new/create?api-version=7.4", 400, "BadParameter")]
    public async Task Handle_WhatIsNotThere_IsRefused(string method, string path, int status, string code)
    {
        await using var simulation = await Simulation.StartAsync(Vaults);

        var (found, body) = await SendAsync(simulation, "shop-we", method, path);

        Assert.Equal((status, code), ((int)found, CodeOf(body)));
    }

    [Fact]
    public async Task Handle_NoToken_IsRefusedWithAChallenge()
    {
        await using var simulation = await Simulation.StartAsync(Vaults);
        using var client = new HttpClient(Simulation.TrustingHandler(simulation.Simulator.CertificateThumbprint));

        var response = await client.GetAsync(new Uri(simulation.Simulator.KeyVaults["shop-we"], "keys/backup?api-version=7.4"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("resource=\"https://vault.azure.net\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "name": "a b", "region": "westeurope" }""", "keyVaults[0].name: expected 3 to 24 letters, digits and hyphens and found 'a b'")]
    [InlineData("""{ "name": "shop", "region": "mars" }""", "keyVaults[0].region: expected one of westeurope and found 'mars'")]
    [InlineData("""{ "name": "shop", "region": "westeurope", "keys": ["a", "A"] }""", "keyVaults[0].keys[1]: expected 1 to 127 letters, digits and hyphens, each name once and found 'A'")]
    public void Parse_AVaultThatIsNone_IsNamed(string vault, string expected)
    {
        var error = Assert.Throws<ScenarioException>(() => Scenario.Parse(
            $$"""{ "subscriptionId": "s", "regions": [{ "name": "westeurope", "address": "127.0.0.11" }], "keyVaults": [{{vault}}] }"""));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static object Body(string? value) => new { alg = "RSA-OAEP-256", value };

    private static string VersionOf(JsonObject key) => ((string?)key["key"]!["kid"])!.Split('/')[^1]; // a key has an id

    private static string? CodeOf(JsonObject error) => (string?)error["error"]?["code"];

    private static async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(Simulation simulation, string vault, string method, string path, object? body = null)
    {
        using var client = new HttpClient(Simulation.TrustingHandler(simulation.Simulator.CertificateThumbprint));
        client.DefaultRequestHeaders.Authorization = new("Bearer", "a-token");
        var url = new Uri(simulation.Simulator.KeyVaults[vault], path.Contains('?') ? path : path + "?api-version=7.4");
        using var request = new HttpRequestMessage(new HttpMethod(method), url) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request);
        return (response.StatusCode, Assert.IsType<JsonObject>(JsonNode.Parse(await response.Content.ReadAsStringAsync())));
    }
}
