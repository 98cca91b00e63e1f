using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator.Faults;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>Places that are led elsewhere, in a geographic profile whose endpoints are nested profiles.</summary>
public sealed class GeographyTests
{
    private const string Steps = "    - remapGeography: { to: secondary }\n    - prove: { region: secondary, timeout: 5m }\n";
    private const string Back = "  back:\n    - probe: { region: primary }\n    - returnPlaces: { to: primary, places: [GEO-EU] }\n";

    [Fact]
    public async Task Remap_NestedProfiles_LeadsThePlacesToTheOtherOnesProfileInOneWrite()
    {
        await using var scene = await StartAsync();
        await scene.Cloud.SetRegionDarkAsync("westeurope", true);

        var run = await scene.RunAsync("remap");

        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        Assert.Equal((1, 0, 0), (scene.WritesOf("shop-geographic"), scene.WritesOf("shop-europe"), scene.WritesOf("shop-world")));
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
        var profile = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default);
        Assert.Equal("europe False BV, world True GEO-EU+WORLD", Text(profile));

        // The old region is well again; Europe stays where it was led.
        await scene.Cloud.SetRegionDarkAsync("westeurope", false);
        Assert.Equal("northeurope", await scene.WhereUserGoesAsync());
    }

    [Fact]
    public async Task Remap_GivenBackByAnotherRun_LeadsThePlacesHomeAndKeepsTheRest()
    {
        await using var scene = await StartAsync();
        Assert.Equal(RunState.Completed, (await scene.RunAsync("remap")).State);

        var run = await scene.RunAsync("back", RunMode.Planned);

        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        Assert.Equal("europe True GEO-EU, world True WORLD", Text(await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default)));
        Assert.Equal("westeurope", await scene.WhereUserGoesAsync());
        Assert.True(scene.Plan.IsShared(await scene.StateAsync()));
    }

    [Fact]
    public async Task Remap_AnswerLostAfterTheWrite_IsOneWriteAndCanBeUndone()
    {
        await using var scene = await StartAsync();
        scene.Cloud.AddFaults(new Fault
        {
            On = FaultTarget.ResourceManager,
            Kind = FaultKind.Drop,
            Phase = FaultPhase.After,
            Method = "PUT",
            Path = "shop-geographic$",
            Count = 1,
        });
        scene.BeforeAttempt = (_, index) => index == 1 ? scene.Cloud.SetRegionDarkAsync("northeurope", true) : Task.CompletedTask;

        var run = await scene.RunAsync("remap");

        Assert.Equal((RunState.Paused, 1), (run.State, scene.WritesOf("shop-geographic")));
        await scene.CommandAsync(run.RunId, CommandKind.Cancel);
        Assert.Equal("europe True GEO-EU, world True WORLD", Text(await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default)));
        Assert.Equal((RegionRole.Primary, true), ((await scene.StateAsync()).Active, scene.Plan.IsShared(await scene.StateAsync())));
    }

    private static string Text(DrFunctions.Recovery.Routing.TrafficProfile profile) =>
        string.Join(", ", profile.Endpoints.Select(one => $"{one.Name} {one.Enabled} {string.Join('+', one.Places.Order(StringComparer.Ordinal))}"));

    private static Task<SimulatedRuns> StartAsync() => SimulatedRuns.StartAsync(
        "active-active-geographic.yaml", SampleCloud.Scenario with { ClientLocation = "DE" }, yaml => $"{yaml}  remap:\n{Steps}{Back}");
}
