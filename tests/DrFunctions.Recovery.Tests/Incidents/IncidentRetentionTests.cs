using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Tests.Signals;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class IncidentRetentionTests
{
    private readonly RecoveryScene scene = new();

    [Fact]
    public async Task Sweep_OldIncidents_GoUnlessARunOrAPersonHadToDoWithThem()
    {
        await CloseAsync("patience ended", null); // 1
        await CloseAsync("started shop-000002-failover", "shop-000002-failover"); // 2
        await CloseAsync("blocked: noActiveRun", "shop-000002-failover"); // 3: another incident's run
        var decided = await OpenAsync(); // 4
        await scene.Opinions.AddAsync(decided, DecisionKind.Decline, null, RecoveryScene.Ops, "no", default);
        await scene.Incidents.CloseAsync("shop", decided.Id, "blocked: declined", null, default);
        scene.Clock.Advance(IncidentRetention.Age + TimeSpan.FromDays(1));
        await CloseAsync("patience ended", null); // 5: young
        await CloseAsync("patience ended", null); // 6: the newest

        Assert.Equal(2, await Retention.SweepAsync("shop", default));
        Assert.Equal(0, await Retention.SweepAsync("shop", default));

        Assert.Equal(["shop-000006", "shop-000005", "shop-000004", "shop-000002"], (await scene.Incidents.ReadAsync("shop", default)).Select(incident => incident.Id));
        Assert.Single(await scene.Opinions.ReadAsync("shop", "shop-000004", default));
    }

    [Fact]
    public async Task Sweep_TheNewestIncident_StaysSoThatNumbersGoOn()
    {
        await CloseAsync("patience ended", null);
        scene.Clock.Advance(2 * IncidentRetention.Age);

        Assert.Equal(0, await Retention.SweepAsync("shop", default));
        Assert.Equal("shop-000002", (await OpenAsync()).Id);
    }

    [Fact]
    public async Task Sweep_OfAWorkload_LeavesTheOthersAlone()
    {
        await CloseAsync("patience ended", null);
        await CloseAsync("patience ended", null);
        scene.Clock.Advance(2 * IncidentRetention.Age);

        Assert.Equal(0, await Retention.SweepAsync("sho", default));
        Assert.Equal(1, await Retention.SweepAsync("shop", default));
    }

    private IncidentRetention Retention => new(scene.Documents, scene.Clock);

    private async Task<IncidentRecord> OpenAsync()
    {
        await scene.Signals.AddAsync(Samples.Signal($"s{_signals++}"), default);
        return (await scene.Incidents.OpenAsync("shop", "v1", default))!; // there is an alert
    }

    private int _signals;

    private async Task CloseAsync(string outcome, string? runId) =>
        await scene.Incidents.CloseAsync("shop", (await OpenAsync()).Id, outcome, runId, default);
}
