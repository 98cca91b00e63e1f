using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Storage.Blobs;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.LocalEnvironments;

/// <summary>A real Azurite, installed as <c>dr</c> installs it.</summary>
public sealed class StorageEmulatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Account_StoppedAndStarted_StillHasItsData()
    {
        await using var account = await CreateAsync();
        await account.StartAsync(CancellationToken.None);
        var container = account.Container("files");
        await container.CreateAsync();
        await container.UploadBlobAsync("a", BinaryData.FromString("kept"));

        await account.StopAsync();
        Assert.False(account.IsRunning);
        await account.StartAsync(CancellationToken.None);

        Assert.Equal("kept", (await container.GetBlobClient("a").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Account_WithAnotherKey_IsRefused()
    {
        await using var account = await CreateAsync();
        await account.StartAsync(CancellationToken.None);
        var wrong = account.ConnectionString.Replace(account.Key, Convert.ToBase64String(new byte[32]), StringComparison.Ordinal);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => new BlobContainerClient(wrong, "files").CreateAsync());

        Assert.Equal(403, failure.Status);
    }

    [Fact]
    public async Task Start_OnATakenPort_EndsWithAzuritesOwnWords()
    {
        await using var account = await CreateAsync();
        using var taken = new TcpListener(IPAddress.Loopback, account.BlobEndpoint.Port);
        taken.Start();

        // The listener accepts and never answers, so that only the ended process tells the truth.
        var failure = await Assert.ThrowsAsync<CliException>(() => account.StartAsync(CancellationToken.None));

        Assert.Equal("Unreachable", failure.Code);
        Assert.Contains("EADDRINUSE", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<StorageEmulator> CreateAsync()
    {
        var tools = Toolchain.Find(Environment.GetEnvironmentVariable("PATH") ?? "");
        var script = await AzuriteInstallation.EnsureAsync(
            RepositoryRoot.Combine(".dr", "tools"), tools, _ => { }, TimeProvider.System, CancellationToken.None);
        return new StorageEmulator(
            new StorageEmulatorOptions(
                "The storage of westeurope", "shopwesteurope", FreePorts.Next().PrimaryStorage, tools.Node, script,
                _folder.Combine("data"), _folder.Combine("storage.log")),
            TimeProvider.System);
    }
}
