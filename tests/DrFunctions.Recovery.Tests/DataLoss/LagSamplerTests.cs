using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Tests.Fences;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.DataLoss;

public sealed class LagSamplerTests
{
    private static readonly ResourceId Account = ResourceId.Parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/files");

    [Fact]
    public async Task Sample_OnceAMinute_KeepsWhatEveryVantageSaw()
    {
        var scene = new RecoveryScene(Builders.APlan().WithPolicy(policy => policy with { TcpProbe = new Uri("tcp://west.example.org:5432") }).Build());
        scene.Probe.ClosedPorts.Add(5432);

        var sample = await scene.Sampler.SampleAsync(scene.Plan, default);

        Assert.Equal((ProbeFinding.Healthy, ProbeFinding.Dead, new MonitorReading("Online", "Degraded", null)), (sample!.Primary, sample.Tcp, sample.Monitor));
        var kept = Assert.Single(await scene.History.ReadAsync("shop", scene.Clock.GetUtcNow(), TimeSpan.FromMinutes(1), default));
        Assert.Equal((sample.At, sample.Tcp, sample.Monitor), (kept.At, kept.Tcp, kept.Monitor));

        // The same minute has one sample, whoever takes it.
        Assert.Null(await scene.Sampler.SampleAsync(scene.Plan, default));
    }

    [Fact]
    public async Task Sample_AsksResourceManager_AsWorkThatCanWait_AndAnIncidentsEstimateDoesNot()
    {
        var scene = new RecoveryScene();
        var seen = new List<(string Call, bool InBackground)>();
        scene.Interception.Around = (call, _) =>
        {
            seen.Add((call, BackgroundWork.IsRunning));
            return Task.CompletedTask;
        };

        await scene.Sampler.SampleAsync(scene.Plan, default);
        Assert.Contains(("ReadProfile", true), seen);
        Assert.DoesNotContain(seen, one => !one.InBackground);

        seen.Clear();
        await scene.Sampler.EstimateAsync(scene.Plan, default);
        Assert.NotEmpty(seen);
        Assert.DoesNotContain(seen, one => one.InBackground);
    }

    [Fact]
    public async Task Sample_TrafficManagerDoesNotAnswer_KeepsWhy()
    {
        var scene = new RecoveryScene();
        scene.Interception.Around = (call, _) =>
            call == "ReadProfile" ? throw new RecoveryException("ResourceManagerSilent", "no answer", isTransient: true, "wait") : Task.CompletedTask;

        var sample = await scene.Sampler.SampleAsync(scene.Plan, default);

        Assert.Equal(new MonitorReading(null, null, "ResourceManagerSilent: no answer"), sample!.Monitor);
        Assert.Null(sample.Tcp);
    }

    [Fact]
    public async Task Sample_AnAccountThatIsNotFailedOver_IsKeptBesideAndDoesNotCount()
    {
        var scene = new RecoveryScene();
        scene.Azure.Accounts[Account] = new("Standard_RAGRS", "westeurope", "northeurope", false, null, new("Live", MovableClock.Start - TimeSpan.FromSeconds(20), true, true));
        var plan = scene.Plan with { Stores = [scene.Plan.ContainerNamed("files")! with { PrimaryAccount = Account }] };
        var sampler = new LagSampler([scene.Lag, new StorageSyncLag(scene.Azure)], scene.History, scene.States, scene.Probe, scene.Traffic, scene.Clock);

        var sample = await sampler.SampleAsync(plan, default);

        Assert.Equal(["backup-copy"], sample!.Stores.Select(reading => reading.Source));
        Assert.Equal(new LagReading("files", "storage-sync", MovableClock.Start - TimeSpan.FromSeconds(20), null), Assert.Single(sample.Others));
        Assert.InRange((await sampler.EstimateAsync(plan, default)).Loss!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61)); // the clock goes on a little
    }

    /// <summary>What is shown of a plan costs no request to Azure: backups by their records, replication by the minute's sample.</summary>
    [Fact]
    public async Task Recall_ADatabase_IsTheNewestSamplesWordForFiveMinutes()
    {
        var scene = Databases();
        Assert.Equal(("orders", null), ((await scene.Sampler.RecallAsync(scene.Plan, default)).Worst, (await scene.Sampler.RecallAsync(scene.Plan, default)).SafeUntil));

        await scene.Sampler.SampleAsync(scene.Plan, default);
        scene.Replication.IsSilent = true; // Nobody asks it again.
        var known = await scene.Sampler.RecallAsync(scene.Plan, default);
        scene.Clock.Advance(TimeSpan.FromMinutes(6));
        var old = await scene.Sampler.RecallAsync(scene.Plan, default);

        Assert.Equal((s_arrived, "orders"), (known.SafeUntil, known.Worst));
        Assert.Equal(["files", "orders"], known.Stores.Select(store => store.Store));
        Assert.Null(old.SafeUntil);
        Assert.EndsWith("orders is unknown: it was not sampled in the last 5 minutes", old.Detail, StringComparison.Ordinal);
    }

    /// <summary>A sample says how far the standby of its time was; after a failover the standby is the other region.</summary>
    [Fact]
    public async Task FindLastGood_AfterAFailover_TakesNoSampleOfTheWayThere()
    {
        var scene = Databases();
        var orders = scene.Plan.Stores[1];
        await scene.Sampler.SampleAsync(scene.Plan, default);
        scene.Replication.IsSilent = true;
        Assert.Equal(s_arrived, await scene.Sampler.FindLastGoodAsync(scene.Plan, orders, RegionRole.Secondary, default));
        Assert.Null(await scene.Sampler.FindLastGoodAsync(scene.Plan, orders, RegionRole.Primary, default)); // It carries the workload.

        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "run"), default);
        Assert.Null(await scene.Sampler.FindLastGoodAsync(scene.Plan, orders, RegionRole.Primary, default));
        Assert.Null(await scene.Sampler.FindLastGoodAsync(scene.Plan, orders, RegionRole.Secondary, default));

        // The same way back is sampled, too.
        scene.Replication.IsSilent = false;
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await scene.Sampler.SampleAsync(scene.Plan, default);
        scene.Replication.IsSilent = true;
        Assert.Equal(s_arrived, await scene.Sampler.FindLastGoodAsync(scene.Plan, orders, RegionRole.Primary, default));
    }

    private static readonly DateTimeOffset s_arrived = MovableClock.Start.AddSeconds(-100);

    private static RecoveryScene Databases()
    {
        var plan = Builders.APlan().Build();
        var scene = new RecoveryScene(plan with { Stores = [.. plan.Stores, new PostgresStore("orders", FenceScene.Server, FenceScene.Replica, new StopWebAppFence())] });
        scene.Replication.SafeUntil = s_arrived;
        return scene;
    }
}
