using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.Evaluation;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Evaluation.Permissions;
using DrFunctions.Recovery.Evaluation.Resources;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager.Evaluation;

public sealed class ReaderTests : IAsyncLifetime
{
    private const string Site = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop";
    private const string Plan = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/serverfarms/shop";

    private FakeResourceManager _server = null!; // set by InitializeAsync

    public async Task InitializeAsync() => _server = await FakeResourceManager.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task ReadWebApp_WithAPlan_HasItsSize()
    {
        _server.Answer(200, $$$"""{"location":"West Europe","kind":"app,linux","properties":{"state":"Running","serverFarmId":"{{{Plan}}}"}}""")
            .Answer(200, """{"sku":{"name":"P1v3","tier":"PremiumV3"}}""");

        var facts = await ReadWebAppAsync();

        Assert.Equal(new WebAppFacts("West Europe", "app,linux", "Running", "P1v3", "PremiumV3"), facts);
        Assert.Equal([$"GET {Site}?api-version=2024-11-01", $"GET {Plan}?api-version=2024-11-01"], _server.Asked.Select(one => one.Line));
    }

    [Fact]
    public async Task ReadWebApp_Settings_AreThoseThatMatterAndWereSaid()
    {
        _server.Answer(200, """{"properties":{"httpsOnly":true,"enabled":true,"siteConfig":{"alwaysOn":false,"linuxFxVersion":"DOTNETCORE|10.0","phpVersion":"5.6","minTlsVersion":null}}}""");

        var settings = (await ReadWebAppAsync())!.Settings; // it is there

        Assert.Equal("alwaysOn=false httpsOnly=true linuxFxVersion=DOTNETCORE|10.0", string.Join(' ', settings.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}")));
    }

    [Fact]
    public async Task ReadWebApp_NothingIsTold_IsUnknown()
    {
        _server.Answer(200, "{}");

        Assert.Equal(new WebAppFacts(null, null, null, null, null), await ReadWebAppAsync());
    }

    [Fact]
    public async Task ReadWebApp_Absent_IsNull()
    {
        _server.Answer(404, """{"error":{"code":"ResourceNotFound","message":"gone"}}""");

        Assert.Null(await ReadWebAppAsync());
    }

    [Fact]
    public async Task ReadPermissions_OfAResource_HasActionsAndThoseTakenOff()
    {
        _server.Answer(200, """{"value":[{"actions":["*"],"notActions":["Microsoft.Authorization/*/Write"],"dataActions":[]},{"actions":["a/read"]}]}""");

        var grants = await ReadPermissionsAsync();

        Assert.Equal($"GET {Site}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01", _server.Asked[0].Line);
        Assert.Equal([("*", "Microsoft.Authorization/*/Write"), ("a/read", "")], grants.Select(grant => (grant.Actions[0], string.Concat(grant.NotActions))));
    }

    [Theory]
    [InlineData("/subscriptions/s")]
    [InlineData("/subscriptions/s/resourceGroups/shop")]
    [InlineData("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop")]
    public async Task ReadPermissions_OfAnyScope_AsksThere(string scope)
    {
        _server.Answer(200, """{"value":[]}""");
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);

        Assert.Empty(await new PermissionReader(client).ReadAsync(scope, default));

        Assert.Equal($"GET {scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01", _server.Asked[0].Line);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("/subscriptions/s?x")]
    [InlineData("/subscriptions/../s")]
    [InlineData("/providers/Microsoft.Web")]
    public async Task ReadPermissions_OfNoId_IsRefused(string scope)
    {
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);

        Assert.Equal("ScopeUnsupported", (await Assert.ThrowsAsync<RecoveryException>(() => new PermissionReader(client).ReadAsync(scope, default))).Code);
    }

    [Theory]
    [InlineData(200, "{}", "ResourceManagerAnswerUnreadable")]
    [InlineData(403, """{"error":{"code":"AuthorizationFailed","message":"no"}}""", "AuthorizationFailed")]
    [InlineData(404, """{"error":{"code":"InvalidResourceType","message":"no"}}""", "ResourceNotFound")]
    public async Task ReadPermissions_NotAnswered_IsAFailureAndNeverNothing(int status, string body, string code)
    {
        _server.Answer(status, body);

        Assert.Equal(code, (await Assert.ThrowsAsync<RecoveryException>(ReadPermissionsAsync)).Code);
    }

    private async Task<WebAppFacts?> ReadWebAppAsync()
    {
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);
        return await new ResourceReader(client).ReadWebAppAsync(ResourceId.Parse(Site), default);
    }

    private async Task<IReadOnlyList<PermissionGrant>> ReadPermissionsAsync()
    {
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);
        return await new PermissionReader(client).ReadAsync(Site, default);
    }
}
