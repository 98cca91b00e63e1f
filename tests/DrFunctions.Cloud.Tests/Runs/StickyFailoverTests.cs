using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>A failover by priority over the wire, with Traffic Manager probing: one write, and no way back but a failback.</summary>
public sealed class StickyFailoverTests
{
    private const string Fast = "  fast:\n    - fence: { region: primary }\n    - shiftTraffic: { to: secondary }\n    - prove: { region: secondary, timeout: 5m }\n";

    [Fact]
    public async Task Failover_TheOldPrimaryReturns_KeepsItsUsersOut()
    {
        await using var scene = await StartAsync();
        await scene.UntilMonitoredAsync("shop", "westeurope", "Online");
        await scene.UntilMonitoredAsync("shop", "northeurope", "Online");
        Assert.Equal("westeurope", await scene.WhereUserGoesAsync());
        await scene.Cloud.SetRegionDarkAsync("westeurope", true);
        await scene.UntilMonitoredAsync("shop", "westeurope", "Degraded");

        var run = await scene.RunAsync("fast");

        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        Assert.Equal(1, scene.WritesOf("shop"));
        await scene.UntilMonitoredAsync("shop", "northeurope", "Online");
        var profile = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default);
        Assert.Equal(
            "westeurope 2 False Disabled, northeurope 1 True Online",
            string.Join(", ", profile.Endpoints.Select(one => $"{one.Name} {one.Priority} {one.Enabled} {one.MonitorStatus}")));

        // It answers again, and is even started by hand.
        await scene.Cloud.SetRegionDarkAsync("westeurope", false);
        scene.Cloud.SetSiteState("shop-westeurope", DrFunctions.Simulator.SiteStatus.Running);
        for (var minute = 0; minute < 10; minute++)
        {
            scene.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
        }

        // And when the new primary dies too, nobody is led to data that is as old as the failover.
        await scene.Cloud.SetRegionDarkAsync("northeurope", true);
        await scene.UntilMonitoredAsync("shop", "northeurope", "Degraded");
        Assert.StartsWith("northeurope: ", await scene.WhereUserGoesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failover_TheAnswerToTheWriteIsLost_IsOneWrite()
    {
        await using var scene = await StartAsync();
        scene.Cloud.AddFaults(Put(FaultKind.Drop) with { Phase = FaultPhase.After, Count = 1 });

        var run = await scene.RunAsync("fast");

        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        Assert.Equal(1, scene.WritesOf("shop"));
    }

    [Theory]
    [InlineData(FaultKind.Error, 500)]
    [InlineData(FaultKind.Error, 503)]
    [InlineData(FaultKind.Throttle, null)]
    [InlineData(FaultKind.Drop, null)]
    public async Task Failover_TheWriteFailsForAMinute_IsDoneAfterIt(FaultKind kind, int? status)
    {
        await using var scene = await StartAsync();
        scene.Cloud.AddFaults(Put(kind) with { Status = status, For = TimeSpan.FromMinutes(1) });
        var arriving = new List<bool>();
        scene.BeforeAttempt = async (_, _) => arriving.Add((await scene.StateAsync()).Arriving);

        var run = await scene.RunAsync("fast");

        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        Assert.Equal((RegionRole.Secondary, false), ((await scene.StateAsync()).Active, (await scene.StateAsync()).Arriving));
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
        Assert.Contains(true, arriving); // While it was not known whether the write had an effect.
    }

    [Fact]
    public async Task Failover_ResourceManagerIsDark_PausesAndGoesOnWhenItIsBack()
    {
        await using var scene = await StartAsync();
        scene.BeforeAttempt = (_, index) =>
        {
            scene.Cloud.SetResourceManagerDark(index == 1);
            return Task.CompletedTask;
        };
        var run = await scene.RunAsync("fast");
        Assert.Equal((RunState.Paused, "shiftTraffic"), (run.State, run.Pause!.Step)); // It is paused.
        Assert.Equal((RegionRole.Primary, 0), ((await scene.StateAsync()).Active, scene.WritesOf("shop")));

        scene.BeforeAttempt = (_, _) => Task.CompletedTask;
        scene.Cloud.SetResourceManagerDark(false);
        run = await scene.CommandAsync(run.RunId, CommandKind.Retry, "shiftTraffic");

        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
    }

    [Fact]
    public async Task Failover_TheTargetGoesDarkInTheProof_PausesAndCompletesWhenItIsBack()
    {
        await using var scene = await StartAsync();
        scene.BeforeAttempt = (_, index) => index == 2 ? scene.Cloud.SetRegionDarkAsync("northeurope", true) : Task.CompletedTask;
        var run = await scene.RunAsync("fast");
        Assert.Equal((RunState.Paused, "prove"), (run.State, run.Pause!.Step)); // It is paused.
        Assert.Contains("connection refused", run.Pause.Message, StringComparison.Ordinal);

        scene.BeforeAttempt = (_, _) => Task.CompletedTask;
        await scene.Cloud.SetRegionDarkAsync("northeurope", false);

        Assert.Equal(RunState.Completed, (await scene.CommandAsync(run.RunId, CommandKind.Retry, "prove")).State);
    }

    [Fact]
    public async Task Failover_SomebodyMovesTheUsersBackByHand_IsNotProven()
    {
        await using var scene = await StartAsync();
        scene.BeforeAttempt = async (_, index) =>
        {
            if (index == 2)
            {
                var seen = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default);
                await scene.Traffic.WriteAsync(seen, DrFunctions.Recovery.Routing.TrafficShift.To(seen, "westeurope", "northeurope"), default);
            }
        };

        var run = await scene.RunAsync("fast");

        Assert.Equal((RunState.Paused, "prove"), (run.State, run.Pause!.Step)); // It is paused.
        Assert.Contains("leads to", run.Pause.Message, StringComparison.Ordinal);
        Assert.Null(run.Attained.RtoSeconds);
    }

    private static Fault Put(FaultKind kind) => new()
    {
        On = FaultTarget.ResourceManager,
        Kind = kind,
        Method = "PUT",
        Path = "trafficManagerProfiles/shop$",
    };

    private static Task<SimulatedRuns> StartAsync() => SimulatedRuns.StartAsync("hot.yaml", SampleCloud.Probed, yaml => yaml + Fast);
}
