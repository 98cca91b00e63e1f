using System.Text;
using Azure.Storage.Blobs;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.Fences;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests.Fences;

[Collection(StorageAccounts.Name)]
public sealed class WriteLeaseBlobsTests(AzuriteFixture storage) : IAsyncLifetime
{
    private const string Blob = "shop/writers.json";
    private static readonly WriteLeaseRecord s_taken = new(1, 4, "", "westeurope", 30) { Run = "shop-run-1", RunEpoch = 4 };
    private BlobContainerClient? _container;

    private BlobContainerClient Container => _container!; // InitializeAsync sets it.

    private BlobContainer Place => new("THIRD", Container.Name);

    public async Task InitializeAsync() => _container = await storage.Server.CreateContainerAsync("leases", "northeurope");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Lease_AsTheApplicationMadeIt_IsReadAndWrittenOverWhatWasSeen()
    {
        await UploadAsync("""{ "schema": 1, "epoch": 3, "holder": "westeurope", "leaving": "", "ttlSeconds": 30 }""");
        var seen = (await Leases().ReadAsync(Place, Blob, default))!;

        Assert.Equal(new WriteLeaseRecord(1, 3, "westeurope", "", 30), seen.Value);
        Assert.True(await Leases().TryWriteAsync(Place, Blob, s_taken, seen, default));
        Assert.False(await Leases().TryWriteAsync(Place, Blob, s_taken with { Epoch = 9 }, seen, default));
        Assert.Equal(s_taken, (await Leases().ReadAsync(Place, Blob, default))!.Value);

        // What an application's writer reads.
        var content = (await Container.GetBlobClient(Blob).DownloadContentAsync()).Value.Content.ToString();
        Assert.Equal("""{"schema":1,"epoch":4,"holder":"","leaving":"westeurope","ttlSeconds":30,"run":"shop-run-1","runEpoch":4}""", content);
    }

    [Fact]
    public async Task Lease_ThatIsNotThere_IsNullAndIsNeverMade()
    {
        Assert.Null(await Leases().ReadAsync(Place, Blob, default));
        Assert.Null(await Leases().ReadAsync(Place with { Container = "nowhere" }, Blob, default));
        Assert.False(await Leases().TryWriteAsync(Place, Blob, s_taken, new Stored<WriteLeaseRecord>(s_taken, "\"0x8D\""), default));
        Assert.False(await Container.GetBlobClient(Blob).ExistsAsync());
    }

    [Theory]
    [InlineData("{", "Expected depth to be zero")]
    [InlineData("null", "it is null")]
    [InlineData("""{ "schema": 2, "epoch": 3, "holder": "", "leaving": "", "ttlSeconds": 30 }""", "its schema is 2, expected 1")]
    [InlineData("""{ "schema": 1, "epoch": -1, "holder": "", "leaving": "", "ttlSeconds": 30 }""", "its epoch is -1, expected 0 or more")]
    [InlineData("""{ "schema": 1, "epoch": 3, "holder": "", "leaving": "", "ttlSeconds": 0 }""", "its ttlSeconds is 0, expected more than 0 and at most 3600")]
    [InlineData("""{ "schema": 1, "epoch": 3, "leaving": "", "ttlSeconds": 30 }""", "holder")]
    public async Task Lease_ThatCannotBeRead_SaysWhy(string content, string expected)
    {
        await UploadAsync(content);

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => Leases().ReadAsync(Place, Blob, default));

        Assert.Equal(("LeaseUnreadable", false), (failure.Code, failure.IsTransient));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lease_TooLargeToBeOne_IsNotRead()
    {
        await UploadAsync(new string(' ', 70_000));

        Assert.Contains("70000 bytes, expected at most 65536", (await Assert.ThrowsAsync<RecoveryException>(() => Leases().ReadAsync(Place, Blob, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lease_OfAnAccountThatDoesNotAnswer_IsTransient()
    {
        var silent = Leases("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:1/a;");

        var failure = await Assert.ThrowsAsync<RecoveryException>(() => silent.ReadAsync(Place, Blob, default));

        Assert.Equal(("LeaseUnavailable", true), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("c2VjcmV0", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lease_OfAnUnknownSetting_NamesIt() =>
        Assert.Contains("'THIRD'", (await Assert.ThrowsAsync<RecoveryException>(() => Leases("").ReadAsync(Place, Blob, default))).Message, StringComparison.Ordinal);

    private async Task UploadAsync(string content) => await Container.GetBlobClient(Blob).UploadAsync(new BinaryData(Encoding.UTF8.GetBytes(content)), overwrite: true);

    private WriteLeaseBlobs Leases(string? connection = null) => new(new BlobConnections(
        name => name != "THIRD" ? null : connection ?? storage.Server.ConnectionStringOf("northeurope"), new BlobClientSettings { MaxRetries = 0 }));
}
