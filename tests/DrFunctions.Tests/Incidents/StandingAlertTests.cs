using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.App.Incidents;

/// <summary>
/// Alerts that outlive their incident, in virtual time: the incident's own orchestration, the minute's watch and the tick. Azure Monitor
/// does not send an alert again that is still fired, so nothing here is told twice.
/// </summary>
public sealed class StandingAlertTests
{
    private static readonly CallerIdentity s_alice = new("alice", CallerRole.Approver, CallerAuthentication.EntraId);

    [Fact]
    public async Task Primary_DiesLongAfterItsAlertsIncidentClosed_FailsOver()
    {
        var scene = await SceneAsync();
        Assert.StartsWith("patience ended: red.control-probe: 200", (await LastAsync(scene)).Outcome, StringComparison.Ordinal);
        await MinutesAsync(scene, 180);
        Assert.Single(await scene.Incidents.ReadAsync("shop", default));

        scene.Probe.Dark.Add(RegionRole.Primary);
        var died = scene.Clock.GetUtcNow();
        await MinutesAsync(scene, 1);

        var run = Assert.Single(scene.Scheduler.Executing).Value;
        Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
        Assert.InRange(run.DetectedAt, died, died + TimeSpan.FromMinutes(2)); // not when the old alert fired
        Assert.Equal("1 fired: site (Sev1) Fired", (await LastAsync(scene)).Verdict!.Rules.Single(rule => rule.Name == "red.azure-monitor").Found);
        var signal = (await scene.Signals.ReadAsync("shop", 1, null, default)).Signals[0];
        Assert.Equal(("westeurope is lost by our own probes", "our own probe, after shop-000001: the primary was well since, and is lost"), (signal.Signal.Title, signal.Reason));
    }

