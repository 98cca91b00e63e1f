using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources;
using Azure.ResourceManager.Resources.Models;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Tests.FlexibleServers;

namespace DrFunctions.Simulator.Tests.ResourceManagement;

/// <summary>The real SDK's generic resources through asynchronous operations, pages and throttling.</summary>
public class ArmSdkOperationTests
{
    private static readonly ResourceIdentifier Fresh = new(ServerScenario.Servers + "/fresh");
    private static readonly ResourceIdentifier Account = new("/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/freshaccount");

    [Fact]
    public async Task CreateThenDelete_FlexibleServer_IsPolledToItsEnd()
    {
        await using var simulation = await Simulation.StartAsync(ServerScenario.Create());
        var client = Client(simulation);
        var data = new GenericResourceData(AzureLocation.WestEurope) { Properties = BinaryData.FromObjectAsJson(new { administratorLogin = "admin" }) };

        var creation = await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Started, Fresh, data);
        Assert.False(creation.HasCompleted);
        await creation.UpdateStatusAsync();
        Assert.False(creation.HasCompleted);
        var created = await WaitAsync(simulation, creation);
        Assert.Equal("fresh", created.Data.Name);
        Assert.Contains("\"state\":\"Ready\"", created.Data.Properties.ToString(), StringComparison.Ordinal);

        var deletion = await created.DeleteAsync(WaitUntil.Started);
        Assert.False(deletion.HasCompleted);
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        await deletion.UpdateStatusAsync();
        Assert.True(deletion.HasCompleted);
        Assert.False((await client.GetGenericResources().ExistsAsync(Fresh)).Value);
    }

    [Fact]
    public async Task Create_StorageAccount_IsPolledByItsLocationAlone()
    {
        await using var simulation = await Simulation.StartAsync();
        var data = new GenericResourceData(AzureLocation.WestEurope) { Kind = "StorageV2", Sku = new() { Name = "Standard_GRS" } };

        var creation = await Client(simulation).GetGenericResources().CreateOrUpdateAsync(WaitUntil.Started, Account, data);
        Assert.False(creation.HasCompleted);
        var created = await WaitAsync(simulation, creation);

        Assert.Equal("Standard_GRS", created.Data.Sku.Name);
        Assert.Contains("northeurope", created.Data.Properties.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.Fail)]
    [InlineData(FaultKind.Cancel)]
    public async Task Create_OperationFails_IsTheSdksFailureWithItsCode(FaultKind kind)
    {
        await using var simulation = await Simulation.StartAsync(
            ServerScenario.Create(), new Fault { On = FaultTarget.Operation, Kind = kind, Code = "NoCapacity", Message = "Nothing is left." });
        var data = new GenericResourceData(AzureLocation.WestEurope) { Properties = BinaryData.FromObjectAsJson(new { administratorLogin = "admin" }) };
        var creation = await Client(simulation).GetGenericResources().CreateOrUpdateAsync(WaitUntil.Started, Fresh, data);
        simulation.Time.Advance(TimeSpan.FromMinutes(5));

        var exception = await Assert.ThrowsAsync<RequestFailedException>(async () => await creation.UpdateStatusAsync());

        Assert.Equal("NoCapacity", exception.ErrorCode);
        Assert.Contains("Nothing is left.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_InPages_IsWalkedByTheSdk()
    {
        await using var simulation = await Simulation.StartAsync(ServerScenario.Create() with { ResourceManager = new() { PageSize = 2 } });
        var client = Client(simulation);
        var group = client.GetResourceGroupResource(ResourceGroupResource.CreateResourceIdentifier(Scenarios.Subscription, "shop"));
        var names = new List<string>();
        await foreach (var resource in group.GetGenericResourcesAsync("resourceType eq 'Microsoft.DBforPostgreSQL/flexibleServers'"))
        {
            names.Add(resource.Data.Name);
        }

        Assert.Equal(["shop-north", "shop-two", "shop-west", "solo"], names);
        Assert.Equal(2, (await simulation.Control.GetRequestsAsync(new() { Path = "/resources$" })).Requests.Count);
    }

    [Fact]
    public async Task Get_Throttled_IsRetriedByTheSdkAfterTheGivenTime()
    {
        // One read each ten seconds; after nine and a half the next one is told to come again after one.
        await using var simulation = await Simulation.StartAsync(Scenarios.Shop() with { ResourceManager = new() { ThrottlingScale = 0.004 } });
        var site = Client(simulation, retries: 5).GetGenericResource(new(Simulation.SitesPath + "/shop-westeurope"));
        await site.GetAsync();
        simulation.Time.Advance(TimeSpan.FromSeconds(9.5));

        var read = site.GetAsync();
        await simulation.Control.WaitForAsync(new() { Status = 429 });
        simulation.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("shop-westeurope", (await read).Value.Data.Name);
        Assert.NotEmpty((await simulation.Control.GetRequestsAsync(new() { Status = 429 })).Requests);
    }

    [Fact]
    public async Task ResourceGroup_CreateTagDelete_WorksWithItsOwnClient()
    {
        await using var simulation = await Simulation.StartAsync();
        var subscription = Client(simulation).GetSubscriptionResource(SubscriptionResource.CreateResourceIdentifier(Scenarios.Subscription));

        var creation = await subscription.GetResourceGroups().CreateOrUpdateAsync(WaitUntil.Completed, "night", new ResourceGroupData(AzureLocation.NorthEurope));
        ResourceGroupResource tagged = await creation.Value.UpdateAsync(new ResourceGroupPatch { Tags = { ["owner"] = "me" } });
        Assert.Equal("me", tagged.Data.Tags["owner"]);
        var deletion = await tagged.DeleteAsync(WaitUntil.Started);
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        await deletion.UpdateStatusAsync();

        Assert.True(deletion.HasCompleted);
        Assert.False((await subscription.GetResourceGroups().ExistsAsync("night")).Value);
    }

    private static async Task<GenericResource> WaitAsync(Simulation simulation, ArmOperation<GenericResource> operation)
    {
        simulation.Time.Advance(TimeSpan.FromMinutes(5));
        await operation.UpdateStatusAsync();
        Assert.True(operation.HasCompleted);
        return operation.Value;
    }

    private static ArmClient Client(Simulation simulation, int retries = 0)
    {
        var options = new ArmClientOptions
        {
            Environment = new ArmEnvironment(simulation.Simulator.ResourceManager, "https://management.azure.com"),
            Transport = new HttpClientTransport(Simulation.TrustingHandler(simulation.Simulator.CertificateThumbprint)),
        };
        options.Retry.MaxRetries = retries;
        options.SetApiVersion("Microsoft.DBforPostgreSQL/flexibleServers", "2025-08-01");
        options.SetApiVersion("Microsoft.Storage/storageAccounts", "2023-05-01");
        options.SetApiVersion("Microsoft.Web/sites", "2025-03-01");
        return new ArmClient(new SdkToken(), Scenarios.Subscription, options);
    }

    private sealed class SdkToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("a-token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
