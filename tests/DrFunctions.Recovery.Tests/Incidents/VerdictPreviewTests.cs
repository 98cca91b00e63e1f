using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Tests.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class VerdictPreviewTests
{
    private static readonly CallerIdentity s_alice = new("alice", CallerRole.Approver, CallerAuthentication.EntraId);

    [Theory]
    [InlineData(true, Decision.Start)]
    [InlineData(false, Decision.Wait)]
    public async Task Preview_NoIncident_SaysWhatAnAlertWouldDoAndWritesNothing(bool isDark, Decision expected)
    {
        var scene = new RecoveryScene();
        if (isDark)
        {
            scene.Probe.Dark.Add(RegionRole.Primary);
        }

        var before = await AllAsync(scene);
        var preview = await scene.Desk.PreviewAsync("shop", default);

        Assert.Equal((expected, "failover", "v1", null), (preview!.Decision, preview.Runbook, preview.PlanVersion, preview.IncidentId));
        Assert.Equal((900, 900), (preview.Loss.MaxLossSeconds, preview.Loss.RpoSeconds));
        Assert.InRange(preview.Loss.LossSeconds!.Value, 60, 70);
        Assert.Equal("an alert is assumed", preview.Rules.Single(rule => rule.Name == "red.azure-monitor").Found);
        Assert.Equal(before, await AllAsync(scene));
        Assert.Empty(scene.Effects);
        Assert.Empty(scene.Scheduler.Begun);
    }

    [Fact]
    public async Task Preview_NoPlan_IsNull() => Assert.Null(await new RecoveryScene().Desk.PreviewAsync("other", default));

    [Fact]
    public async Task Preview_AnOpenIncident_CountsWhatPeopleDecidedAboutIt()
    {
        var scene = await OpenAsync(scene => scene.Lag.SafeUntil = null);
        Assert.Equal("unknown: files is unknown: nothing of it was copied yet", (await PreviewRuleAsync(scene, "dataLoss")).Found);

        await scene.Desk.DecideAsync("shop", "shop-000001", DecisionKind.Override, "red.control-probe", s_alice, "I see it burn", default);
        await scene.Desk.DecideAsync("shop", "shop-000001", DecisionKind.Approve, null, s_alice, "lose it", default);

        Assert.Equal("alice", (await PreviewRuleAsync(scene, "red.control-probe")).OverriddenBy);
        Assert.Contains("approved by alice", (await PreviewRuleAsync(scene, "dataLoss")).Found, StringComparison.Ordinal);
        Assert.Equal(Decision.Start, (await scene.Desk.PreviewAsync("shop", default))!.Decision);
        Assert.Equal(Decision.Start, (await scene.Desk.AssessAsync("shop", "shop-000001", MovableClock.Start - TimeSpan.FromHours(1), default)).Decision);
    }

    [Fact]
    public async Task Decide_Twice_KeepsTheFirst()
    {
        var scene = await OpenAsync(_ => { });

        await scene.Desk.DecideAsync("shop", "shop-000001", DecisionKind.Approve, null, s_alice, "first", default);
        var again = await scene.Desk.DecideAsync("shop", "shop-000001", DecisionKind.Approve, null, s_alice, "second", default);

        Assert.Equal("first", again!.Reason);
        Assert.Single(await scene.Opinions.ReadAsync("shop", "shop-000001", default));
        Assert.Equal("shop-000001", Assert.Single(await scene.Incidents.ReadAsync("shop", default)).Id);
    }

    [Fact]
    public async Task Decide_NoOpenIncidentOfThatId_IsNull()
    {
        var scene = await OpenAsync(_ => { });

        Assert.Null(await scene.Desk.DecideAsync("shop", "shop-000002", DecisionKind.Approve, null, s_alice, "x", default));
        await scene.Incidents.CloseAsync("shop", "shop-000001", "done", null, default);
        Assert.Null(await scene.Desk.DecideAsync("shop", "shop-000001", DecisionKind.Approve, null, s_alice, "x", default));
    }

    [Theory]
    [InlineData("noActiveRun")]
    [InlineData("red.traffic-manager")]
    [InlineData("")]
    public async Task Decide_ARuleThatCannotBeOverridden_IsRefusedAndNamesThoseThatCan(string rule)
    {
        var scene = await OpenAsync(_ => { });

        var refused = await Assert.ThrowsAsync<RecoveryException>(
            () => scene.Desk.DecideAsync("shop", "shop-000001", DecisionKind.Override, rule, s_alice, "x", default));

        Assert.Equal("RuleUnknown", refused.Code);
        Assert.StartsWith($"rule: '{rule}', expected one of cooldown, freeze, red.azure-monitor, red.control-probe,", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await scene.Opinions.ReadAsync("shop", "shop-000001", default));
    }

    [Fact]
    public async Task Decide_BySomebodyWhoMayNot_IsRefused()
    {
        var scene = await OpenAsync(_ => { });

        var refused = await Assert.ThrowsAsync<RecoveryException>(() => scene.Desk.DecideAsync(
            "shop", "shop-000001", DecisionKind.Approve, null, new CallerIdentity("pipeline", CallerRole.Approver, CallerAuthentication.FunctionKey), "x", default));

        Assert.Equal(("NotAllowed", "'pipeline' is a system, and only a person approves."), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Acknowledge_TheLastRun_EndsTheCooldownOfThatRunOnly()
    {
        var scene = await OpenAsync(_ => { });
        await scene.Locks.TakeAsync(scene.Request(), default);
        await scene.Locks.ReleaseAsync("shop", "shop-run-1", note: null, default);
        Assert.False((await PreviewRuleAsync(scene, "cooldown")).Passed);

        await scene.Opinions.AcknowledgeAsync("shop", "shop-run-1", s_alice, "seen to", default);
        Assert.True((await PreviewRuleAsync(scene, "cooldown")).Passed);

        await scene.Locks.TakeAsync(scene.Request("shop-run-2"), default);
        await scene.Locks.ReleaseAsync("shop", "shop-run-2", note: null, default);
        Assert.False((await PreviewRuleAsync(scene, "cooldown")).Passed);
    }

    [Theory]
    [InlineData("Degraded", VantageFinding.Red)]
    [InlineData("degraded", VantageFinding.Red)]
    [InlineData("Online", VantageFinding.Green)]
    [InlineData("CheckingEndpoint", VantageFinding.Unknown)]
    [InlineData("Stopped", VantageFinding.Unknown)]
    [InlineData("Disabled", VantageFinding.Unknown)]
    public async Task Look_TrafficManager_TakesTheMonitorsState(string status, VantageFinding expected)
    {
        var scene = new RecoveryScene(Asking(Vantage.TrafficManager));
        scene.Traffic.Profile = scene.Traffic.Profile with { Endpoints = [.. scene.Traffic.Profile.Endpoints.Select(endpoint => endpoint with { MonitorStatus = status })] };

        Assert.Equal($"westeurope is {status}", await FoundAsync(scene, "traffic-manager", expected));
    }

    [Fact]
    public async Task Look_TrafficManagerDoesNotAnswer_IsUnknown()
    {
        var scene = new RecoveryScene(Asking(Vantage.TrafficManager));
        scene.Interception.Around = (call, _) => call == "ReadProfile" ? throw new RecoveryException("Silent", "no answer", true, "Wait.") : Task.CompletedTask;

        Assert.Equal("Silent: no answer", await FoundAsync(scene, "traffic-manager", VantageFinding.Unknown));
    }

    [Theory]
    [InlineData(200, """{"primary":"dead"}""", VantageFinding.Red)]
    [InlineData(200, """{"primary":"healthy"}""", VantageFinding.Green)]
    [InlineData(200, """{"primary":"DEAD"}""", VantageFinding.Unknown)]
    [InlineData(200, """{"primary":7}""", VantageFinding.Unknown)]
    [InlineData(200, "[]", VantageFinding.Unknown)]
    [InlineData(200, "<html>", VantageFinding.Unknown)]
    [InlineData(503, """{"primary":"dead"}""", VantageFinding.Unknown)]
    public async Task Look_TheStandbysProbe_BelievesOnlyWhatItUnderstands(int status, string body, VantageFinding expected)
    {
        var scene = new RecoveryScene(Asking(Vantage.StandbyProbe)) { Probe = { Status = status, Body = body } };

        Assert.NotEmpty(await FoundAsync(scene, "standby-probe", expected));
    }

    private static async Task<string> FoundAsync(RecoveryScene scene, string vantage, VantageFinding expected)
    {
        var rule = await PreviewRuleAsync(scene, $"red.{vantage}");
        Assert.Equal((expected == VantageFinding.Red, expected == VantageFinding.Unknown), (rule.Passed, rule.Found.StartsWith("cannot tell: ", StringComparison.Ordinal)));
        return rule.Found.Replace("cannot tell: ", "", StringComparison.Ordinal);
    }

    private static WorkloadPlan Asking(Vantage vantage) =>
        APlan().WithPolicy(policy => policy with { Red = [vantage], StandbyProbe = new Uri("http://shop-northeurope.azurewebsites.net/peer") }).Build();

    private static async Task<Rule> PreviewRuleAsync(RecoveryScene scene, string name) =>
        (await scene.Desk.PreviewAsync("shop", default))!.Rules.Single(rule => rule.Name == name);

    private static async Task<RecoveryScene> OpenAsync(Action<RecoveryScene> change)
    {
        var scene = new RecoveryScene();
        change(scene);
        await scene.Signals.AddAsync(Samples.Signal("a"), default);
        await scene.Desk.OpenAsync("shop", default);
        return scene;
    }

    private static async Task<string> AllAsync(RecoveryScene scene)
    {
        var all = new System.Text.StringBuilder();
        await foreach (var key in scene.Documents.ListAsync("", default))
        {
            all.AppendLine($"{key} {(await scene.Documents.ReadAsync(key, default))!.ETag}");
        }

        return all.ToString();
    }
}
