using Azure.Storage.Blobs;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.LocalRuntime.Tests.Durable.Storage;

public sealed class BlobHubStoreTests(AzuriteFixture azurite) : HubStoreConformance, IClassFixture<AzuriteFixture>
{
    private static int _hubs;

    [Fact]
    public async Task Call_NobodyListens_FailsWithTheHostAndIsNotRetriedHere()
    {
        var options = BlobHubStore.ClientOptions();
        var container = new BlobServiceClient(
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a;", options)
            .GetBlobContainerClient("hub");

        var e = await Assert.ThrowsAsync<HubStoreException>(() => new BlobHubStore(container).ReadAsync("a", default));

        Assert.StartsWith("Blob storage at 127.0.0.1 did not answer as expected:", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithoutTheContainer_SaysSo()
    {
        var store = BlobHubStore.Connect(azurite.Server.ConnectionString, "Never-Created");

        var e = await Assert.ThrowsAsync<HubStoreException>(() => store.ReadAsync("a", default));

        Assert.StartsWith("The task hub's container 'never-created-durable' at", e.Message, StringComparison.Ordinal);
    }

    private protected override async Task<IHubStore> OpenAsync()
    {
        var store = BlobHubStore.Connect(azurite.Server.ConnectionString, $"hub{Interlocked.Increment(ref _hubs)}");
        await store.EnsureCreatedAsync(default);
        return store;
    }
}