    [Fact]
    public async Task Primary_DiesInTheMinuteInWhichItsIncidentCloses_FailsOver()
    {
        // No sample lies between the end of patience and the loss.
        var scene = await SceneAsync();
        scene.Probe.Dark.Add(RegionRole.Primary);

        await MinutesAsync(scene, 1);

        Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
        Assert.Contains("red.control-probe passes now", (await scene.Signals.ReadAsync("shop", 1, null, default)).Signals[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Primary_DiesAfterTheAlertWasTakenBack_StartsNothing()
    {
        var scene = await SceneAsync();
        await MinutesAsync(scene, 5);
        await DeliverAsync(scene, "Resolved");
        await MinutesAsync(scene, 5);

        scene.Probe.Dark.Add(RegionRole.Primary);
        await MinutesAsync(scene, 60);

        Assert.Empty(scene.Scheduler.Begun);
        Assert.Single(await scene.Incidents.ReadAsync("shop", default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Standby_WasNotReady_IsOneIncidentUntilItIsReadyWhateverTheClocks(int minutes)
    {
        var scene = Scene();
        var snapshots = scene.Restore.Snapshots["files"];
        scene.Restore.Snapshots.Remove("files");
        scene.Probe.Dark.Add(RegionRole.Primary);
        await DeliverAsync(scene, "Fired");
        await MinutesAsync(scene, 240, TimeSpan.FromMinutes(minutes));
        Assert.StartsWith("patience ended: green.restore-point.files", Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Outcome, StringComparison.Ordinal);

        scene.Restore.Snapshots["files"] = [new(snapshots[0].SnapshotId, scene.Clock.GetUtcNow())];
        await MinutesAsync(scene, 1, TimeSpan.FromMinutes(minutes));

        Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_EndedWithoutMovingUsers_TheNextWaitsForTheCooldownOrItsAcknowledgement(bool isAcknowledged)
    {
        var scene = Scene();
        scene.Probe.Dark.Add(RegionRole.Primary);
        await DeliverAsync(scene, "Fired");
        await MinutesAsync(scene, 20);
        Assert.Equal(["shop-000001-failover"], scene.Scheduler.Begun);
        Assert.Single(await scene.Incidents.ReadAsync("shop", default)); // none while the run goes on

        await scene.Locks.ReleaseAsync("shop", "shop-000001-failover", note: null, default);
        var ended = scene.Clock.GetUtcNow();
        if (isAcknowledged)
        {
            await scene.Opinions.AcknowledgeAsync("shop", "shop-000001-failover", s_alice, "seen to", default);
        }

        await MinutesAsync(scene, 1);

        Assert.Equal(["shop-000001-failover", "shop-000002-failover"], scene.Scheduler.Begun);
        var next = await LastAsync(scene);
        Assert.InRange(next.OpenedAt - ended, TimeSpan.Zero, TimeSpan.FromMinutes(2)); // a person sees it and can decline
        Assert.Equal(!isAcknowledged, next.ClosedAt - ended >= TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task Run_StartedByHandStoodInTheWay_IsFollowedByTheNextIncident()
    {
        var scene = Scene();
        scene.Probe.Dark.Add(RegionRole.Primary);
        await scene.Locks.TakeAsync(scene.Request("by-hand"), default);
        await DeliverAsync(scene, "Fired");
        await MinutesAsync(scene, 60);
        Assert.StartsWith("blocked: noActiveRun: by-hand", Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Outcome, StringComparison.Ordinal);

        await scene.Locks.ReleaseAsync("shop", "by-hand", note: null, default);
        await MinutesAsync(scene, 1);

        Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Run_MovedTheUsers_HasAnsweredTheAlertAlsoAfterTheFailback()
    {
        var scene = Scene();
        scene.Probe.Dark.Add(RegionRole.Primary);
        await DeliverAsync(scene, "Fired");
        await MinutesAsync(scene, 1);
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-000001-failover"), default);
        await scene.Locks.ReleaseAsync("shop", "shop-000001-failover", note: null, default);
        await MinutesAsync(scene, 120);

        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Primary, 2, "failback"), default);
        await MinutesAsync(scene, 120);

        Assert.Equal(["shop-000001-failover"], scene.Scheduler.Begun);
        Assert.Single(await scene.Incidents.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Person_DeclinedIt_IsNotOverruledByTheSameLossNorAMinuteLater()
    {
        var scene = await DeclinedAsync();
        await MinutesAsync(scene, 120); // long after the cooldown: the same loss
        Assert.Single(await scene.Incidents.ReadAsync("shop", default));

        scene.Probe.Dark.Clear();
        await MinutesAsync(scene, 3);
        scene.Probe.Dark.Add(RegionRole.Primary);
        await MinutesAsync(scene, 1);

        Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Person_DeclinedIt_AnotherLossWaitsForTheCooldown()
    {
        var scene = await DeclinedAsync();
        var declined = (await LastAsync(scene)).ClosedAt!.Value;
        scene.Probe.Dark.Clear();
        await MinutesAsync(scene, 2);
        scene.Probe.Dark.Add(RegionRole.Primary);

        for (var minute = 0; minute < 60 && scene.Scheduler.Begun.Count == 0; minute++)
        {
            await MinutesAsync(scene, 1);
        }

        Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
        Assert.InRange((await LastAsync(scene)).OpenedAt - declined, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(32));
    }

    [Fact]
    public async Task Probe_FlapsForADay_OpensAtMostOneIncidentForEachPatience()
    {
        var scene = Scene();
        scene.Lag.SafeUntil = null; // a person would have to approve: no run ends this
        await DeliverAsync(scene, "Fired");
        var began = scene.Clock.GetUtcNow();
        for (var minute = 0; scene.Clock.GetUtcNow() - began < TimeSpan.FromDays(1); minute++)
        {
            _ = minute % 2 == 0 ? scene.Probe.Dark.Add(RegionRole.Primary) : scene.Probe.Dark.Remove(RegionRole.Primary);
            await MinutesAsync(scene, 1);
        }

        Assert.Empty(scene.Scheduler.Begun);
        Assert.InRange((await scene.Incidents.ReadAsync("shop", default)).Count, 2, 24 * 4);
    }

    [Fact]
    public async Task Rules_ThatNeedNoAlert_AreLookedIntoAgainAsWell()
    {
        var scene = new RecoveryScene(Builders.APlan().WithPolicy(policy => policy with { Red = [Vantage.ControlProbe], MaxLoss = TimeSpan.FromDays(3) }).Build());
        scene.Restore.Snapshots.Remove("files", out var snapshots);
        await MinutesAsync(scene, 3);
        scene.Probe.Dark.Add(RegionRole.Primary);
        await MinutesAsync(scene, 30);
        Assert.StartsWith("patience ended: green.restore-point.files", Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Outcome, StringComparison.Ordinal);

        scene.Restore.Snapshots["files"] = [new(snapshots![0].SnapshotId, scene.Clock.GetUtcNow())];
        await MinutesAsync(scene, 1);

        Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Watch_ByTwoProcessesAtOnce_OpensOneIncident()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var scene = await SceneAsync();
            scene.Probe.Dark.Add(RegionRole.Primary);
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;
            await interleaving.RunAsync(
                () => scene.Watch.LookAsync(scene.Plan, default),
                () => scene.Watch.LookAsync(scene.Plan, default),
                () => scene.Desk.OpenAsync("shop", default),
                () => scene.Desk.OpenAsync("shop", default));
            scene.Interception.Around = (_, _) => Task.CompletedTask;

            await MinutesAsync(scene, 3);

            Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
            Assert.Equal(2, (await scene.Incidents.ReadAsync("shop", default)).Count);
        }
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Watch_KilledAtAnyCall_StartsOneRunInTheNextMinute(Moment when)
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            var scene = await SceneAsync();
            scene.Probe.Dark.Add(RegionRole.Primary);
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            var calls = 0;
            scene.Interception.Around = (_, moment) => moment == when && calls++ == fault ? throw new KilledException("watch") : Task.CompletedTask;
            isOver = await Task.WhenAny(scene.Watch.LookAsync(scene.Plan, default)) is { IsCompletedSuccessfully: true };
            scene.Interception.Around = (_, _) => Task.CompletedTask;

            await MinutesAsync(scene, 1);

            Assert.Equal(["shop-000002-failover"], scene.Scheduler.Begun);
        }

        Assert.InRange(fault, 15, 60);
    }

    [Fact]
    public async Task TenThousandFlappingAlerts_BesideTheWatch_StartOneRun()
    {
        var scene = Scene();
        var random = new Random(7);
        for (var round = 0; round < 100; round++)
        {
            // Fired and resolved in any order, and the primary flaps too until the run begins.
            foreach (var each in Enumerable.Range(0, 100))
            {
                await DeliverAsync(scene, random.Next(3) > 0 ? "Fired" : "Resolved", $"alert-{random.Next(50)}", TimeSpan.FromSeconds(random.Next(-60, 60)));
            }

            _ = random.Next(2) == 0 ? scene.Probe.Dark.Add(RegionRole.Primary) : scene.Probe.Dark.Remove(RegionRole.Primary);
            await MinutesAsync(scene, 1);
        }

        Assert.Single(scene.Scheduler.Begun);
        Assert.Equal(1, (await scene.Locks.ReadAsync("shop", default))!.Epoch);
    }

    [Theory]
    [InlineData("healthy", "Read workloads/shop")]
    [InlineData("failing over", "Read workloads/shop,List incidents/shop/,Read incidents/shop/shop-000001,Read workloads/shop,Read locks/shop")]
    [InlineData("moved", "Read workloads/shop,List incidents/shop/,Read incidents/shop/shop-000001,Read workloads/shop")]
    public async Task Watch_AMinuteInWhichThereIsNothingToDo_CostsAFewReads(string what, string expected)
    {
        var scene = Scene();
        await DeliverAsync(scene, "Fired");
        if (what != "healthy")
        {
            scene.Probe.Dark.Add(RegionRole.Primary);
        }

        await MinutesAsync(scene, 1);
        if (what == "moved")
        {
            await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-000001-failover"), default);
            await scene.Locks.ReleaseAsync("shop", "shop-000001-failover", note: null, default);
        }

        var calls = new List<string>();
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        scene.Interception.Around = (call, moment) =>
        {
            calls.AddRange(moment == Moment.Before && !call.Contains("lag/", StringComparison.Ordinal) ? [call] : []);
            return Task.CompletedTask;
        };
        Assert.Null(await scene.Watch.LookAsync(scene.Plan, default));

        // The first is the sample's own, which asks which way data goes; the probe, the profile and the stores' lag are not counted.
        Assert.Equal(expected, string.Join(',', calls.Where(call => call.Contains('/', StringComparison.Ordinal))));
    }

    /// <summary>A healthy primary whose alert fired, and whose incident's patience has ended.</summary>
    private static async Task<RecoveryScene> SceneAsync()
    {
        var scene = Scene();
        await DeliverAsync(scene, "Fired");
        await MinutesAsync(scene, 1);
        return scene;
    }

    private static async Task<RecoveryScene> DeclinedAsync()
    {
        var scene = Scene();
        scene.Lag.SafeUntil = null;
        scene.Probe.Dark.Add(RegionRole.Primary);
        await DeliverAsync(scene, "Fired");
        await MinutesAsync(scene, 1, meanwhile: () => scene.Desk.DecideAsync("shop", "shop-000001", DecisionKind.Decline, null, s_alice, "it comes back", default));
        Assert.Contains("approval: declined by alice", Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Outcome, StringComparison.Ordinal);
        scene.Lag.SafeUntil = MovableClock.Start;
        return scene;
    }

    private static RecoveryScene Scene() => new(Builders.APlan().WithPolicy(policy => policy with { MaxLoss = TimeSpan.FromDays(3) }).Build());

    private static async Task<IncidentRecord> LastAsync(RecoveryScene scene) => (await scene.Incidents.ReadAsync("shop", default))[0];

    /// <summary>Each minute: the watch, and the tick, which finds what the watch's wake did not. An orchestration runs to its end.</summary>
    private static async Task MinutesAsync(RecoveryScene scene, int minutes, TimeSpan skew = default, Func<Task>? meanwhile = null)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            if (await scene.Watch.LookAsync(scene.Plan, default) is not null || await scene.Incidents.HasWorkAsync("shop", default))
            {
                await new VirtualOrchestration(scene, meanwhile ?? (() => Task.CompletedTask)) { Skew = skew }.RunAsync("shop");
            }
        }
    }

    private static async Task DeliverAsync(RecoveryScene scene, string condition, string alert = "one", TimeSpan at = default)
    {
        var now = scene.Clock.GetUtcNow();
        var time = now + at;
        var body = $$$$"""
            {"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertId":"{{{{alert}}}}","alertRule":"site","severity":"Sev1","monitorCondition":"{{{{condition}}}}",
            "alertTargetIDs":["{{{{scene.Plan.Primary.WebApp}}}}"],"firedDateTime":"{{{{time:O}}}}","resolvedDateTime":"{{{{time:O}}}}"}}}
            """;
        var signal = SignalReader.Read(body, now);
        foreach (var found in SignalCorrelation.Decide(signal, [scene.Plan]))
        {
            await scene.Signals.AddAsync(new SignalRecord(1, signal, found.Workload, found.Disposition, found.Reason, body), default);
        }
    }
}
