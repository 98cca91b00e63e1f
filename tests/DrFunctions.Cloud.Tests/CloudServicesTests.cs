using DrFunctions.Cloud.Documents;
using DrFunctions.Cloud.Probes;
using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.TrafficManager;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.WebApps;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.Cloud.Tests;

public sealed class CloudServicesTests
{
    private const string Key = "c2VjcmV0c2VjcmV0";
    private const string Account = $"DefaultEndpointsProtocol=https;AccountName=control;AccountKey={Key};EndpointSuffix=core.windows.net";

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "AzureWebJobsStorage", "", "AzureWebJobsStorage is missing; it must be a storage connection string, or AzureWebJobsStorage__blobServiceUri an address" },
        { "AzureWebJobsStorage", $"AccountName=x;AccountKey={Key};nonsense", "AzureWebJobsStorage is not a storage connection string" },
        { "Dr:MirrorStorage", $"AccountKey={Key}", "Dr__MirrorStorage is not a storage connection string" },
        { "Dr:MirrorStorage", Account, "Dr__MirrorStorage is the control account itself, https://control.blob.core.windows.net/; it must be an account in another region" },
        { "Dr:MirrorStorage:blobServiceUri", "http://mirror.blob.core.windows.net", "Dr__MirrorStorage__blobServiceUri must be an https URL without a query, such as https://account.blob.core.windows.net" },
        { "Dr:MirrorStorage:blobServiceUri", $"https://mirror.blob.core.windows.net?sig={Key}", "Dr__MirrorStorage__blobServiceUri must be an https URL" },
        { "Dr:ResourceManager", "management", "Dr__ResourceManager 'management' is not an absolute URL" },
        { "Dr:ResourceManager", "http://127.0.0.1:1", "must be an https URL" },
        { "Dr:ResourceManagerThumbprint", "00", "a thumbprint is for a simulator on this machine" },
        { "Dr:ResourceManagerToken", "t", "a fixed token is for a simulator on this machine" },
        { "Dr:Resolvers", "127.0.0.1", "Dr__Resolvers has '127.0.0.1'; expected address:port, such as 127.0.0.1:53, separated by commas" },
        { "Dr:Resolvers", "127.0.0.1:53, dns.example:53", "Dr__Resolvers has 'dns.example:53'" },
        { "Dr:Resolvers", "127.0.0.1:99999", "Dr__Resolvers has '127.0.0.1:99999'" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Settings_Mistake_IsNamedWithoutItsSecret(string name, string value, string expected)
    {
        var failure = Assert.Throws<RecoveryException>(() => Services((name, value)));

        Assert.Equal(("InvalidSettings", false), (failure.Code, failure.IsTransient));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_ManyMistakes_AreNamedAtOnce()
    {
        var failure = Assert.Throws<RecoveryException>(() =>
            Services(("AzureWebJobsStorage", ""), ("Dr:ResourceManager", "x"), ("Dr:Resolvers", "y")));

        Assert.All(["AzureWebJobsStorage", "Dr__ResourceManager", "Dr__Resolvers"], name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_OneAccount_AreThere()
    {
        await using var services = Services();

        Assert.IsType<BlobDocumentStore>(services.GetRequiredService<IDocumentStore>());
        Assert.Null(services.GetService<MirroredDocumentStore>());
        Assert.IsType<TrafficManagerAdapter>(services.GetRequiredService<ITrafficManager>());
        Assert.IsType<WebAppsAdapter>(services.GetRequiredService<IWebApps>());
        Assert.IsType<OutsideProbe>(services.GetRequiredService<IOutsideProbe>());
    }

    [Theory]
    [InlineData("Dr:MirrorStorage:blobServiceUri")]
    [InlineData("Dr:MirrorStorage__blobServiceUri")]
    public async Task Services_MirrorByIdentity_StoreIsTheMirroredOne(string name)
    {
        await using var services = Services((name, "https://mirror.blob.core.windows.net"));

        Assert.IsType<ControlledDocuments>(services.GetRequiredService<IDocumentStore>());
        Assert.Equal(2, services.GetRequiredService<DocumentReplicas>().All.Count);
        Assert.NotNull(services.GetService<MirroredDocumentStore>());
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = Account };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new ServiceCollection()
            .AddLogging()
            .AddDrFunctionsCloud(new ConfigurationBuilder().AddInMemoryCollection(all).Build())
            .BuildServiceProvider();
    }
}
