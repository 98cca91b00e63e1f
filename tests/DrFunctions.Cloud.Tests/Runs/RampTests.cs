using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Simulator.Faults;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>A ramp of a priority profile over the wire: every stage once, whatever dies or is lost in between.</summary>
public sealed class RampTests
{
    private const string Step = "rampTraffic: { to: secondary, stages: [10, 50, 100], soak: 1m, sharedData: true }";

    [Fact]
    public async Task Ramp_ToTheEnd_WritesEachStageOnceAndRoutesAsBefore()
    {
        await using var scene = await StartAsync(Step);

        var run = await scene.RunAsync("ramp");

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(3, scene.WritesOf("shop"));
        Assert.True(run.EndedAt - run.StartedAt >= TimeSpan.FromMinutes(3));
        await AssertAtNorthAsync(scene);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Ramp_TheAnswerToAStagesWriteIsLost_IsSeenAndNotWrittenAgain(int stage)
    {
        await using var scene = await StartAsync(Step);
        scene.Cloud.AddFaults(new Fault
        {
            On = FaultTarget.ResourceManager,
            Kind = FaultKind.Drop,
            Phase = FaultPhase.After,
            Method = "PUT",
            Path = "trafficManagerProfiles/shop",
            Skip = stage - 1,
            Count = 1,
        });

        var run = await scene.RunAsync("ramp");

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(3, scene.WritesOf("shop"));
        await AssertAtNorthAsync(scene);
    }

    [Theory]
    [InlineData(FaultKind.Throttle)]
    [InlineData(FaultKind.Error)]
    [InlineData(FaultKind.Dark)]
    public async Task Ramp_ResourceManagerDoesNotServeForAWhile_GoesOnWhereItWas(FaultKind kind)
    {
        await using var scene = await StartAsync(Step);
        scene.Cloud.AddFaults(new Fault { On = FaultTarget.ResourceManager, Kind = kind, At = TimeSpan.FromSeconds(30), For = TimeSpan.FromSeconds(40) });

        var run = await scene.RunAsync("ramp");

        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        Assert.Equal(3, scene.WritesOf("shop"));
        await AssertAtNorthAsync(scene);
    }

    [Fact]
    public async Task Ramp_KilledInEveryStage_GoesOnInAnotherProcess()
    {
        await using var scene = await StartAsync(Step);
        var seen = new HashSet<string>();
        scene.OnWaiting = (_, finding) =>
        {
            // Right after each write, and once in each soak.
            if (seen.Add(string.Join(' ', finding.Split(' ').Take(2))))
            {
                throw new KilledException(finding);
            }
        };
        var request = await scene.StartRunAsync("ramp");
        for (var isOver = false; !isOver;)
        {
            try
            {
                await scene.DriveAsync("shop", request.RunId);
                isOver = true;
            }
            catch (KilledException)
            {
                scene.Kill();
            }
        }

        Assert.Equal(RunState.Completed, (await scene.ViewAsync(request.RunId)).State);
        Assert.Equal(3, scene.WritesOf("shop"));
        Assert.Equal(6, seen.Count);
        await AssertAtNorthAsync(scene);
    }

    [Fact]
    public async Task Ramp_NobodyLookedForLong_SoaksAnew()
    {
        await using var scene = await StartAsync(Step);
        var request = await scene.StartRunAsync("ramp");
        scene.OnWaiting = (_, finding) =>
        {
            if (finding.Contains("10 % of the users are at", StringComparison.Ordinal) && finding.Contains("to go", StringComparison.Ordinal))
            {
                throw new KilledException(finding);
            }
        };
        await Assert.ThrowsAsync<KilledException>(() => scene.DriveAsync("shop", request.RunId));
        scene.Kill();
        scene.Time.Advance(TimeSpan.FromMinutes(5));
        var resumed = scene.Time.GetUtcNow();
        DateTimeOffset? second = null;
        scene.OnWaiting = (_, finding) => second ??= finding.StartsWith("StagePending: 50 %", StringComparison.Ordinal) ? scene.Time.GetUtcNow() : null;

        await scene.DriveAsync("shop", request.RunId);

        Assert.True(second - resumed >= TimeSpan.FromMinutes(1), $"the next stage came after {second - resumed}");
    }

    [Fact]
    public async Task Ramp_TheDataLags_SendsNobodyUntilItIsThere()
    {
        await using var scene = await StartAsync("rampTraffic: { to: secondary, stages: [10, 100], soak: 1m, sharedData: true, maxLag: 30s }", "warm.yaml");
        scene.Core.Lag.SafeUntil = null;
        var waits = new List<string>();
        scene.OnWaiting = (_, finding) =>
        {
            waits.Add(finding);
            scene.Core.Lag.SafeUntil = waits.Count < 3 ? null
                : waits.Count < 6 ? scene.Time.GetUtcNow() - TimeSpan.FromMinutes(2)
                : scene.Time.GetUtcNow() - TimeSpan.FromSeconds(1);
        };

        var run = await scene.RunAsync("ramp");

        Assert.True(run.State == RunState.Completed, $"{run.Pause?.Message}; {string.Join("; ", waits.TakeLast(3))}");
        Assert.Equal("RegionPending: no user is sent to 'northeurope' yet: it is not known how far 'files' lags: nothing of it was copied yet", waits[0]);
        Assert.Matches("^RegionPending: no user is sent to 'northeurope' yet: 'files' lags 1[0-9]{2} s, expected at most 30 s$", waits[3]);
    }

    [Fact]
    public async Task Ramp_TheRegionIsDeadBeforeTheFirstStage_SendsNobody()
    {
        await using var scene = await StartAsync(Step);
        await scene.Cloud.SetRegionDarkAsync("northeurope", true);

        var run = await scene.RunAsync("ramp");

        Assert.Equal((RunState.Paused, 0), (run.State, scene.WritesOf("shop")));
        Assert.Contains("no user is sent to 'northeurope' yet", run.Pause!.Message, StringComparison.Ordinal); // It is paused.
    }

    [Fact]
    public async Task Canary_StaysHealthy_LeavesAShareThere()
    {
        await using var scene = await StartAsync("rampTraffic: { to: secondary, stages: [20], soak: 1m, sharedData: true }");

        var run = await scene.RunAsync("ramp");

        Assert.Equal(RunState.Completed, run.State);
        Assert.Equal(RegionRole.Primary, (await scene.StateAsync()).Active);
        Assert.InRange(await scene.CountUsersAsync("northeurope", 60), 2, 30);
    }

    [Fact]
    public async Task Ramp_TimedOutInAStageAndTriedAgain_EndsAsItBegan()
    {
        await using var scene = await StartAsync("rampTraffic: { to: secondary, stages: [10, 50, 100], soak: 1m, sharedData: true, timeout: 4m }");
        scene.OnWaiting = (_, finding) =>
        {
            if (finding.StartsWith("Soaking: 50 %", StringComparison.Ordinal))
            {
                scene.Time.Advance(TimeSpan.FromMinutes(5));
                scene.OnWaiting = (_, _) => { };
            }
        };
        var run = await scene.RunAsync("ramp");
        Assert.Equal(RunState.Paused, run.State);

        run = await scene.CommandAsync(run.RunId, CommandKind.Retry, "rampTraffic");

        // By priority, as before the first stage; the profile was weighted when the step began anew.
        Assert.Equal(RunState.Completed, run.State);
        await AssertAtNorthAsync(scene);
    }

    [Fact]
    public async Task Ramp_TimedOutInAStageAndUndone_IsAsBefore()
    {
        await using var scene = await StartAsync("rampTraffic: { to: secondary, stages: [10, 50, 100], soak: 1m, sharedData: true, timeout: 4m }");
        var before = RoutingSettings.Of(await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default));
        scene.OnWaiting = (_, finding) => scene.Time.Advance(finding.StartsWith("Soaking: 50 %", StringComparison.Ordinal) ? TimeSpan.FromMinutes(5) : TimeSpan.Zero);
        var run = await scene.RunAsync("ramp");

        await scene.CommandAsync(run.RunId, CommandKind.Undo);

        Assert.True(before.AreOf(await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default)));
        Assert.Equal(10, await scene.CountUsersAsync("westeurope", 10));
    }

    private static async Task AssertAtNorthAsync(SimulatedRuns scene)
    {
        var profile = await scene.Traffic.ReadAsync(scene.Plan.Traffic.Profile, default);
        Assert.Equal(
            ("Priority", "westeurope 2 True, northeurope 1 True"),
            (profile.RoutingMethod, string.Join(", ", profile.Endpoints.Select(one => $"{one.Name} {one.Priority} {one.Enabled}"))));
        var state = await scene.StateAsync();
        Assert.Equal((RegionRole.Secondary, false), (state.Active, state.Arriving));
        Assert.Equal(5, await scene.CountUsersAsync("northeurope", 5));
    }

    private static Task<SimulatedRuns> StartAsync(string step, string file = "hot.yaml") =>
        SimulatedRuns.StartAsync(file, change: yaml => $"{yaml}  ramp:\n    - {step}\n");
}
