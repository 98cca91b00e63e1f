using Azure.Storage.Blobs;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Cloud.Tests.Blobs;

/// <summary>The test fixture itself: what other tests rely on when they take a region away.</summary>
public sealed class AzuriteTests
{
    [Fact]
    public async Task Azurite_StoppedAndRestarted_KeepsPortAndData()
    {
        await using var azurite = await Azurite.StartAsync("one", "two");
        var container = await azurite.CreateContainerAsync(account: "two");
        await container.UploadBlobAsync("a", BinaryData.FromString("kept"));
        var port = azurite.Port;

        await azurite.StopAsync();
        await Assert.ThrowsAsync<AggregateException>(() => Client(azurite, container.Name).GetBlobClient("a").DownloadContentAsync());
        await azurite.RestartAsync();

        Assert.Equal(port, azurite.Port);
        Assert.Equal("kept", (await container.GetBlobClient("a").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Azurite_Paused_DoesNotAnswerUntilResumed()
    {
        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["one", "two"], InMemory = true });
        var container = await azurite.CreateContainerAsync(account: "two");

        azurite.Pause();
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => container.ExistsAsync(impatience.Token));
        azurite.Resume();

        Assert.True(await container.ExistsAsync());
    }

    [Fact]
    public async Task Azurite_Disposed_EndsTheProcess()
    {
        var azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true });
        using var process = System.Diagnostics.Process.GetProcessById(azurite.ProcessId);

        await azurite.DisposeAsync();

        Assert.True(process.HasExited);
    }

    private static BlobContainerClient Client(Azurite azurite, string container)
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(10);
        return new BlobContainerClient(azurite.ConnectionStringOf("two"), container, options);
    }
}
