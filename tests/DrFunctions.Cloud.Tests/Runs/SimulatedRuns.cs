using System.Globalization;
using System.Net;
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
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator;
using DrFunctions.Simulator.Control;
using DrFunctions.Simulator.Requests;
using DrFunctions.Simulator.Tests;
using DrFunctions.Testing.Files;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>
/// Runs of plans over the real adapters and the simulated cloud, in its virtual time; documents are in memory, backups are not real.
/// </summary>
internal sealed class SimulatedRuns : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private ResourceManagerClient _client;
    private RunExecution _execution;

    private SimulatedRuns(AzureSimulator cloud, VirtualTime time, WorkloadPlan plan, IReadOnlyList<IPEndPoint> resolvers)
    {
        (Cloud, Time, Resolvers) = (cloud, time, resolvers.Count > 0 ? resolvers : [cloud.Dns]);
        Core = new RecoveryScene(plan);
        (_client, _execution) = Process();
    }

    public AzureSimulator Cloud { get; }

    public VirtualTime Time { get; }

    public RecoveryScene Core { get; }

    /// <summary>The DNS servers that proofs ask; the simulator's by default.</summary>
    public IReadOnlyList<IPEndPoint> Resolvers { get; }

    public WorkloadPlan Plan => Core.Plan;

    public TrafficManagerAdapter Traffic => new(_client);

    /// <summary>Called before every attempt of a step or of its undo, with the run's id and the step's index.</summary>
    public Func<string, int, Task> BeforeAttempt { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called with what an attempt waits for.</summary>
    public Action<string, string> OnWaiting { get; set; } = (_, _) => { };

    /// <param name="file">A ready plan, by its file name.</param>
    /// <param name="scenario">The cloud; default <see cref="SampleCloud.Scenario"/>.</param>
    /// <param name="change">Changes the plan's text.</param>
    /// <param name="resolvers">Makes other DNS servers to ask from the simulator's.</param>
    public static async Task<SimulatedRuns> StartAsync(
        string file, Scenario? scenario = null, Func<string, string>? change = null, Func<IPEndPoint, IReadOnlyList<IPEndPoint>>? resolvers = null)
    {
        var time = new VirtualTime(MovableClock.Start);
        var cloud = await AzureSimulator.StartAsync(new SimulatorOptions { Scenario = scenario ?? SampleCloud.Scenario, TimeProvider = time });
        var text = await File.ReadAllTextAsync(RepositoryRoot.Combine("samples", "runbooks", file));
        return new SimulatedRuns(cloud, time, Read(change?.Invoke(text) ?? text, cloud), resolvers?.Invoke(cloud.Dns) ?? []);
    }

    /// <summary>A plan whose users reach the simulator's web port.</summary>
    public static WorkloadPlan Read(string yaml, AzureSimulator cloud)
    {
        var read = PlanReader.Read(yaml.Replace(
            ".net/health", string.Create(CultureInfo.InvariantCulture, $".net:{cloud.WebPort}/health"), StringComparison.Ordinal));
        Assert.Empty(read.Mistakes);
        return read.Plan!; // It has no mistakes.
    }

    /// <summary>Starts a run of the plan, and drives it until it ends or waits for a person.</summary>
    public async Task<RunView> RunAsync(string runbook, RunMode mode = RunMode.Unplanned, string? runId = null)
    {
        var request = await StartRunAsync(runbook, mode, runId);
        await DriveAsync(request.Workload, request.RunId);
        return await ViewAsync(request.RunId);
    }

    public Task<RunRequest> StartRunAsync(string runbook, RunMode mode = RunMode.Unplanned, string? runId = null) => StartRunAsync(Plan, runbook, mode, runId);

    public async Task<RunRequest> StartRunAsync(WorkloadPlan plan, string runbook, RunMode mode = RunMode.Unplanned, string? runId = null)
    {
        var request = Core.Request(runId ?? $"{plan.Workload}-{runbook}", runbook, mode: mode) with { Workload = plan.Workload };
        Assert.IsType<RunStart.Started>(await Core.Starts.StartAsync(request, default));
        return request;
    }

    /// <summary>Drives a run until it ends or waits for a person.</summary>
    public async Task DriveAsync(string workload, string runId)
    {
        var turn = await Again(() => _execution.BeginAsync(workload, runId, default));
        while (turn.Kind is not (TurnKind.Done or TurnKind.Wait))
        {
            foreach (var index in turn.Steps)
            {
                var (kind, of) = (turn.Kind, turn.RunId);
                RunTurn next;
                while ((next = await AttemptAsync(workload, runId, kind, of, index)).Kind == TurnKind.Again)
                {
                    OnWaiting(runId, next.Finding ?? "");
                    Time.Advance(TimeSpan.FromSeconds(next.AfterSeconds));
                }
            }

            turn = await Again(() => _execution.TurnAsync(workload, runId, default));
        }

        Core.Scheduler.Executing.Remove(runId);
    }

    /// <summary>Makes one attempt of the step that is next, and lets its pause pass; false when the run has ended or waits for a person.</summary>
    public async Task<bool> StepAsync(string workload, string runId)
    {
        var turn = await Again(() => _execution.BeginAsync(workload, runId, default));
        if (turn.Kind is TurnKind.Done or TurnKind.Wait)
        {
            return false;
        }

        var next = await AttemptAsync(workload, runId, turn.Kind, turn.RunId, turn.Steps[0]);
        if (next.Kind == TurnKind.Again)
        {
            OnWaiting(runId, next.Finding ?? "");
            Time.Advance(TimeSpan.FromSeconds(next.AfterSeconds));
        }

        return true;
    }

    /// <summary>What a person has the run do; it goes on then.</summary>
    public async Task<RunView> CommandAsync(string runId, CommandKind kind, string? step = null)
    {
        var verdict = await _execution.CommandAsync(runId, new RunCommand(kind, step, RecoveryScene.Ops.Name, "test"), default);
        Assert.IsType<CommandVerdict.Accepted>(verdict);
        await DriveAsync(Plan.Workload, runId);
        return await ViewAsync(runId);
    }

    public async Task<RunView> ViewAsync(string runId) => RunViews.Of(await Core.Journal.ReadAsync(runId, default));

    public Task<WorkloadState> StateAsync() => Core.States.ReadAsync(Plan.Workload, default);

    /// <summary>The process dies; another one, that remembers nothing, goes on.</summary>
    public void Kill()
    {
        _client.Dispose();
        (_client, _execution) = Process();
    }

    /// <summary>Which region's web app a user's browser is led to, and whether that answers 200.</summary>
    public async Task<string> WhereUserGoesAsync()
    {
        var answer = await new OutsideProbe([Cloud.Dns], TimeProvider.System).GetAsync(Plan.Traffic.Check, TimeSpan.FromSeconds(30), default);
        var name = answer.Names.FirstOrDefault(one => one.StartsWith("shop-", StringComparison.Ordinal) && one.Contains("azurewebsites", StringComparison.Ordinal)) ?? answer.Failure ?? "nowhere";
        return $"{name.Split('.')[0]["shop-".Length..]}{(answer.IsHealthy ? "" : $": {answer.Summary}")}";
    }

    /// <summary>How many of some users, who each ask anew, are led to a region.</summary>
    public async Task<int> CountUsersAsync(string region, int users)
    {
        var count = 0;
        for (var user = 0; user < users; user++)
        {
            count += await WhereUserGoesAsync() == region ? 1 : 0;
        }

        return count;
    }

    /// <summary>The writes of a profile that had an effect or were refused, in order.</summary>
    public int WritesOf(string profile) => Cloud.ReadRequests(new RequestFilter { Wire = "resource-manager", Method = "PUT", Path = $"/{profile}$" }).Requests.Count;

    /// <summary>Lets an endpoint be probed, each time to its end, until Traffic Manager finds it so.</summary>
    public async Task UntilMonitoredAsync(string profile, string endpoint, string status)
    {
        using var control = new SimulatorClient(Cloud.Control);
        using var patience = new CancellationTokenSource(s_patience);
        for (var probes = -1; ;)
        {
            var found = (await control.GetStateAsync()).Profiles.Single(one => one.Name == profile).Endpoints.Single(one => one.Name == endpoint);
            if (found.MonitorStatus == status)
            {
                return;
            }

            Assert.False(patience.IsCancellationRequested, $"'{endpoint}' of '{profile}' is {found}, waited for {status}");
            if (found.Probes > probes)
            {
                probes = found.Probes;
                Time.Advance(TimeSpan.FromSeconds(10));
            }

            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Cloud.DisposeAsync();
    }

    // As the orchestration's retry policy: whatever failed is tried again.
    private static async Task<RunTurn> Again(Func<Task<RunTurn>> activity)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await activity();
            }
            catch (DrFunctions.Recovery.RecoveryException) when (attempt < 4)
            {
                // Once more.
            }
        }
    }

    private async Task<RunTurn> AttemptAsync(string workload, string runId, TurnKind kind, string of, int index)
    {
        await BeforeAttempt(runId, index);
        return await Again(() => kind == TurnKind.Undo
            ? _execution.UndoAsync(workload, runId, of, index, default)
            : _execution.AttemptAsync(workload, runId, index, default));
    }

    private (ResourceManagerClient Client, RunExecution Execution) Process()
    {
        var client = new ResourceManagerClient(
            new()
            {
                Endpoint = Cloud.ResourceManager,
                Thumbprint = Cloud.CertificateThumbprint,
                Token = "simulated",

                // What the client waits for by itself would be real time, or virtual time that nobody moves meanwhile.
                Retries = 0,
                LongestRetryAfter = TimeSpan.Zero,
            },
            Time);
        var locks = new WorkloadLocks(Core.Documents, Core.Clock);
        var journal = new RunJournal(Core.Documents);
        return (client, new RunExecution(locks, Core.Plans, journal, Runners(client, locks, journal), Time));
    }

    private IReadOnlyList<StepRunner> Runners(ResourceManagerClient client, WorkloadLocks locks, RunJournal journal) => StepRunners.Of(
        new WebAppsAdapter(client),
        new TrafficManagerAdapter(client),
        new OutsideProbe([Cloud.Dns], TimeProvider.System),
        new ResolverProbe(Resolvers, TimeProvider.System),
        Core.Restore,
        new FakeStoreBackup(Core.Interception, Core.Effects, Core.Restore, Core.Clock),
        new ProfileClaims(Core.Documents, locks),
        Core.States,
        Core.Decisions,
        Core.Notes,
        Core.Topic,
        Core.Calls,
        Core.Documents,
        journal,
        Core.Leases,
        Core.Sampler,
        Time,
        new AppServicePlansAdapter(client),
        new FlexibleServersAdapter(client),
        new StorageAccountsAdapter(client),
        new SqlFailoverGroupsAdapter(client),
        new DeploymentsAdapter(client, new TemplateBlobs(new BlobConnections(_ => null))),
        new OperationFollower(Core.Documents, new OperationsAdapter(client), Time));
}
