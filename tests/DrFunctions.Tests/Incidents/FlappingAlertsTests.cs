using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.App.Incidents;

/// <summary>The incident's own orchestration and activities in virtual time, under a storm of alerts.</summary>
public sealed class FlappingAlertsTests
{
    private const int Deliveries = 10_000;
    private const int AtOnce = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TenThousandAlerts_DuplicateReorderedAndFlapping_StartOneRun(int seed)
    {
        var scene = new RecoveryScene { Probe = { Dark = { RegionRole.Primary } } };
        var random = new Random(seed);
        var storm = new Queue<string>(Enumerable.Range(0, Deliveries).Select(_ => Alert(random)));
        var context = new VirtualOrchestration(scene, () => DeliverAsync(scene, storm, AtOnce));
        var sawEndedRun = false;

        while (storm.Count > 0)
        {
            // What the intake does after it stored a signal: an orchestration that is not running begins.
            await DeliverAsync(scene, storm, AtOnce);
            await context.RunAsync("shop");
            Assert.InRange(scene.Scheduler.Begun.Count, 0, 1);

            // Halfway the run fails: the primary still carries the workload and is still dead, and the cooldown holds.
            if (storm.Count < Deliveries / 2 && !sawEndedRun && scene.Scheduler.Begun.Count == 1)
            {
                await scene.Locks.ReleaseAsync("shop", scene.Scheduler.Begun[0], note: null, default);
                sawEndedRun = true;
            }
        }

        Assert.Equal(["shop-000001-failover"], scene.Scheduler.Begun);
        Assert.Equal(1, (await scene.Locks.ReadAsync("shop", default))!.Epoch);
        Assert.True(sawEndedRun);
        var incidents = await scene.Incidents.ReadAsync("shop", default);
        Assert.InRange(incidents.Count(incident => incident.State == IncidentState.Open), 0, 1);
        Assert.Contains(incidents, incident => incident.Outcome?.StartsWith("blocked: noActiveRun", StringComparison.Ordinal) == true);

        // Every alert once, however often it came.
        var stored = await scene.Documents.ListAsync("signals/shop/", default).CountAsync();
        Assert.InRange(stored, 100, 400);
        Assert.InRange(incidents.Sum(incident => incident.SignalCount), 100, stored);
    }

    private static async Task DeliverAsync(RecoveryScene scene, Queue<string> storm, int most)
    {
        for (var each = 0; each < most && storm.TryDequeue(out var body); each++)
        {
            var signal = SignalReader.Read(body, scene.Clock.GetUtcNow());
            foreach (var found in SignalCorrelation.Decide(signal, [scene.Plan]))
            {
                await scene.Signals.AddAsync(new SignalRecord(1, signal, found.Workload, found.Disposition, found.Reason, body), default);
            }
        }
    }

    // One of two hundred alerts, in any order, each as often as it comes, fired or resolved.
    private static string Alert(Random random)
    {
        var (id, isFired) = (random.Next(200), random.Next(3) > 0);
        var fired = MovableClock.Start - TimeSpan.FromSeconds(1000 - id);
        return $$$$"""{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertId":"alert-{{{{id}}}}","monitorCondition":"{{{{(isFired ? "Fired" : "Resolved")}}}}","alertTargetIDs":["/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Web/sites/shop-westeurope"],"firedDateTime":"{{{{fired:O}}}}","resolvedDateTime":"{{{{fired.AddSeconds(id % 2 == 0 ? 5 : -5):O}}}}"}}}""";
    }
}
