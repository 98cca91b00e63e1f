using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Identity;
using DrFunctions.Backup;
using DrFunctions.Cloud.KeyVault;
using DrFunctions.Cloud.Tests.ResourceManager;

namespace DrFunctions.Cloud.Tests.KeyVault;

/// <summary>What a vault may answer, in the engine's words.</summary>
public sealed class KeyVaultFailureTests : IAsyncLifetime
{
    private FakeResourceManager server = null!; // set by InitializeAsync

    public async Task InitializeAsync() => server = await FakeResourceManager.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(401, "Unauthorized", null, "the vault does not know the caller (status 401, Unauthorized: m)")]
    [InlineData(403, "Forbidden", "ForbiddenByRbac", "the caller may not use it (status 403, Forbidden: m)")]
    [InlineData(403, "Forbidden", "KeyDisabled", "the key is disabled")]
    [InlineData(404, "KeyNotFound", null, "there is no such key or version (status 404, KeyNotFound: m)")]
    [InlineData(409, "Conflict", null, "status 409, Conflict: m")]
    public async Task OpenAsync_Refused_SaysWhyAndAsksOnce(int status, string code, string? inner, string found)
    {
        server.Answer(status, Error(code, inner));

        var error = await FailAsync();

        Assert.Equal((BackupErrors.KeyRefused, false, $"{Version}: {found}"), (error.Code, error.IsTransient, error.Message));
        Assert.Single(server.Asked);
    }

    [Theory]
    [InlineData(500, "the vault is not well (status 500, InternalError: m)")]
    [InlineData(503, "the vault is not well (status 503, InternalError: m)")]
    [InlineData(429, "the vault is asked too often")]
    public async Task OpenAsync_NotNow_IsAskedAgainAndTransient(int status, string found)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            server.Answer(status, Error("InternalError", null));
        }

        var error = await FailAsync();

        Assert.Equal((BackupErrors.KeyUnavailable, true, $"{Version}: {found}"), (error.Code, error.IsTransient, error.Message));
        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task OpenAsync_ThrottledForLong_FailsAtOnceAndSaysHowLong()
    {
        server.Answer(429, "{}", ("Retry-After", "60"));

        Assert.Equal($"{Version}: the vault is asked too often; it asks to wait 60 s", (await FailAsync()).Message);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task OpenAsync_BusyOnce_IsAskedAgainWithTheToken()
    {
        server.Answer(503).Answer(200, """{"kid":"k","value":"AAEC"}""");

        Assert.Equal(new byte[] { 0, 1, 2 }, await OpenAsync());

        Assert.Equal(2, server.Asked.Count);
        Assert.Equal(("POST /keys/backup/1/unwrapkey?api-version=7.4", """{"alg":"RSA-OAEP-256","value":"BwcH"}""", "Bearer fixed"), server.Asked[1]);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("""{"value":1}""")]
    [InlineData("""{"value":"*"}""")]
    [InlineData("""["value"]""")]
    public async Task OpenAsync_AnAnswerWithoutAKey_IsNamed(string body)
    {
        server.Answer(200, body);

        Assert.Equal($"{Version}: it answered without a value", (await FailAsync()).Message);
    }

    [Fact]
    public async Task CreateAsync_TheNewestVersionIsAnotherKeys_IsNamed()
    {
        server.Answer(200, """{"key":{"kid":"https://evil.vault.azure.net/keys/backup/1"}}""");

        var error = await Assert.ThrowsAsync<BackupException>(() => Options().Open(Key).CreateAsync(default, default));

        Assert.Equal($"{Key}: it did not name its newest version", error.Message);
    }

    [Fact]
    public async Task OpenAsync_NoToken_IsNamedAndSendsNothing()
    {
        var error = await FailAsync(Options() with { Credential = DelegatedTokenCredential.Create((_, _) => throw new CredentialUnavailableException("none")) });

        Assert.Equal((BackupErrors.KeyRefused, true, $"{Version}: no token for the app's identity"), (error.Code, error.IsTransient, error.Message));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task OpenAsync_AnotherCertificate_IsNotTrusted()
    {
        var error = await FailAsync(Options() with { Thumbprint = new string('A', 64) });

        Assert.Equal((BackupErrors.KeyRefused, $"{Version}: the vault's certificate is not trusted"), (error.Code, error.Message));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public void Open_NoUrlOfAKey_SaysWhatWasExpected()
    {
        var error = Assert.Throws<BackupException>(() => new KeyVaultOptions().Open("backup"));

        Assert.Equal(
            (BackupErrors.KeyRefused, "The URL of the key is not one: expected https://VAULT.vault.azure.net/keys/NAME, with or without a version."), (error.Code, error.Message));
    }

    private string Key => $"{server.Options.Endpoint.GetLeftPart(UriPartial.Authority)}/keys/backup";

    private string Version => Key + "/1";

    private static string Error(string code, string? inner) =>
        new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = "m.", ["innererror"] = inner is null ? null : new JsonObject { ["code"] = inner } } }.ToJsonString();

    private KeyVaultOptions Options() => new()
    {
        Thumbprint = server.Thumbprint,
        Credential = DelegatedTokenCredential.Create((_, _) => new AccessToken("fixed", DateTimeOffset.MaxValue)),
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    private Task<byte[]?> OpenAsync(KeyVaultOptions? options = null) => (options ?? Options()).Open(Key).OpenAsync(
        default, new Dictionary<string, string> { ["algorithm"] = "RSA-OAEP-256", ["key"] = Version, ["wrappingKey"] = "BwcH" }, default);

    private Task<BackupException> FailAsync(KeyVaultOptions? options = null) => Assert.ThrowsAsync<BackupException>(() => OpenAsync(options));
}
