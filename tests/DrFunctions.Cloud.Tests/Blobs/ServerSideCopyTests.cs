using Azure.Storage.Blobs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Testing.Backups;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests.Blobs;

/// <summary>Between two accounts of one emulator, over the wire.</summary>
[Collection(nameof(SharedAzurite))]
public sealed class ServerSideCopyTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly byte[] Content = Bytes.Of(100_000, seed: 1);

    private BlobRepository from = null!; // set by InitializeAsync
    private BlobRepository to = null!; // set by InitializeAsync
    private BlobContainerClient target = null!; // set by InitializeAsync

    public async Task InitializeAsync()
    {
        from = new BlobRepository(await azurite.Server.CreateContainerAsync("from", "westeurope"));
        target = await azurite.Server.CreateContainerAsync("to", "northeurope");
        to = new BlobRepository(target);
        await from.TryCreateAsync("packs/00/a", Content, default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task CopyFromAsync_AnotherAccount_IsThereByteForByteWithItsMd5()
    {
        Assert.Equal(new ServerSideCopy(ServerSideOutcome.Copied), await to.CopyFromAsync(from, "packs/00/a", replace: false, default));

        Assert.Equal(Content, await ReadAsync());
        Assert.NotEmpty((await target.GetBlobClient("packs/00/a").GetPropertiesAsync()).Value.ContentHash);
    }

    [Fact]
    public async Task CopyFromAsync_OneIsThere_StaysUnlessItIsToBeReplaced()
    {
        await to.TryCreateAsync("packs/00/a", new byte[] { 1 }, default);

        Assert.Equal(ServerSideOutcome.Exists, (await to.CopyFromAsync(from, "packs/00/a", replace: false, default)).Outcome);
        Assert.Equal([1], await ReadAsync());

        Assert.Equal(ServerSideOutcome.Copied, (await to.CopyFromAsync(from, "packs/00/a", replace: true, default)).Outcome);
        Assert.Equal(Content, await ReadAsync());
    }

    [Fact]
    public async Task CopyFromAsync_NoContainerYet_IsMade()
    {
        await target.DeleteAsync();

        Assert.Equal(ServerSideOutcome.Copied, (await to.CopyFromAsync(from, "packs/00/a", replace: false, default)).Outcome);

        Assert.Equal(Content, await ReadAsync());
    }

    [Fact]
    public async Task CopyFromAsync_TheSourceIsNotThere_IsRefusedWithItsStatus() => Assert.Equal(
        new ServerSideCopy(ServerSideOutcome.Refused, "the answer was 404 CannotVerifyCopySource"), await to.CopyFromAsync(from, "packs/00/b", replace: false, default));

    [Fact]
    public async Task CopyFromAsync_ASourceThatIsNoContainer_IsRefused() => Assert.Equal(
        new ServerSideCopy(ServerSideOutcome.Refused, "memory is no container"), await to.CopyFromAsync(new MemoryRepository(), "a", replace: false, default));

    [Fact]
    public async Task CopyFromAsync_AClientThatCannotSign_IsRefused()
    {
        var anonymous = new BlobRepository(new BlobContainerClient(new Uri(azurite.Server.EndpointOf("westeurope") + "/from")));

        var answer = await to.CopyFromAsync(anonymous, "packs/00/a", replace: false, default);

        Assert.Equal(new ServerSideCopy(ServerSideOutcome.Refused, $"the client of {anonymous.Description} can sign nothing"), answer);
    }

    private async Task<byte[]> ReadAsync()
    {
        await using var stream = Assert.IsType<Stream>(await to.OpenReadAsync("packs/00/a", default), exactMatch: false);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
