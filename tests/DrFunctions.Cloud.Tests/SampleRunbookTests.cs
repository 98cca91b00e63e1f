using System.Globalization;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.Probes;
using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.AppServicePlans;
using DrFunctions.Cloud.ResourceManager.Deployments;
using DrFunctions.Cloud.ResourceManager.FlexibleServers;
using DrFunctions.Cloud.ResourceManager.Operations;
using DrFunctions.Cloud.ResourceManager.SqlFailoverGroups;
using DrFunctions.Cloud.ResourceManager.StorageAccounts;
using DrFunctions.Cloud.ResourceManager.TrafficManager;
using DrFunctions.Plans;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runs;
using DrFunctions.Simulator;
using DrFunctions.Simulator.Tests;
using DrFunctions.Testing.Files;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Cloud.Tests;

/// <summary>The ready runbooks, from the file to users in the other region: real adapters against the simulated cloud, backups aside.</summary>
public sealed class SampleRunbookTests
{
    private static readonly string s_folder = RepositoryRoot.Combine("samples", "runbooks");

    public static TheoryData<string> Files => [.. Directory.GetFiles(s_folder, "*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Plan_OfTheSamples_HasNoMistake(string file) => Assert.Empty(PlanReader.Read(File.ReadAllText(Path.Combine(s_folder, file))).Mistakes);

    [Theory]
    [InlineData("cold.yaml", true, "failover")]
    [InlineData("warm.yaml", true, "failover")]
    [InlineData("hot.yaml", true, "failover")]
    [InlineData("switchover.yaml", false, "switchover", "failback")]
    [InlineData("fences.yaml", false, "failover")]
    public async Task Runbook_RunFromStartToEnd_MovesTheUsers(string file, bool isLost, params string[] runbooks)
    {
        var time = new VirtualTime(MovableClock.Start);
        await using var cloud = await AzureSimulator.StartAsync(new SimulatorOptions { Scenario = s_scenario, TimeProvider = time });
        using var client = new ResourceManagerClient(new() { Endpoint = cloud.ResourceManager, Thumbprint = cloud.CertificateThumbprint, Token = "simulated" }, time);
        var port = string.Create(CultureInfo.InvariantCulture, $".net:{cloud.WebPort}/health");
        var plan = PlanReader.Read((await File.ReadAllTextAsync(Path.Combine(s_folder, file))).Replace(".net/health", port, StringComparison.Ordinal)).Plan!; // the test above
        var core = new RecoveryScene(plan) { Leases = { Records = { ["shop/writers.json"] = new WriteLeaseRecord(1, 0, "westeurope", "", 30) } } };
        var execution = new RunExecution(core.Locks, core.Plans, new RunJournal(core.Documents), Runners(core, client, cloud, time), time);
        if (isLost)
        {
            await cloud.SetRegionDarkAsync("westeurope", true);
        }

        foreach (var runbook in runbooks)
        {
            var request = core.Request($"shop-{runbook}", runbook, mode: isLost ? RunMode.Unplanned : RunMode.Planned);
            Assert.IsType<RunStart.Started>(await core.Starts.StartAsync(request, default));

            await DriveAsync(execution, request.RunId, time);

            var run = RunViews.Of(await core.Journal.ReadAsync(request.RunId, default));
            Assert.True(run.State == RunState.Completed, $"{runbook}: {run.Steps.FirstOrDefault(step => step.Error is not null)}");
            core.Scheduler.Executing.Remove(request.RunId);
        }
    }

    private static IReadOnlyList<DrFunctions.Recovery.Steps.StepRunner> Runners(RecoveryScene core, ResourceManagerClient client, AzureSimulator cloud, TimeProvider time) => StepRunners.Of(
        new WebAppsAdapter(client),
        new TrafficManagerAdapter(client),
        new OutsideProbe([cloud.Dns], TimeProvider.System),
        new ResolverProbe([cloud.Dns], TimeProvider.System),
        core.Restore,
        new FakeStoreBackup(core.Interception, core.Effects, core.Restore, core.Clock),
        new ProfileClaims(core.Documents, core.Locks),
        core.States,
        core.Decisions,
        core.Notes,
        core.Topic,
        core.Calls,
        core.Documents,
        core.Leases,
        core.Sampler,
        time,
        new AppServicePlansAdapter(client),
        new FlexibleServersAdapter(client),
        new StorageAccountsAdapter(client),
        new SqlFailoverGroupsAdapter(client),
        new DeploymentsAdapter(client, new TemplateBlobs(new BlobConnections(_ => null))),
        new OperationFollower(core.Documents, new OperationsAdapter(client), time));

    private static async Task DriveAsync(RunExecution execution, string runId, VirtualTime time)
    {
        var turn = await execution.BeginAsync("shop", runId, default);
        while (turn.Kind != TurnKind.Done)
        {
            Assert.Equal(TurnKind.Attempt, turn.Kind);
            foreach (var index in turn.Steps)
            {
                RunTurn next;
                while ((next = await execution.AttemptAsync("shop", runId, index, default)).Kind == TurnKind.Again)
                {
                    time.Advance(TimeSpan.FromSeconds(next.AfterSeconds));
                }
            }

            turn = await execution.TurnAsync("shop", runId, default);
        }
    }

    private static readonly Scenario s_scenario = new()
    {
        SubscriptionId = "00000000-0000-0000-0000-000000000001",
        ResourceGroups = ["shop"],
        BearerToken = "simulated",
        Regions = [new() { Name = "westeurope", Address = "127.0.0.41" }, new() { Name = "northeurope", Address = "127.0.0.42" }],
        Sites =
        [
            new() { Name = "shop-westeurope", ResourceGroup = "shop", Region = "westeurope" },
            new() { Name = "shop-northeurope", ResourceGroup = "shop", Region = "northeurope" },
        ],
        AppServicePlans = [new() { Name = "standby", ResourceGroup = "shop", Region = "northeurope", Sku = "B1" }],
        TrafficManagerProfiles =
        [
            new()
            {
                Name = "shop",
                ResourceGroup = "shop",
                TtlInSeconds = 5,
                Endpoints =
                [
                    new() { Name = "westeurope", Site = "shop-westeurope", Priority = 1, AlwaysServe = true },
                    new() { Name = "northeurope", Site = "shop-northeurope", Priority = 2, AlwaysServe = true },
                ],
            },
        ],
        PostgreSqlServers =
        [
            new() { Name = "shop-westeurope", ResourceGroup = "shop", Region = "westeurope", VirtualEndpoint = "shop", VirtualEndpointReader = "shop-northeurope", GeoRedundantBackup = true },
            new() { Name = "shop-northeurope", ResourceGroup = "shop", Region = "northeurope", ReplicaOf = "shop-westeurope" },
        ],
        StorageAccounts = [new() { Name = "shopfiles", ResourceGroup = "shop", Region = "westeurope", SecondaryRegion = "northeurope", Sku = "Standard_GRS" }],
        SqlServers =
        [
            new() { Name = "sql-westeurope", ResourceGroup = "shop", Region = "westeurope", Databases = ["orders"] },
            new() { Name = "sql-northeurope", ResourceGroup = "shop", Region = "northeurope" },
        ],
        SqlFailoverGroups = [new() { Name = "shop", Primary = "sql-westeurope", Secondary = "sql-northeurope", Databases = ["orders"] }],
        LinkedTemplates =
        [
            new()
            {
                Uri = "https://templates.example/standby.json",
                Json = """
                    {"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
                    "parameters":{"size":{"type":"string"}},
                    "resources":[{"type":"Microsoft.Web/serverfarms","apiVersion":"2024-11-01","name":"cold","location":"northeurope",
                    "sku":{"name":"[parameters('size')]","capacity":1}}]}
                    """,
            },
        ],
    };
}
