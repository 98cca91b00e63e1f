using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps.RemapGeography;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Steps.RemapGeography;

public sealed class RemapGeographyRunnerTests
{
    [Fact]
    public async Task Remap_AGeographicProfile_LeadsAllPlacesToTheOtherRegionInOneWrite()
    {
        var scene = Scene("Geographic");

        var run = await new RunDriver(scene).StartAsync(scene.Request(runbook: "remap"));

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(["shift to northeurope=GEO-NA+WORLD+GEO-EU"], scene.Effects);
        Assert.Equal((false, "BV"), (scene.Traffic.Profile.Endpoints[0].Enabled, string.Join('+', scene.Traffic.Profile.Endpoints[0].Places)));
        Assert.Equal(RegionRole.Secondary, (await scene.States.ReadAsync("shop", default)).Active);
    }

    [Fact]
    public async Task Remap_APriorityProfile_IsRefusedAndNothingIsWritten()
    {
        var scene = Scene("Priority");

        var run = await new RunDriver(scene).StartAsync(scene.Request(runbook: "remap"));

        Assert.Equal("RoutingMethodUnsupported", run.Steps[0].Error!.Code);
        Assert.Empty(scene.Effects);
    }

    private static RecoveryScene Scene(string method)
    {
        var scene = new RecoveryScene(
            APlan().WithRunbook("remap", new RemapGeographyStep("remap", TimeSpan.FromMinutes(10), RegionRole.Secondary)).Build());
        scene.Traffic.Profile = scene.Traffic.Profile with
        {
            RoutingMethod = method,
            Endpoints =
            [
                scene.Traffic.Profile.Endpoints[0] with { Places = ["WORLD", "GEO-EU"] },
                scene.Traffic.Profile.Endpoints[1] with { Places = ["GEO-NA"] },
            ],
        };
        return scene;
    }
}
