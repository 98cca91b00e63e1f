using System.Net;
using DrFunctions.Cloud.Tests.Probes.Dns;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Cloud.Tests.Runs;

/// <summary>The proof from outside by several resolvers over the wire, one of which is not what it should be.</summary>
public sealed class ProofTests
{
    private const string Fast = "  fast:\n    - fence: { region: primary }\n    - shiftTraffic: { to: secondary }\n    - prove: { region: secondary, timeout: 2m }\n";
    private const string Shop = "shop.trafficmanager.net";
    private const string West = "shop-westeurope.azurewebsites.net";
    private const string North = "shop-northeurope.azurewebsites.net";

    [Fact]
    public async Task Proof_OneCachesUntilItsTimeToLive_RecordsTheLastSwitch()
    {
        var leads = West;
        await using var cache = new FakeResolver(question => Reply(question, leads));
        await using var scene = await StartAsync(cache.Address);
        scene.OnWaiting = (_, finding) => leads = finding.Contains(cache.Address.ToString(), StringComparison.Ordinal) && Passed(scene) > 5 ? North : leads;

        var facts = await FactsAsync(scene, await scene.RunAsync("fast"));

        Assert.Equal("2", facts["resolvers"]);
        Assert.InRange(Number(facts["firstSwitchSeconds"]), 0, 2);
        Assert.InRange(Number(facts["lastSwitchSeconds"]), 5, 9);
        Assert.DoesNotContain("silentResolvers", facts.Keys);
    }

    [Fact]
    public async Task Proof_OneCachesBeyondItsTimeToLive_IsNotGivenAndSaysWhichAndByHowMuch()
    {
        await using var stuck = new FakeResolver(question => Reply(question, West));
        await using var scene = await StartAsync(stuck.Address);

        var run = await scene.RunAsync("fast");

        Assert.Equal((RunState.Paused, "prove"), (run.State, run.Pause!.Step)); // It is paused.
        Assert.Matches(
            $"'{West}' at the resolver {stuck.Address}, expected '{North}'; it keeps what ended [0-9]+ s ago, the time to live and a margin included", run.Pause.Message);
        Assert.Null(run.Attained.RtoSeconds);
    }

    [Fact]
    public async Task Proof_OneAnswersNobody_IsWaitedForAsLongAsCachesLiveAndSaidToBeUnseen()
    {
        await using var dead = new FakeResolver(question => FakeResolver.Reply(question, 0x8182)); // server failure: a silent one takes real time
        await using var scene = await StartAsync(dead.Address);

        var run = await scene.RunAsync("fast");
        var facts = await FactsAsync(scene, run);

        Assert.Equal(dead.Address.ToString(), facts["silentResolvers"]);
        Assert.DoesNotContain("lastSwitchSeconds", facts.Keys);
        Assert.EndsWith($"; not seen, because they do not answer: {dead.Address}", run.Steps[^1].Summary, StringComparison.Ordinal);

        // The profile's time to live of 5 s and a margin of 30 s.
        Assert.InRange(Passed(scene), 35, 60);
    }

    [Fact]
    public async Task Proof_OneLies_IsNotGivenAndSaysWhich()
    {
        await using var liar = new FakeResolver(question => Reply(question, "evil.example.org"));
        await using var scene = await StartAsync(liar.Address);

        var run = await scene.RunAsync("fast");

        Assert.Equal((RunState.Paused, "prove"), (run.State, run.Pause!.Step)); // It is paused.
        Assert.Contains(
            $"leads to 'evil.example.org' at the resolver {liar.Address}, expected '{North}'; no endpoint of the profile has that name", run.Pause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proof_AllLeadThereAndItAnswersBadly_IsNotGiven()
    {
        await using var scene = await StartAsync();
        scene.BeforeAttempt = (_, index) =>
        {
            if (index == 2)
            {
                scene.Cloud.SetSiteState("shop-northeurope", DrFunctions.Simulator.SiteStatus.Stopped);
            }

            return Task.CompletedTask;
        };

        var run = await scene.RunAsync("fast");

        Assert.Equal((RunState.Paused, "prove"), (run.State, run.Pause!.Step)); // It is paused.
        Assert.Null(run.Attained.RtoSeconds);
    }

    private static double Passed(SimulatedRuns scene) => (scene.Time.GetUtcNow() - DrFunctions.Testing.Recovery.MovableClock.Start).TotalSeconds;

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Reply(byte[] question, string name) =>
        FakeResolver.Reply(question, 0x8180, FakeResolver.Alias(Shop, name), FakeResolver.A(name, "127.0.0.42"));

    private static async Task<IReadOnlyDictionary<string, string>> FactsAsync(SimulatedRuns scene, RunView run)
    {
        Assert.True(run.State == RunState.Completed, run.Pause?.Message);
        return (await scene.Core.Journal.ReadAsync(run.RunId, default)).Single(entry => entry is { Kind: JournalKind.StepCompleted, Step: 2 }).Facts;
    }

    private static Task<SimulatedRuns> StartAsync(params IPEndPoint[] others) =>
        SimulatedRuns.StartAsync("hot.yaml", change: yaml => yaml + Fast, resolvers: cloud => [cloud, .. others]);
}
