using System.Globalization;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Prove;

public sealed class ProveRunnerTests
{
    private const int Prove = 4;

    [Fact]
    public async Task Prove_ResolversChangeAtDifferentTimes_RecordsTheFirstAndTheLast()
    {
        var scene = new RecoveryScene();
        scene.Probe.Others["slow"] = RegionRole.Primary;
        var attempts = 0;

        var facts = await ProveAsync(scene, () =>
        {
            if (++attempts == 8)
            {
                scene.Probe.Others["slow"] = RegionRole.Secondary;
            }
        });

        Assert.Equal("2", facts["resolvers"]);
        Assert.InRange(Number(facts["firstSwitchSeconds"]), 0, 1);
        Assert.InRange(Number(facts["lastSwitchSeconds"]), 7, 9);
        Assert.DoesNotContain("silentResolvers", facts.Keys);
    }

    [Fact]
    public async Task Prove_AResolverNeverAnswers_WaitsForCachesAndLeavesTheLastSwitchUnknown()
    {
        var scene = new RecoveryScene();
        scene.Probe.Others["silent"] = null;

        var facts = await ProveAsync(scene);

        Assert.Equal("silent", facts["silentResolvers"]);
        Assert.DoesNotContain("lastSwitchSeconds", facts.Keys);

        // The profile's time to live of 10 s, and a margin of 30 s.
        Assert.InRange(scene.Clock.GetUtcNow() - MovableClock.Start, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task Prove_AResolverStaysWithTheOldRegion_IsNoProof()
    {
        var scene = new RecoveryScene();
        scene.Probe.Others["stuck"] = RegionRole.Primary;

        var run = await new RunDriver(scene).StartAsync(scene.Request());

        Assert.NotEqual(StepState.Completed, run.Steps[Prove].State);
        Assert.Contains("at the resolver stuck, expected 'shop-northeurope.azurewebsites.net'", run.Steps[Prove].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_AResolverChangesAndGoesBack_CountsFromItsLastChange()
    {
        var scene = new RecoveryScene();
        scene.Probe.Others["flapping"] = RegionRole.Secondary;
        scene.Probe.Others["slow"] = RegionRole.Primary;
        var attempts = 0;

        var facts = await ProveAsync(scene, () =>
        {
            attempts++;
            scene.Probe.Others["flapping"] = attempts == 4 ? RegionRole.Primary : RegionRole.Secondary;
            scene.Probe.Others["slow"] = attempts >= 6 ? RegionRole.Secondary : RegionRole.Primary;
        });

        Assert.InRange(Number(facts["lastSwitchSeconds"]), 5, 7);
    }

    [Fact]
    public async Task Prove_WaitsForDns_ReadsTheProfileEveryQuarterOfAMinuteAndTheJournalNotAnew()
    {
        var scene = new RecoveryScene();
        scene.Probe.Others["slow"] = RegionRole.Primary;
        var attempts = 0;
        var calls = new List<string>();
        scene.Interception.Around = (call, moment) =>
        {
            if (moment == Moment.Before && attempts > 0)
            {
                calls.Add(call);
            }

            return Task.CompletedTask;
        };

        await ProveAsync(scene, () =>
        {
            if (++attempts == 40)
            {
                scene.Probe.Others["slow"] = RegionRole.Secondary;
            }
        });

        Assert.True(attempts >= 40);
        calls.RemoveRange(calls.LastIndexOf("TryReplace locks/shop"), calls.Count - calls.LastIndexOf("TryReplace locks/shop")); // what the test reads
        Assert.InRange(calls.Count(call => call == "ReadProfile"), 3, 4); // in 40 s
        Assert.DoesNotContain("Read runs/shop-run-1/journal/000000", calls);
        Assert.InRange(calls.Count(call => call == "Read runs/shop-run-1/proofs/4"), 1, 3); // at first, and after each write
    }

    [Fact]
    public async Task Prove_TheEndpointGetsAnotherNameMeanwhile_SeesItAfterAWhile()
    {
        var scene = new RecoveryScene();
        scene.Probe.Others["slow"] = RegionRole.Primary;
        var attempts = 0;

        var facts = await ProveAsync(scene, () =>
        {
            if (++attempts == 3)
            {
                var endpoints = scene.Traffic.Profile.Endpoints;
                scene.Traffic.Profile = scene.Traffic.Profile with { Endpoints = [endpoints[0], endpoints[1] with { Target = "new.example.org" }] };
                scene.Probe.Others.Remove("slow");
            }
        });

        Assert.Equal("new.example.org", facts["canonicalName"]);
        Assert.InRange(attempts, 4, 20);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyDictionary<string, string>> ProveAsync(RecoveryScene scene, Action? beforeAttempt = null)
    {
        var driver = new RunDriver(scene)
        {
            BeforeAttempt = index =>
            {
                if (index == Prove)
                {
                    beforeAttempt?.Invoke();
                }

                return Task.CompletedTask;
            },
        };
        var run = await driver.StartAsync(scene.Request());
        Assert.Equal(RunState.Completed, run.State);
        var entries = await scene.Journal.ReadAsync(run.RunId, default);
        return entries.Single(entry => entry is { Kind: JournalKind.StepCompleted, Step: Prove }).Facts;
    }
}
