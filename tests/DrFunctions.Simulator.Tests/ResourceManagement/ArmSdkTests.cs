using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources;

namespace DrFunctions.Simulator.Tests.ResourceManagement;

/// <summary>The real SDK against the simulated wire.</summary>
public class ArmSdkTests
{
    private const string GroupPath = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/";
    private static readonly ResourceIdentifier Profile = new(Simulation.ProfilePath);
    private static readonly ResourceIdentifier Site = new(Simulation.SitesPath + "/shop-northeurope");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_GenericResource_IsRead(bool versionSet)
    {
        await using var simulation = await Simulation.StartAsync();
        var client = Client(simulation, versionSet);

        GenericResource profile = await client.GetGenericResource(Profile).GetAsync();
        GenericResource site = await client.GetGenericResource(Site).GetAsync();

        Assert.Equal("shop", profile.Data.Name);
        Assert.Equal("Microsoft.Network/trafficManagerProfiles", profile.Data.ResourceType.ToString());
        Assert.Contains("shop.trafficmanager.net", profile.Data.Properties.ToString(), StringComparison.Ordinal);
        Assert.Equal("northeurope", site.Data.Location.ToString());
    }

    [Fact]
    public async Task CreateOrUpdate_GenericResource_IsWritten()
    {
        await using var simulation = await Simulation.StartAsync();
        var client = Client(simulation, versionSet: true);
        GenericResource profile = await client.GetGenericResource(Profile).GetAsync();
        var data = new GenericResourceData(profile.Data.Location)
        {
            Properties = BinaryData.FromString(profile.Data.Properties.ToString().Replace("\"ttl\":7", "\"ttl\":9", StringComparison.Ordinal)),
        };

        var operation = await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Completed, Profile, data);

        Assert.True(operation.HasCompleted);
        Assert.Contains("\"ttl\":9", operation.Value.Data.Properties.ToString(), StringComparison.Ordinal);
        Assert.Equal(9, Assert.Single((await simulation.Control.GetStateAsync()).Profiles).TtlInSeconds);
    }

    [Fact]
    public async Task Get_GroupAndSubscription_AreRead()
    {
        await using var simulation = await Simulation.StartAsync();
        var subscription = await Client(simulation, versionSet: false).GetDefaultSubscriptionAsync();

        ResourceGroupResource group = await subscription.GetResourceGroupAsync("SHOP");

        Assert.Equal("shop", group.Data.Name);
        Assert.Equal(Scenarios.Subscription, subscription.Data.SubscriptionId);
        Assert.True((await subscription.GetResourceGroups().ExistsAsync("shop")).Value);
        Assert.False((await subscription.GetResourceGroups().ExistsAsync("other")).Value);
    }

    [Fact]
    public async Task Post_RawThroughThePipeline_Acts()
    {
        await using var simulation = await Simulation.StartAsync();
        var target = new RawResource(Client(simulation, versionSet: true), Site);

        Assert.Equal(200, await target.PostAsync("start"));

        Assert.Equal("Running", (await simulation.Control.GetStateAsync()).Sites.Single(site => site.Name == "shop-northeurope").State);
    }

    [Theory]
    [InlineData("Microsoft.Web/serverfarms", "Succeeded", null)]
    [InlineData("Microsoft.Web/things", null, "DeploymentFailed")]
    public async Task CreateOrUpdate_Deployment_IsFollowedToItsEnd(string type, string? state, string? code)
    {
        await using var simulation = await Simulation.StartAsync();
        var client = Client(simulation, versionSet: true);
        var data = new GenericResourceData(default)
        {
            Properties = BinaryData.FromString($$"""
                { "mode": "Incremental", "template": { "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                  "resources": [{ "type": "{{type}}", "apiVersion": "2023-12-01", "name": "standby", "location": "[resourceGroup().location]", "sku": { "name": "S1" } }] } }
                """),
        };

        var operation = await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Started, new(GroupPath + "Microsoft.Resources/deployments/standby"), data);
        Assert.False(operation.HasCompleted);
        simulation.Time.Advance(TimeSpan.FromMinutes(2));

        if (code is null)
        {
            GenericResource deployment = await operation.WaitForCompletionAsync();
            Assert.Contains($"\"provisioningState\":\"{state}\"", deployment.Data.Properties.ToString(), StringComparison.Ordinal);
            Assert.Contains((await simulation.Control.GetStateAsync()).Resources, each => each is { Name: "standby", Type: "Microsoft.Web/serverfarms" });
        }
        else
        {
            var failure = await Assert.ThrowsAsync<RequestFailedException>(async () => await operation.WaitForCompletionAsync());
            Assert.Equal(code, failure.ErrorCode);
        }
    }

    [Fact]
    public async Task Post_FailoverOfAFailoverGroup_MakesTheSecondaryThePrimary()
    {
        await using var simulation = await Simulation.StartAsync(SqlFailoverGroups.SqlScenario.Orders());
        var client = Client(simulation, versionSet: true);
        var group = new ResourceIdentifier(SqlFailoverGroups.SqlScenario.OnNorth);

        Assert.Equal(202, await new RawResource(client, group).PostAsync("failover", "2023-08-01"));
        simulation.Time.Advance(TimeSpan.FromMinutes(1));

        GenericResource failedOver = await client.GetGenericResource(group).GetAsync();
        Assert.Contains("\"replicationRole\":\"Primary\"", failedOver.Data.Properties.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Absent_IsTheSdksFailureWithItsCode()
    {
        await using var simulation = await Simulation.StartAsync();
        var client = Client(simulation, versionSet: true);

        var exception = await Assert.ThrowsAsync<RequestFailedException>(() => client.GetGenericResource(new(Simulation.SitesPath + "/absent")).GetAsync());

        Assert.Equal(404, exception.Status);
        Assert.Equal("ResourceNotFound", exception.ErrorCode);
    }

    internal static ArmClient Client(Simulation simulation, bool versionSet)
    {
        var options = new ArmClientOptions
        {
            Environment = new ArmEnvironment(simulation.Simulator.ResourceManager, "https://management.azure.com"),
            Transport = new HttpClientTransport(Simulation.TrustingHandler(simulation.Simulator.CertificateThumbprint)),
        };
        options.Retry.MaxRetries = 0;
        if (versionSet)
        {
            options.SetApiVersion("Microsoft.Network/trafficManagerProfiles", "2022-04-01");
            options.SetApiVersion("Microsoft.Web/sites", "2025-03-01");
            options.SetApiVersion("Microsoft.Resources/deployments", "2024-07-01");
            options.SetApiVersion("Microsoft.Sql/servers/failoverGroups", "2023-08-01");
        }

        return new ArmClient(new FixedCredential(), Scenarios.Subscription, options);
    }

    private sealed class FixedCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("a-token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class RawResource(ArmClient client, ResourceIdentifier id) : ArmResource(client, id)
    {
        public async Task<int> PostAsync(string action, string apiVersion = "2025-03-01")
        {
            using var message = Pipeline.CreateMessage();
            message.Request.Method = RequestMethod.Post;
            message.Request.Uri.Reset(new Uri(Endpoint, $"{Id}/{action}?api-version={apiVersion}"));
            await Pipeline.SendAsync(message, CancellationToken.None);
            return message.Response.Status;
        }
    }
}
