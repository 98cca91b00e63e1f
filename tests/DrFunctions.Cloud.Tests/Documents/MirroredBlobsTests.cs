using DrFunctions.Cloud.Documents;
using DrFunctions.Recovery.Documents;
using DrFunctions.Testing.Emulators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>The store as the app gets it from its settings, over two real accounts.</summary>
[Collection(StorageAccounts.Name)]
public sealed class MirroredBlobsTests : DocumentStoreConformance, IDisposable
{
    private readonly Azurite _storage;
    private readonly ServiceProvider _services;

    public MirroredBlobsTests(AzuriteFixture fixture)
    {
        _storage = fixture.Server;
        _services = Services(_storage.ConnectionStringOf("westeurope"), _storage.ConnectionStringOf("northeurope"));
    }

    protected override IDocumentStore Store => _services.GetRequiredService<IDocumentStore>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Write_Mirrored_IsInBothAccounts()
    {
        var key = $"plans/{Guid.NewGuid():N}/current";

        Assert.True(await Store.TryCreateAsync(key, Json("1"), default));

        foreach (var account in new[] { "westeurope", "northeurope" })
        {
            var blob = _storage.ServiceClient(account).GetBlobContainerClient("drfunctions").GetBlobClient(key);
            Assert.Equal("1", (await blob.DownloadContentAsync()).Value.Content.ToString());
        }
    }

    [Fact]
    public async Task Write_MirrorHangs_CountsInTimeAndIsCaughtUp()
    {
        await using var other = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["westus"], InMemory = true });
        await using var services = Services(_storage.ConnectionStringOf("westeurope"), other.ConnectionString);
        var store = services.GetRequiredService<MirroredDocumentStore>();
        await store.CatchUpAsync(default);
        var key = $"locks/{Guid.NewGuid():N}";
        other.Pause();
        var began = TimeProvider.System.GetTimestamp();

        Assert.True(await store.TryCreateAsync(key, Json("1"), default));
        Assert.True(await store.TryReplaceAsync(key, Json("2"), (await store.ReadAsync(key, default))!.ETag, default));

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(15), "the writes waited for the mirror too long");
        other.Resume();
        Assert.Equal(0, await store.CatchUpAsync(default));
        var mirror = new BlobDocumentStore(other.ServiceClient().GetBlobContainerClient("drfunctions"), Guid.NewGuid);
        Assert.Equal("2"u8.ToArray(), (await mirror.ReadAsync(key, default))!.Content.ToArray());
    }

    private static ServiceProvider Services(string control, string mirror) => new ServiceCollection()
        .AddLogging()
        .AddDrFunctionsCloud(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsStorage"] = control, ["Dr:MirrorStorage"] = mirror })
            .Build())
        .BuildServiceProvider();
}
