using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Tests.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class IncidentDeskTests
{
    [Fact]
    public async Task Open_NoPlan_HasNothingToLookInto()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Signal("a") with { Workload = "other" }, default);

        Assert.Null(await scene.Desk.OpenAsync("other", default));
        Assert.Null(await scene.Desk.OpenAsync("shop", default));
    }

    [Fact]
    public async Task Open_ANewerPlanIsApplied_IsJudgedByItsOwn()
    {
        var scene = await RedAsync();
        scene.Plans.Apply(APlan().WithPolicy(policy => policy with { Dwell = TimeSpan.FromHours(9) }).Build());

        Assert.Equal(30, (await scene.Desk.OpenAsync("shop", default))!.DwellSeconds);
    }

    [Fact]
    public async Task Open_WhileTheLastRunCools_IsPatientFromThenOn()
    {
        var scene = new RecoveryScene();
        await scene.Locks.TakeAsync(scene.Request(), default);
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);
        await scene.Signals.AddAsync(Samples.Signal("a"), default);

        var incident = await scene.Desk.OpenAsync("shop", default);

        Assert.Equal((await scene.Locks.ReadAsync("shop", default))!.ReleasedAt + TimeSpan.FromMinutes(45), incident!.Until);
    }

    [Fact]
    public async Task Assess_RedPrimaryAndReadyStandby_HoldsAndRecordsEveryRule()
    {
        var scene = await RedAsync();

        var seen = await scene.Desk.AssessAsync("shop", "shop-000001", null, default);

        Assert.Equal((Decision.Wait, true, "dwell: 0 s, expected at least 30 s", null), (seen.Decision, seen.ConditionsHold, seen.Reason, seen.ActiveRun));
        var recorded = (await scene.Incidents.ReadAsync("shop", "shop-000001", default)).Verdict!;
        Assert.Equal("connection refused", recorded.Rules.Single(rule => rule.Name == "red.control-probe").Found);
        Assert.Equal("shop-northeurope is there, Stopped", recorded.Rules.Single(rule => rule.Name == "green.standby-app").Found);
        Assert.Equal("files-0001 of 2026-03-01 02:59:00Z", recorded.Rules.Single(rule => rule.Name == "green.restore-point.files").Found);
    }

    [Fact]
    public async Task Assess_SnapshotsThatCannotBeRead_AreNamed()
    {
        var scene = await RedAsync();
        scene.Restore.Skipped.AddRange(["The root 'a' is damaged.", "The root 'b' is damaged.", "c.", "d."]);

        await scene.Desk.AssessAsync("shop", "shop-000001", null, default);

        var rule = (await scene.Incidents.ReadAsync("shop", "shop-000001", default)).Verdict!.Rules.Single(rule => rule.Name == "green.restore-point.files");
        Assert.True(rule.Passed);
        Assert.Equal("files-0001 of 2026-03-01 02:59:00Z; passed over 4: The root 'a' is damaged; The root 'b' is damaged; c; …", rule.Found);
    }

    [Fact]
    public async Task Assess_TheStandbyCannotBeLookedAt_IsNotReady()
    {
        var scene = await RedAsync();
        scene.Interception.Around = (call, _) => call.StartsWith("FindNewest", StringComparison.Ordinal)
            ? throw new RecoveryException("RepositoryUnavailable", "no answer", isTransient: true, "Wait.")
            : Task.CompletedTask;

        var seen = await scene.Desk.AssessAsync("shop", "shop-000001", MovableClock.Start - TimeSpan.FromHours(1), default);

        Assert.Equal((Decision.Wait, false), (seen.Decision, seen.ConditionsHold));
        Assert.Contains("green.restore-point.files: RepositoryUnavailable: no answer, expected ready", seen.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assess_AMoveWasBegunAndIsNotKnownToHaveHappened_WaitsOnlyForAPersonWhoSeesThatTheLossIsUnknown()
    {
        var scene = await RedAsync();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "shop-run-0") { Arriving = true }, default);

        var seen = await scene.Desk.AssessAsync("shop", "shop-000001", MovableClock.Start - TimeSpan.FromHours(1), default);

        Assert.Equal(
            (Decision.Wait, "dataLoss: unknown: files is unknown: users are being moved: it is not known where they write, expected at most 900 s, or a named approver"),
            (seen.Decision, seen.Reason));
    }

    [Theory]
    [InlineData("missing site", "green.standby-app: shop-northeurope does not exist, expected ready")]
    [InlineData("no snapshot", "green.restore-point.files: no complete snapshot in northeurope, expected ready")]
    [InlineData("green", "red.control-probe: 200 in 12 ms, expected red")]
    [InlineData("running", "noActiveRun: shop-run-1, expected none")]
    [InlineData("moved", "activeInPrimary: secondary, expected primary")]
    public async Task Assess_SomethingStandsAgainst_SaysWhat(string what, string reason)
    {
        var scene = await RedAsync();
        var state = new WorkloadState(RegionRole.Secondary, 1, "shop-run-0");
        await (what switch
        {
            "missing site" => Task.FromResult(scene.WebApps.States.Remove(scene.Plan.Secondary.WebApp)),
            "no snapshot" => Task.FromResult(scene.Restore.Snapshots.Remove("files")),
            "green" => Task.FromResult(scene.Probe.Dark.Remove(RegionRole.Primary)),
            "running" => scene.Locks.TakeAsync(scene.Request(), default),
            _ => scene.States.MoveAsync("shop", state, default),
        });

        var seen = await scene.Desk.AssessAsync("shop", "shop-000001", MovableClock.Start - TimeSpan.FromHours(1), default);

        Assert.NotEqual(Decision.Start, seen.Decision);
        Assert.Contains(reason, seen.Reason, StringComparison.Ordinal);
        Assert.Equal(what == "running" ? "shop-run-1" : null, seen.ActiveRun);
    }

    [Fact]
    public async Task Start_TheVerdictIsStart_StartsTheRunWithTheReasonsAndCloses()
    {
        var scene = await RedAsync();
        await scene.Desk.AssessAsync("shop", "shop-000001", MovableClock.Start - TimeSpan.FromHours(1), default);

        await scene.Desk.StartAsync("shop", "shop-000001", scene.Scheduler, default);

        var run = Assert.Single(scene.Scheduler.Executing).Value;
        Assert.Equal(("shop-000001-failover", "incident shop-000001", "v1", "shop-000001"), (run.RunId, run.StartedBy.ToString(), run.PlanVersion, run.IncidentId));
        Assert.Equal(MovableClock.Start, run.DetectedAt);
        Assert.Contains("red.control-probe: connection refused", run.Reason, StringComparison.Ordinal);
        var incident = await scene.Incidents.ReadAsync("shop", "shop-000001", default);
        Assert.Equal((IncidentState.Closed, "started shop-000001-failover", "shop-000001-failover"), (incident.State, incident.Outcome, incident.RunId));
    }

    [Fact]
    public async Task Start_AnotherRunIsActive_ClosesWithThatOne()
    {
        var scene = await RedAsync();
        await scene.Locks.TakeAsync(scene.Request(), default);

        await scene.Desk.StartAsync("shop", "shop-000001", scene.Scheduler, default);

        var incident = await scene.Incidents.ReadAsync("shop", "shop-000001", default);
        Assert.Equal(("shop-run-1 was active already", "shop-run-1"), (incident.Outcome, incident.RunId));
    }

    [Fact]
    public async Task Start_TheWorkloadMoved_ClosesWithoutARun()
    {
        var scene = await RedAsync();
        await scene.States.MoveAsync("shop", new WorkloadState(RegionRole.Secondary, 1, "by hand"), default);

        await scene.Desk.StartAsync("shop", "shop-000001", scene.Scheduler, default);

        var incident = await scene.Incidents.ReadAsync("shop", "shop-000001", default);
        Assert.Equal(("northeurope carries the workload already", null), (incident.Outcome, incident.RunId));
        Assert.Empty(scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Start_ThePlanHasNoSuchRunbook_ClosesAndSaysSo()
    {
        var scene = new RecoveryScene(APlan().WithPolicy(policy => policy with { Runbook = "escape" }).Build());
        await scene.Signals.AddAsync(Samples.Signal("a"), default);
        await scene.Desk.OpenAsync("shop", default);

        await scene.Desk.StartAsync("shop", "shop-000001", scene.Scheduler, default);

        Assert.Equal("the plan has no runbook 'escape'", (await scene.Incidents.ReadAsync("shop", "shop-000001", default)).Outcome);
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Incident_KilledAtAnyCall_StartsExactlyOneRun(Moment when)
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            var scene = new RecoveryScene { Probe = { Dark = { RegionRole.Primary } } };
            await scene.Signals.AddAsync(Samples.Signal("a"), default);
            var calls = 0;
            scene.Interception.Around = (call, moment) => moment == when && calls++ == fault ? throw new KilledException(call) : Task.CompletedTask;
            try
            {
                await JudgeAsync(scene);
                isOver = true;
                scene.Interception.Around = (_, _) => Task.CompletedTask;
            }
            catch (KilledException)
            {
                // The tick: both are idempotent.
                await JudgeAsync(scene);
                await new RunDriver(scene).TickAsync();
            }

            await JudgeAsync(scene);
            var incident = Assert.Single(await scene.Incidents.ReadAsync("shop", default));
            Assert.Equal((IncidentState.Closed, "started shop-000001-failover"), (incident.State, incident.Outcome));
            Assert.Equal(["shop-000001-failover"], scene.Scheduler.Begun);
            Assert.Equal(1, (await scene.Locks.ReadAsync("shop", default))!.Epoch);
        }

        Assert.InRange(fault, 20, 200);
    }

    [Fact]
    public async Task Incident_ToTheEnd_FailsOverAndIsThenQuiet()
    {
        var scene = new RecoveryScene { Probe = { Dark = { RegionRole.Primary } } };
        await scene.Signals.AddAsync(Samples.Signal("a", minutes: 0), default);
        await JudgeAsync(scene);
        var driver = new RunDriver(scene);
        await driver.TickAsync();

        await scene.Signals.AddAsync(Samples.Signal("b", minutes: 1), default);
        await JudgeAsync(scene);

        var run = await driver.ViewAsync("shop-000001-failover");
        Assert.Equal((RunState.Completed, RegionRole.Secondary), (run.State, (await scene.States.ReadAsync("shop", default)).Active));
        Assert.Equal(LockState.Released, (await scene.Locks.ReadAsync("shop", default))!.State);
        var incidents = await scene.Incidents.ReadAsync("shop", default);
        Assert.Equal(["shop-000002", "shop-000001"], incidents.Select(incident => incident.Id));
        Assert.StartsWith("blocked: activeInPrimary: secondary, expected primary", incidents[0].Outcome, StringComparison.Ordinal);
    }

    /// <summary>What the incident's orchestrator does, once woken.</summary>
    private static async Task JudgeAsync(RecoveryScene scene)
    {
        DateTimeOffset? redSince = null;
        while (await scene.Desk.OpenAsync("shop", default) is { } incident)
        {
            var now = scene.Clock.GetUtcNow();
            var seen = await scene.Desk.AssessAsync("shop", incident.IncidentId, redSince, default);
            redSince = seen.ConditionsHold ? redSince ?? now : null;
            if (seen.Decision == Decision.Start)
            {
                await scene.Desk.StartAsync("shop", incident.IncidentId, scene.Scheduler, default);
                return;
            }

            if (seen.Decision == Decision.Blocked && seen.ActiveRun is null)
            {
                await scene.Desk.CloseAsync("shop", incident.IncidentId, $"blocked: {seen.Reason}", seen.ActiveRun, default);
                return;
            }

            if (seen.ActiveRun == $"{incident.IncidentId}-failover")
            {
                // Killed between its start and its close: the start is repeated, as the activity would be.
                await scene.Desk.StartAsync("shop", incident.IncidentId, scene.Scheduler, default);
                return;
            }

            scene.Clock.Advance(TimeSpan.FromSeconds(6));
        }
    }

    private static async Task<RecoveryScene> RedAsync()
    {
        var scene = new RecoveryScene { Probe = { Dark = { RegionRole.Primary } } };
        await scene.Signals.AddAsync(Samples.Signal("a"), default);
        await scene.Desk.OpenAsync("shop", default);
        return scene;
    }
}
