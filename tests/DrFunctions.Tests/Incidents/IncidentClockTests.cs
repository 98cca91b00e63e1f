using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.App.Incidents;

/// <summary>Clocks that are ten minutes apart: of two hosts of the app, and of whoever sends the alerts.</summary>
public sealed class IncidentClockTests
{
    private static readonly TimeSpan Dwell = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Incident_OrchestratedByAHostWithAnotherClock_StartsAfterItsDwell(int minutes)
    {
        var (scene, context) = await SceneAsync(minutes, isLost: true);

        var took = await RunAsync(scene, context);

        Assert.Equal(["shop-000001-failover"], scene.Scheduler.Begun);
        Assert.InRange(took, Dwell, Dwell + TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Incident_OrchestratedByAHostWithAnotherClock_IsAsPatientAsThePlanSays(int minutes)
    {
        var (scene, context) = await SceneAsync(minutes, isLost: false);

        var took = await RunAsync(scene, context);

        Assert.Empty(scene.Scheduler.Begun);
        Assert.StartsWith("patience ended: red.control-probe: 200", Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Outcome, StringComparison.Ordinal);
        Assert.InRange(took, Patience, Patience + TimeSpan.FromSeconds(15));
    }

    // Another host takes the hub over while the conditions hold: it cannot know how long they have, and begins anew.
    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Incident_TakenOverByAHostWithAnotherClock_BeginsTheDwellAnewAndStartsOnce(int minutes)
    {
        var turns = 0;
        VirtualOrchestration? context = null;
        var scene = Scene(isLost: true);
        context = new VirtualOrchestration(scene, () =>
        {
            context!.Skew = ++turns >= 3 ? TimeSpan.FromMinutes(minutes) : TimeSpan.Zero;
            return Task.CompletedTask;
        });
        await AlertAsync(scene, TimeSpan.Zero);

        var took = await RunAsync(scene, context);

        Assert.Equal(["shop-000001-failover"], scene.Scheduler.Begun);
        Assert.InRange(took, Dwell, (2 * Dwell) + TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Incident_OfAnAlertFromAnotherClock_StartsAndNeverBeginsInTheFuture(int minutes)
    {
        var scene = Scene(isLost: true);
        await AlertAsync(scene, TimeSpan.FromMinutes(minutes));

        await RunAsync(scene, new VirtualOrchestration(scene, () => Task.CompletedTask));

        var incident = Assert.Single(await scene.Incidents.ReadAsync("shop", default));
        Assert.Equal("started shop-000001-failover", incident.Outcome);
        Assert.True(incident.DetectedAt <= incident.OpenedAt, $"{incident.DetectedAt:O} is after {incident.OpenedAt:O}");
    }

    // Fired at 0:10, taken back at 0:12, fired again at 0:14, by the sender's clock, which is ahead; the middle one comes last.
    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    [InlineData(-10)]
    public async Task Incident_OfReorderedSignalsFromAnotherClock_BelievesTheNewestByThatClock(int minutes)
    {
        var scene = Scene(isLost: true);
        var skew = TimeSpan.FromMinutes(minutes);
        await DeliverAsync(scene, "Fired", skew);
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await DeliverAsync(scene, "Fired", skew + TimeSpan.FromSeconds(-1));
        await DeliverAsync(scene, "Resolved", skew + TimeSpan.FromSeconds(-2));

        await RunAsync(scene, new VirtualOrchestration(scene, () => Task.CompletedTask));

        Assert.Equal(["shop-000001-failover"], scene.Scheduler.Begun);
    }

    [Fact]
    public void Fold_ATimeThatNoClockExplains_IsNotNewestForEver()
    {
        var now = MovableClock.Start;
        var resolved = SignalReader.Read(Webhook("Resolved", now.AddYears(900)), now);
        var fired = SignalReader.Read(Webhook("Fired", now.AddMinutes(1)), now.AddMinutes(1));

        Assert.True(Assert.Single(AlertStates.Fold([], [resolved, fired])).IsRed);
    }

    private static async Task<(RecoveryScene Scene, VirtualOrchestration Context)> SceneAsync(int minutes, bool isLost)
    {
        var scene = Scene(isLost);
        await AlertAsync(scene, TimeSpan.Zero);
        return (scene, new VirtualOrchestration(scene, () => Task.CompletedTask) { Skew = TimeSpan.FromMinutes(minutes) });
    }

    private static RecoveryScene Scene(bool isLost)
    {
        var scene = new RecoveryScene(Builders.APlan().WithPolicy(policy => policy with { Dwell = Dwell, Patience = Patience }).Build());
        if (isLost)
        {
            scene.Probe.Dark.Add(RegionRole.Primary);
        }

        return scene;
    }

    private static async Task<TimeSpan> RunAsync(RecoveryScene scene, VirtualOrchestration context)
    {
        var begun = scene.Clock.GetUtcNow();
        await context.RunAsync("shop");
        return scene.Clock.GetUtcNow() - begun;
    }

    private static Task AlertAsync(RecoveryScene scene, TimeSpan skew) => DeliverAsync(scene, "Fired", skew);

    private static async Task DeliverAsync(RecoveryScene scene, string condition, TimeSpan skew)
    {
        var now = scene.Clock.GetUtcNow();
        var body = Webhook(condition, now + skew);
        var signal = SignalReader.Read(body, now);
        foreach (var found in SignalCorrelation.Decide(signal, [scene.Plan]))
        {
            await scene.Signals.AddAsync(new SignalRecord(1, signal, found.Workload, found.Disposition, found.Reason, body), default);
        }
    }

    private static string Webhook(string condition, DateTimeOffset at) => $$$$"""
        {"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertId":"one","monitorCondition":"{{{{condition}}}}",
        "alertTargetIDs":["/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Web/sites/shop-westeurope"],
        "firedDateTime":"{{{{at:O}}}}","resolvedDateTime":"{{{{at:O}}}}"}}}
        """;
}
