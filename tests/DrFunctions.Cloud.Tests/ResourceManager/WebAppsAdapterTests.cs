using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cloud.Tests.ResourceManager;

public sealed class WebAppsAdapterTests : IAsyncLifetime
{
    private static readonly ResourceId s_site = ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop-we");
    private FakeResourceManager _server = null!; // set by InitializeAsync

    public async Task InitializeAsync() => _server = await FakeResourceManager.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task ReadState_Site_IsItsState()
    {
        _server.Answer(200, """{"name":"shop-we","properties":{"state":"Stopped"}}""");

        Assert.Equal("Stopped", await ReadAsync());
        Assert.Equal($"GET {s_site}?api-version=2024-11-01", Assert.Single(_server.Asked).Line);
    }

    [Fact]
    public async Task ReadState_NoSite_IsNull()
    {
        _server.Answer(404, """{"error":{"code":"ResourceNotFound","message":"gone"}}""");

        Assert.Null(await ReadAsync());
    }

    [Theory]
    [InlineData("""{"properties":{}}""", "without properties.state")]
    [InlineData("""{"properties":{"state":1}}""", "without properties.state")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("", "not a JSON object")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"properties":{"state":"Running","state":"Stopped"}}""", "not JSON")]
    public async Task ReadState_StrangeAnswer_IsUnreadableNeverGood(string body, string why)
    {
        _server.Answer(200, body);

        var failure = await Assert.ThrowsAsync<RecoveryException>(ReadAsync);

        Assert.Equal("ResourceManagerAnswerUnreadable", failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    private async Task<string?> ReadAsync()
    {
        using var client = new ResourceManagerClient(_server.Options, TimeProvider.System);
        return await new WebAppsAdapter(client).ReadStateAsync(s_site, default);
    }
}
