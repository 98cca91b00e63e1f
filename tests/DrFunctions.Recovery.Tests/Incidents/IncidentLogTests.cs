using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Tests.Signals;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class IncidentLogTests
{
    [Fact]
    public async Task Open_NoSignal_OpensNothing()
    {
        var scene = new RecoveryScene();

        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));
        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));
    }

    [Fact]
    public async Task Open_Signals_NamesThemAllAndTheEarliestTime()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Signal("b", minutes: 2), default);
        await scene.Signals.AddAsync(Samples.Signal("a", minutes: 1), default);
        Assert.True(await scene.Incidents.HasWorkAsync("shop", default));

        var incident = await scene.Incidents.OpenAsync("shop", "v1", default);

        Assert.Equal(("shop-000001", IncidentState.Open, "v1"), (incident!.Id, incident.State, incident.PlanVersion));
        Assert.Equal(["a", "b"], incident.Signals);
        Assert.Equal(MovableClock.Start + TimeSpan.FromMinutes(1), incident.DetectedAt);
        Assert.Empty(await scene.Signals.ReadUnattachedAsync("shop", default));
    }

    [Fact]
    public async Task Open_WhileOneIsOpen_AddsToIt()
    {
        var scene = new RecoveryScene();
        await OpenAsync(scene, "a", minutes: 2);

        var incident = await OpenAsync(scene, "b", minutes: 1);

        Assert.Equal("shop-000001", incident!.Id);
        Assert.Equal(["a", "b"], incident.Signals);
        Assert.Equal(MovableClock.Start + TimeSpan.FromMinutes(1), incident.DetectedAt);
        Assert.Equal(["a", "b"], (await scene.Incidents.OpenAsync("shop", "v2", default))!.Signals);
        Assert.Single(await scene.Incidents.ReadAsync("shop", default));
    }

    [Fact]
    public async Task Open_AfterOneWasClosed_OpensTheNext()
    {
        var scene = new RecoveryScene();
        await OpenAsync(scene, "a");
        await scene.Incidents.CloseAsync("shop", "shop-000001", "blocked", null, default);
        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));

        var next = await OpenAsync(scene, "b");

        Assert.Equal("shop-000002", next!.Id);
        Assert.Equal(["b"], next.Signals);
        Assert.Equal(["shop-000002", "shop-000001"], (await scene.Incidents.ReadAsync("shop", default)).Select(incident => incident.Id));
    }

    [Fact]
    public async Task Open_ASignalOfAClosedIncidentThatWasNeverMarked_OpensNoSecondOne()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Signal("a"), default);
        scene.Interception.Around = (call, _) => call.StartsWith("TryCreate attached", StringComparison.Ordinal) ? throw new KilledException(call) : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(() => scene.Incidents.OpenAsync("shop", "v1", default));
        scene.Interception.Around = (_, _) => Task.CompletedTask;
        await scene.Incidents.CloseAsync("shop", "shop-000001", "blocked", null, default);

        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));

        Assert.Single(await scene.Incidents.ReadAsync("shop", default));
        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));
    }

    [Fact]
    public async Task Close_Twice_KeepsTheFirstOutcome()
    {
        var scene = new RecoveryScene();
        await OpenAsync(scene, "a");

        var first = await scene.Incidents.CloseAsync("shop", "shop-000001", "started shop-run-1", "shop-run-1", default);
        var second = await scene.Incidents.CloseAsync("shop", "shop-000001", "patience ended", null, default);

        Assert.Equal(("started shop-run-1", "shop-run-1"), (first.Outcome, first.RunId));
        Assert.Equal((first.Outcome, first.ClosedAt), (second.Outcome, second.ClosedAt));
        Assert.Equal(IncidentState.Closed, (await scene.Incidents.ReadAsync("shop", "shop-000001", default)).State);
    }

    [Fact]
    public async Task Change_AnUnknownIncident_NamesIt()
    {
        var exception = await Assert.ThrowsAsync<RecoveryException>(
            () => new RecoveryScene().Incidents.ChangeAsync("shop", "shop-000009", incident => incident, default));

        Assert.Equal(("IncidentNotFound", "'shop' has no incident 'shop-000009'."), (exception.Code, exception.Message));
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Open_KilledAtAnyCall_LosesNoSignalAndOpensOne(Moment when)
    {
        var fault = -1;
        for (var isOver = false; !isOver;)
        {
            fault++;
            var scene = new RecoveryScene();
            await scene.Signals.AddAsync(Samples.Signal("a"), default);
            await scene.Signals.AddAsync(Samples.Signal("b"), default);
            var calls = 0;
            scene.Interception.Around = (call, moment) => moment == when && calls++ == fault ? throw new KilledException(call) : Task.CompletedTask;
            isOver = await Task.WhenAny(scene.Incidents.OpenAsync("shop", "v1", default)) is { IsCompletedSuccessfully: true };
            scene.Interception.Around = (_, _) => Task.CompletedTask;

            Assert.True(await scene.Incidents.HasWorkAsync("shop", default));
            await OpenAsync(scene, "c");

            Assert.Equal(["a", "b", "c"], Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Signals.Order());
            Assert.Empty(await scene.Signals.ReadUnattachedAsync("shop", default));
        }

        Assert.InRange(fault, 6, 20);
    }

    [Fact]
    public async Task Open_ManyAtOnceWithSignalsArriving_NamesEverySignalInExactlyOneIncident()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var scene = new RecoveryScene();
            await scene.Signals.AddAsync(Samples.Signal("a"), default);
            var interleaving = new Interleaving(new Random(seed));
            scene.Interception.Around = interleaving.PauseAsync;

            await interleaving.RunAsync(
                () => OpenAsync(scene, "b"),
                () => scene.Incidents.OpenAsync("shop", "v1", default),
                async () =>
                {
                    if (await scene.Incidents.OpenAsync("shop", "v1", default) is { } incident)
                    {
                        await scene.Incidents.CloseAsync("shop", incident.Id, "blocked", null, default);
                    }
                },
                () => OpenAsync(scene, "c"));

            scene.Interception.Around = (_, _) => Task.CompletedTask;
            await scene.Incidents.OpenAsync("shop", "v1", default);
            var incidents = await scene.Incidents.ReadAsync("shop", default);
            Assert.Equal(["a", "b", "c"], incidents.SelectMany(incident => incident.Signals).Order());
            Assert.InRange(incidents.Count(incident => incident.State == IncidentState.Open), 0, 1);
            Assert.Empty(await scene.Signals.ReadUnattachedAsync("shop", default));
        }
    }

    [Fact]
    public async Task Open_AnAlertThatWasResolvedBeforeAnybodyLooked_OpensNothing()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Alert("resolved", "a", false, 9), default);
        await scene.Signals.AddAsync(Samples.Alert("fired", "a", true, 0), default);

        Assert.False(await scene.Incidents.HasWorkAsync("shop", default));
        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));

        // The news that it is well waits for an alert that may come later still, and not for ever.
        Assert.Equal(["resolved"], (await scene.Signals.ReadUnattachedAsync("shop", default)).Select(record => record.Signal.Id));
        scene.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await scene.Incidents.OpenAsync("shop", "v1", default));
        Assert.Empty(await scene.Signals.ReadUnattachedAsync("shop", default));
    }

    [Fact]
    public async Task Open_TheAlertIsResolved_IsNoLongerRed()
    {
        var scene = new RecoveryScene();
        await scene.Signals.AddAsync(Samples.Alert("1", "a", true, 1), default);
        Assert.True(Assert.Single((await scene.Incidents.OpenAsync("shop", "v1", default))!.Alerts).IsRed);

        await scene.Signals.AddAsync(Samples.Alert("2", "a", false, 2), default);
        var incident = await scene.Incidents.OpenAsync("shop", "v1", default);

        Assert.False(Assert.Single(incident!.Alerts).IsRed);
        Assert.Equal((2, MovableClock.Start + TimeSpan.FromSeconds(1)), (incident.SignalCount, incident.DetectedAt));
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.After)]
    public async Task Open_MoreSignalsThanOneWriteTakes_CountsEveryOneOnceWhereverItDies(Moment when)
    {
        // Around the border of two batches every call is a place to die.
        var fault = 490;
        for (var isOver = false; !isOver; fault++)
        {
            var scene = new RecoveryScene();
            for (var each = 0; each < 510; each++)
            {
                await scene.Signals.AddAsync(Samples.Alert($"s{each}", $"a{each}", each % 2 == 0, each), default);
            }

            var calls = 0;
            scene.Interception.Around = (call, moment) => moment == when && !call.StartsWith("Read signals", StringComparison.Ordinal) && calls++ == fault
                ? throw new KilledException(call)
                : Task.CompletedTask;
            isOver = await Task.WhenAny(scene.Incidents.OpenAsync("shop", "v1", default)) is { IsCompletedSuccessfully: true };
            scene.Interception.Around = (_, _) => Task.CompletedTask;

            var incident = await scene.Incidents.OpenAsync("shop", "v1", default);

            Assert.Equal((510, IncidentRecord.MostNamed, AlertStates.Most), (incident!.SignalCount, incident.Signals.Count, incident.Alerts.Count));
            Assert.Single(await scene.Incidents.ReadAsync("shop", default));
            Assert.Empty(await scene.Signals.ReadUnattachedAsync("shop", default));
        }

        Assert.InRange(fault, 510, 600);
    }

    private static async Task<IncidentRecord?> OpenAsync(RecoveryScene scene, string signal, int minutes = 0)
    {
        await scene.Signals.AddAsync(Samples.Signal(signal, minutes), default);
        return await scene.Incidents.OpenAsync("shop", "v1", default);
    }
}
