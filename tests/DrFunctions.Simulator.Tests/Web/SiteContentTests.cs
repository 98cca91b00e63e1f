using System.Net;
using System.Security.Cryptography;
using Azure.Storage.Sas;
using DrFunctions.Simulator.Tests.Dns;
using DrFunctions.Testing.Emulators;

namespace DrFunctions.Simulator.Tests.Web;

/// <summary>Sites over the real storage emulator.</summary>
public class SiteContentTests
{
    private const string Host = "shop-westeurope.azurewebsites.net";

    [Fact]
    public async Task Files_OfTheContainer_AreServedBitForBit()
    {
        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["westeurope"], InMemory = true });
        var container = await azurite.CreateContainerAsync();
        var bytes = RandomNumberGenerator.GetBytes(3_000_000);
        await container.UploadBlobAsync("folder/a file+%41.bin", new BinaryData(bytes));
        await using var simulation = await StartAsync(container.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.MaxValue));

        using var health = await simulation.GetWebAsync("127.0.0.11", Host);
        using var file = await simulation.GetWebAsync("127.0.0.11", Host, "/files/folder/a%20file%2B%2541.bin");
        using var absent = await simulation.GetWebAsync("127.0.0.11", Host, "/files/absent");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal(bytes, await file.Content.ReadAsByteArrayAsync());
        Assert.Equal("westeurope", Assert.Single(file.Headers.GetValues("x-served-by")));
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task Health_StorageGone_IsUnavailableAndKeepsTheSignature()
    {
        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["westeurope"], InMemory = true });
        var container = await azurite.CreateContainerAsync();
        var url = container.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.MaxValue);
        await using var simulation = await StartAsync(url);

        azurite.Pause();
        var hanging = simulation.GetWebAsync("127.0.0.11", Host);
        await DnsServerTests.AdvanceUntilAsync(simulation.Time, hanging);
        azurite.Resume();
        await azurite.StopAsync();
        using var refused = await simulation.GetWebAsync("127.0.0.11", Host);
        using var file = await simulation.GetWebAsync("127.0.0.11", Host, "/files/a");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await hanging).StatusCode);
        Assert.Contains("did not answer within 3 s", await (await hanging).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        var reason = await refused.Content.ReadAsStringAsync();
        Assert.Contains($"the storage at {url.Authority} cannot be reached: ConnectionError", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("sig", reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, file.StatusCode);
    }

    [Fact]
    public async Task Health_SignatureRefused_IsUnavailableWithTheStatus()
    {
        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { Accounts = ["westeurope"], InMemory = true });
        var container = await azurite.CreateContainerAsync();
        await using var simulation = await StartAsync(container.Uri);

        using var health = await simulation.GetWebAsync("127.0.0.11", Host);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("answered 40", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/files/../secret")]
    [InlineData("/files/%2e%2e/secret")]
    [InlineData("/files/a/..%2F..%2Fsecret")]
    [InlineData("/files/a//b")]
    [InlineData("/files/")]
    public async Task Files_PathThatLeavesTheContainer_IsNotServed(string path)
    {
        await using var simulation = await StartAsync(new Uri("http://127.0.0.1:1/account/container"));

        using var response = await simulation.GetWebAsync("127.0.0.11", Host, path);

        // 503 would mean that the storage was asked, which nobody listens for here: then only below the container.
        Assert.True(response.StatusCode == HttpStatusCode.NotFound || path.Contains("%2F", StringComparison.Ordinal), $"answered {response.StatusCode}");
    }

    private static Task<Simulation> StartAsync(Uri content)
    {
        var scenario = Scenarios.Shop();
        return Simulation.StartAsync(scenario with { Sites = [scenario.Sites[0] with { ContentUrl = content.AbsoluteUri }, scenario.Sites[1]] });
    }
}
