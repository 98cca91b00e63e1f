using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Tests.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class StandingAlertsTests
{
    private static readonly DateTimeOffset s_now = MovableClock.Start;
    private static readonly WorkloadState s_moved = new(RegionRole.Secondary, 3, "shop-run-3");

    [Fact]
    public void Of_ARedAlert_StandsAndAGreenOneAndOurOwnProbeDoNot()
    {
        var alerts = StandingAlerts.Of(Incident(Alert("red"), Alert("green") with { IsRed = false }, Alert(ProbeSignal.Alert)), WorkloadState.AtHome, s_now);

        Assert.Equal(["red"], alerts.Select(alert => alert.Alert));
        Assert.Empty(StandingAlerts.Of(null, WorkloadState.AtHome, s_now));
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void Of_AnOldAlert_StandsAsLongAsItsSignalIsKept(int days, bool stands) =>
        Assert.Equal(stands, StandingAlerts.Of(Incident(Alert("old") with { At = s_now - TimeSpan.FromDays(days) }), WorkloadState.AtHome, s_now).Count == 1);

    [Fact]
    public void Of_ARunMovedTheUsersAway_IsAnsweredAlsoOnceTheyAreBack()
    {
        Assert.False(Stands(WorkloadState.AtHome, s_moved));
        Assert.False(Stands(WorkloadState.AtHome, new WorkloadState(RegionRole.Primary, 4, "shop-run-4")));
    }

    [Fact]
    public void Of_NobodyKnowsWhetherTheUsersMoved_Stands() => Assert.True(Stands(WorkloadState.AtHome, s_moved with { Arriving = true }));

    [Fact]
    public void Of_AnAlertThatFiredWhileUsersWereElsewhere_StandsWhenTheyAreBack() =>
        Assert.True(Stands(s_moved, new WorkloadState(RegionRole.Primary, 4, "shop-run-4")));

    [Fact]
    public void Of_TheIncidentsRunTookItsMoveBack_Stands()
    {
        Assert.True(Stands(WorkloadState.AtHome, new WorkloadState(RegionRole.Primary, 3, "shop-run-3"), run: "shop-run-3"));
        Assert.False(Stands(WorkloadState.AtHome, new WorkloadState(RegionRole.Primary, 3, "shop-run-3"), run: "shop-run-2"));
    }

    [Fact]
    public void Of_BothRegionsHadUsers_IsAnsweredByTheRunThatLeftThePrimary() =>
        Assert.False(Stands(new WorkloadState(RegionRole.Secondary, 2, "shop-run-2") { IsShared = true }, s_moved));

    [Fact]
    public void Of_AnIncidentThatDoesNotSayWhereUsersWere_HasNone() =>
        Assert.Empty(StandingAlerts.Of(Incident(Alert("red")) with { OpenedIn = null }, WorkloadState.AtHome, s_now));

    [Fact]
    public async Task Open_ANewAlert_HasWhatStoodOfTheLastIncident()
    {
        var scene = await ClosedAsync();
        await scene.Signals.AddAsync(Samples.Alert("2", "b", true, 60), default);

        var next = await scene.Incidents.OpenAsync("shop", "v1", default);

        Assert.Equal(("shop-000002", "b a"), (next!.Id, string.Join(' ', next.Alerts.Where(alert => alert.IsRed).Select(alert => alert.Alert))));
        Assert.Equal((1, MovableClock.Start + TimeSpan.FromMinutes(1)), (next.SignalCount, next.DetectedAt));
    }

    [Fact]
    public async Task Open_TheStandingAlertIsResolved_StandsNoLongerAndOpensNothing()
    {
        var scene = await ClosedAsync();
        Assert.Equal(["a"], (await scene.Incidents.ReadRemainsAsync("shop", default)).Alerts.Select(alert => alert.Alert));
        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));

        await scene.Signals.AddAsync(Samples.Alert("2", "a", false, 60), default);
        Assert.True(await scene.Incidents.HasWorkAsync("shop", default));
        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));

        Assert.Empty((await scene.Incidents.ReadRemainsAsync("shop", default)).Alerts);
        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));
        Assert.Equal("patience ended", Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Outcome);
    }

    [Fact]
    public async Task Open_NewsFromBeforeTheAlertFired_TakesNothingBack()
    {
        var scene = await ClosedAsync();
        await scene.Signals.AddAsync(Samples.Alert("late", "a", false, -60), default);

        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));

        Assert.Single((await scene.Incidents.ReadRemainsAsync("shop", default)).Alerts);
        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Open_KilledAtAnyCallWhileAnAlertIsTakenBack_TakesItBackInTheEnd(Moment when)
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            var scene = await ClosedAsync();
            await scene.Signals.AddAsync(Samples.Alert("2", "a", false, 60), default);
            var calls = 0;
            scene.Interception.Around = (call, moment) => moment == when && calls++ == fault ? throw new KilledException(call) : Task.CompletedTask;
            isOver = await Task.WhenAny(scene.Incidents.OpenAsync("shop", "v1", default)) is { IsCompletedSuccessfully: true };
            scene.Interception.Around = (_, _) => Task.CompletedTask;

            if (await scene.Incidents.HasWorkAsync("shop", default))
            {
                Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));
            }

            Assert.Empty((await scene.Incidents.ReadRemainsAsync("shop", default)).Alerts);
            Assert.Empty(await scene.Signals.ReadUnattachedAsync("shop", default));
            Assert.Single(await scene.Incidents.ReadAsync("shop", default));
        }

        Assert.InRange(fault, 5, 20);
    }

    [Fact]
    public async Task Open_NewsOfAnAlertThatNobodyKnows_WaitsAnHourAndGoes()
    {
        var scene = await ClosedAsync();
        await scene.Signals.AddAsync(Samples.Alert("2", "unknown", false, 0), default);
        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));

        scene.Clock.Advance(TimeSpan.FromHours(2));
        Assert.True(await scene.Incidents.HasWorkAsync("shop", default));
        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));

        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));
        Assert.Single((await scene.Incidents.ReadRemainsAsync("shop", default)).Alerts);
    }

    [Fact]
    public async Task Retention_OfSignals_LeavesWhatStands()
    {
        var scene = await ClosedAsync();
        scene.Clock.Advance(TimeSpan.FromDays(29));
        await new SignalRetention(scene.Documents, scene.Signals, new ShiftedClock(scene.Clock, TimeSpan.FromDays(2))).SweepAsync(default);

        Assert.Empty((await scene.Signals.ReadAsync("shop", 10, null, default)).Signals);
        Assert.Single((await scene.Incidents.ReadRemainsAsync("shop", default)).Alerts);
    }

    private static bool Stands(WorkloadState before, WorkloadState now, string? run = null) =>
        StandingAlerts.Of(Incident(Alert("red")) with { OpenedIn = before, RunId = run }, now, s_now).Count == 1;

    private static AlertState Alert(string alert) => new(alert, true, s_now, "site down");

    private static IncidentRecord Incident(params AlertState[] alerts) =>
        new(1, "shop-000001", "shop", IncidentState.Closed, s_now, s_now, [], "v1", null, null, null, s_now, "patience ended")
        {
            Alerts = alerts,
            OpenedIn = WorkloadState.AtHome,
        };

    // An incident of the alert "a", which led to nothing.
    private static async Task<RecoveryScene> ClosedAsync()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Alert("1", "a", true, 0), default);
        await scene.Incidents.OpenAsync("shop", "v1", default);
        await scene.Incidents.CloseAsync("shop", "shop-000001", "patience ended", null, default);
        return scene;
    }

    private sealed class ShiftedClock(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + by;
    }
}
