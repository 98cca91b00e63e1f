using System.Text;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using DrFunctions.Cloud.Documents;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests.Documents;

[Collection(StorageAccounts.Name)]
public sealed class BlobDocumentStoreTests : DocumentStoreConformance
{
    private readonly Azurite _storage;
    private readonly string _container = $"c{Guid.NewGuid():N}";

    public BlobDocumentStoreTests(AzuriteFixture fixture)
    {
        _storage = fixture.Server;
        Store = StoreOver(HttpClientTransport.Shared);
    }

    protected override IDocumentStore Store { get; }

    [Fact]
    public async Task Create_AnswerLostAfterTheEffect_CountsAsCreated()
    {
        await Store.TryCreateAsync("locks/other", Json("0"), default);
        var lossy = StoreOver(new LosingTransport(lostAnswers: 1));

        Assert.True(await lossy.TryCreateAsync("locks/shop", Json("1"), default));

        Assert.Equal("1", await TextAsync("locks/shop"));
    }

    [Fact]
    public async Task Read_ManyOfBackgroundWork_AreFewAtOnceAndHoldUpNobody()
    {
        var transport = new HoldingTransport();
        var store = StoreOver(transport);

        var samples = Enumerable.Range(0, 10).Select(number => BackgroundWork.RunAsync(() => store.ReadAsync($"lag/{number}", default))).ToList();
        await transport.HeldAsync(BlobDocumentStore.BackgroundAtOnce);
        var runs = Enumerable.Range(0, 5).Select(number => store.ReadAsync($"locks/{number}", default)).ToList();
        await transport.HeldAsync(BlobDocumentStore.BackgroundAtOnce + 5);
        transport.LetGo();

        Assert.All(await Task.WhenAll(samples.Concat(runs)), Assert.Null);
        Assert.Equal(BlobDocumentStore.BackgroundAtOnce, transport.Most("lag/"));
        Assert.Equal(5, transport.Most("locks/"));
    }

    [Fact]
    public async Task Create_AnswerLostAndSomeoneElsesDocumentThere_IsRefused()
    {
        await Store.TryCreateAsync("locks/shop", Json("1"), default);
        var lossy = StoreOver(new LosingTransport(lostAnswers: 1));

        Assert.False(await lossy.TryCreateAsync("locks/shop", Json("1"), default));
    }

    [Fact]
    public async Task Replace_AnswerLostAfterTheEffect_CountsAsReplaced()
    {
        await Store.TryCreateAsync("locks/shop", Json("1"), default);
        var before = await Store.ReadAsync("locks/shop", default);
        var lossy = StoreOver(new LosingTransport(lostAnswers: 1));

        Assert.True(await lossy.TryReplaceAsync("locks/shop", Json("2"), before!.ETag, default));

        Assert.Equal("2", await TextAsync("locks/shop"));
    }

    [Fact]
    public async Task Delete_AnswerLostAfterTheEffect_CountsAsDeleted()
    {
        await Store.TryCreateAsync("locks/shop", Json("1"), default);
        var before = await Store.ReadAsync("locks/shop", default);
        var lossy = StoreOver(new LosingTransport(lostAnswers: 1));

        Assert.True(await lossy.TryDeleteAsync("locks/shop", before!.ETag, default));
    }

    [Fact]
    public async Task EveryCall_EveryAnswerLost_IsATransientFailure()
    {
        var lossy = StoreOver(new LosingTransport(lostAnswers: int.MaxValue));

        foreach (var call in new Func<Task>[]
        {
            () => lossy.ReadAsync("locks/shop", default),
            () => lossy.TryCreateAsync("locks/shop", Json("1"), default),
            () => lossy.TryReplaceAsync("locks/shop", Json("1"), "\"0x1\"", default),
            () => lossy.TryDeleteAsync("locks/shop", "\"0x1\"", default),
            () => lossy.ListAsync("locks", default).ToListAsync().AsTask(),
        })
        {
            var failure = await Assert.ThrowsAsync<DocumentStoreException>(call);
            Assert.True(failure.IsTransient);
            Assert.Equal("DocumentStoreUnavailable", failure.Code);
            Assert.Contains($"Container '{_container}' of account 'westeurope' did not ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Read_WrongKey_IsPermanentAndTellsNoSecret()
    {
        var wrong = Convert.ToBase64String(Encoding.UTF8.GetBytes("not the account's key"));
        var credential = new StorageSharedKeyCredential("westeurope", wrong);
        var store = new BlobDocumentStore(
            new BlobServiceClient(_storage.EndpointOf("westeurope"), credential).GetBlobContainerClient(_container), Guid.NewGuid);

        var failure = await Assert.ThrowsAsync<DocumentStoreException>(() => store.ReadAsync("locks/shop", default));

        Assert.False(failure.IsTransient);
        Assert.EndsWith("did not read 'locks/shop': status 403, AuthorizationFailure.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Signature", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(wrong, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NothingListens_IsTransient()
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        var store = new BlobDocumentStore(
            new BlobContainerClient(new Uri($"http://127.0.0.1:{FreePort.Take()}/account/drfunctions"), options), Guid.NewGuid);

        var failure = await Assert.ThrowsAsync<DocumentStoreException>(() => store.ReadAsync("locks/shop", default));

        Assert.True(failure.IsTransient);
        Assert.EndsWith("did not read 'locks/shop': no connection.", failure.Message, StringComparison.Ordinal);
    }

    private BlobDocumentStore StoreOver(HttpPipelineTransport transport)
    {
        var options = new BlobClientOptions
        {
            Transport = transport,
            Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(1), NetworkTimeout = TimeSpan.FromSeconds(10) },
        };
        return new BlobDocumentStore(new BlobContainerClient(_storage.ConnectionString, _container, options), Guid.NewGuid);
    }

    private async Task<string?> TextAsync(string key) =>
        await Store.ReadAsync(key, default) is { } document ? Encoding.UTF8.GetString(document.Content.Span) : null;
}
