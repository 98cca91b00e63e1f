using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Probes;
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
        var sampler = new LagSampler([scene.Lag, new StorageSyncLag(scene.Azure)], scene.History, scene.Probe, scene.Traffic, scene.Clock);

        var sample = await sampler.SampleAsync(plan, default);

        Assert.Equal(["backup-copy"], sample!.Stores.Select(reading => reading.Source));
        Assert.Equal(new LagReading("files", "storage-sync", MovableClock.Start - TimeSpan.FromSeconds(20), null), Assert.Single(sample.Others));
        Assert.InRange((await sampler.EstimateAsync(plan, default)).Loss!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61)); // the clock goes on a little
    }
}
