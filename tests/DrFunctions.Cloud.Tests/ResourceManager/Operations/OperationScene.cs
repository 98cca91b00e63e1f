using System.Text.Json.Nodes;
using Azure.Core;
using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.Operations;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator;
using DrFunctions.Simulator.Requests;
using DrFunctions.Simulator.Tests;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Cloud.Tests.ResourceManager.Operations;

/// <summary>A simulated cloud with everything that a step can change, and what carries a step through it, on one virtual clock.</summary>
internal sealed class OperationScene : IAsyncDisposable
{
    public const string West = "westeurope";
    public const string North = "northeurope";
    public const string TemplateUri = "https://templates.example/standby.json";
    public const string TypedTemplateUri = "https://templates.example/typed.json";
    private const string Subscription = "00000000-0000-0000-0000-000000000001";

    private OperationScene(AzureSimulator cloud, VirtualTime time)
    {
        (Cloud, Time) = (cloud, time);
        Client = new ResourceManagerClient(
            new()
            {
                Endpoint = cloud.ResourceManager,
                Thumbprint = cloud.CertificateThumbprint,
                Token = "simulated",
                RetryDelay = TimeSpan.FromMilliseconds(1),
                Retries = 1,
            },
            time);
        Follower = new OperationFollower(Documents, new OperationsAdapter(Client), time);
    }

    public AzureSimulator Cloud { get; }

    public VirtualTime Time { get; }

    public ResourceManagerClient Client { get; }

    public MemoryDocumentStore Documents { get; } = new();

    public OperationFollower Follower { get; }

    /// <summary>Codes of what was waited for, in order.</summary>
    public List<string> Waited { get; } = [];

    public static ResourceId Id(string type, string name) => ResourceId.Parse($"/subscriptions/{Subscription}/resourceGroups/shop/providers/{type}/{name}");

    public static async Task<OperationScene> StartAsync()
    {
        var time = new VirtualTime();
        return new OperationScene(await AzureSimulator.StartAsync(new SimulatorOptions { Scenario = s_scenario, TimeProvider = time }), time);
    }

    /// <summary>Attempts once, as a run does.</summary>
    public async Task<StepAttempt> AttemptAsync(OperationWork work, int begun = 0)
    {
        try
        {
            return await Follower.AttemptAsync(Context(begun), work, default);
        }
        catch (RecoveryException failure)
        {
            return failure.IsTransient
                ? StepAttempt.Again(failure.Code, failure.Message, TimeSpan.FromSeconds(2), failure.Hint)
                : StepAttempt.Failed(failure.Code, failure.Message, failure.Hint);
        }
    }

    /// <summary>Attempts until the step is done or has failed, at most for an hour (or as long as said) of virtual time.</summary>
    public async Task<StepAttempt> DriveAsync(OperationWork work, int begun = 0, TimeSpan? patience = null)
    {
        var end = Time.GetUtcNow() + (patience ?? TimeSpan.FromHours(1));
        while (true)
        {
            var attempt = await AttemptAsync(work, begun);
            if (attempt.Outcome != StepOutcome.Again || Time.GetUtcNow() >= end)
            {
                return attempt;
            }

            Waited.Add(attempt.Code!); // of what is waited for
            Time.Advance(attempt.After);
        }
    }

    /// <summary>A resource's JSON, as Resource Manager answers it.</summary>
    public async Task<JsonObject> ReadAsync(ResourceId resource, string apiVersion) =>
        (await Client.SendAsync(RequestMethod.Get, resource, null, apiVersion, null, default)).Object();

    /// <summary>Requests of a method to paths that match.</summary>
    public IReadOnlyList<LoggedRequest> Requests(string method, string path) =>
        Cloud.ReadRequests(new RequestFilter { Wire = "resource-manager", Method = method, Path = path }).Requests;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Cloud.DisposeAsync();
    }

    private static StepContext Context(int begun)
    {
        var plan = Builders.APlan().Build();
        var run = new RunRequest("shop-run-1", "shop", "failover", RunMode.Unplanned, "v1", CallerIdentity.System("ops"), "the region is lost", MovableClock.Start, null);
        return new StepContext(plan, run, 1, plan.Runbooks["failover"].Steps[0], new Dictionary<string, string>())
        {
            Index = 0,
            BegunAt = MovableClock.Start.AddHours(begun),
            EnsureCurrentAsync = _ => Task.CompletedTask,
        };
    }

    private static readonly Scenario s_scenario = new()
    {
        SubscriptionId = Subscription,
        ResourceGroups = ["shop"],
        BearerToken = "simulated",
        Regions = [new() { Name = West, Address = "127.0.0.31" }, new() { Name = North, Address = "127.0.0.32" }],
        AppServicePlans = [new() { Name = "standby", ResourceGroup = "shop", Region = North, Sku = "B1" }],
        PostgreSqlServers =
        [
            new() { Name = "shop-we", ResourceGroup = "shop", Region = West, VirtualEndpoint = "shop", VirtualEndpointReader = "shop-ne", GeoRedundantBackup = true },
            new() { Name = "shop-ne", ResourceGroup = "shop", Region = North, ReplicaOf = "shop-we", ReplicationLagSeconds = 3 },
        ],
        StorageAccounts = [new() { Name = "shopfiles", ResourceGroup = "shop", Region = West, SecondaryRegion = North, Sku = "Standard_RAGRS" }],
        SqlServers =
        [
            new() { Name = "sql-we", ResourceGroup = "shop", Region = West, Databases = ["orders"] },
            new() { Name = "sql-ne", ResourceGroup = "shop", Region = North },
        ],
        SqlFailoverGroups = [new() { Name = "shop", Primary = "sql-we", Secondary = "sql-ne", Databases = ["orders"] }],
        LinkedTemplates =
        [
            new()
            {
                Uri = TemplateUri,
                Json = """
                    {"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
                    "parameters":{"size":{"type":"string"}},
                    "resources":[{"type":"Microsoft.Web/serverfarms","apiVersion":"2024-11-01","name":"cold","location":"northeurope",
                    "sku":{"name":"[parameters('size')]","capacity":1}}]}
                    """,
            },
            new()
            {
                Uri = TypedTemplateUri,
                Json = """
                    {"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
                    "parameters":{"size":{"type":"string"},"instances":{"type":"int"},"perSite":{"type":"bool","defaultValue":false},
                    "labels":{"type":"object","defaultValue":{"cost":"","floor":""}},"zones":{"type":"array","defaultValue":["0","0"]},"nothing":{"type":"array","defaultValue":["1"]}},
                    "resources":[{"type":"Microsoft.Web/serverfarms","apiVersion":"2024-11-01","name":"cold","location":"northeurope",
                    "tags":{"cost":"[parameters('labels').cost]","floor":"[parameters('labels').floor]","zone":"[parameters('zones')[1]]"},
                    "properties":{"perSiteScaling":"[parameters('perSite')]"},
                    "sku":{"name":"[parameters('size')]","capacity":"[parameters('instances')]"}}]}
                    """,
            },
        ],
    };
}
