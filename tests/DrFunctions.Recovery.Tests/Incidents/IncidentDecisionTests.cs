using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.People;
using DrFunctions.Testing.Recovery;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class IncidentDecisionTests
{
    private static readonly IncidentPolicy s_policy = new() { Resources = [], Runbook = "failover" };
    private static readonly DateTimeOffset s_now = MovableClock.Start;

    private static readonly IncidentFacts s_ready = new(
        s_now,
        [View(Vantage.AzureMonitor, VantageFinding.Red), View(Vantage.ControlProbe, VantageFinding.Red)],
        [new StandbyCheck("standby-app", true, "Stopped")],
        true,
        null,
        null,
        new LossEstimate(TimeSpan.FromSeconds(60), "files"),
        TimeSpan.FromSeconds(900),
        s_now - TimeSpan.FromSeconds(30));

    [Fact]
    public void Decide_EverythingHolds_StartsAndShowsEveryRule()
    {
        var verdict = IncidentDecision.Decide(s_policy, s_ready);

        Assert.Equal((Decision.Start, true, ""), (verdict.Decision, verdict.ConditionsHold, verdict.Reason));
        Assert.Equal(
            ["activeInPrimary", "noActiveRun", "cooldown", "freeze", "red.azure-monitor", "red.control-probe", "green.standby-app", "dataLoss", "approval", "dwell"],
            verdict.Rules.Select(rule => rule.Name));
        Assert.All(verdict.Rules, rule => Assert.True(rule.Passed && rule.Found.Length > 0 && rule.Expected.Length > 0));
        Assert.Equal(["activeInPrimary", "noActiveRun"], verdict.Rules.Where(rule => rule.Override is null).Select(rule => rule.Name));
        Assert.All(verdict.Rules.Skip(2), rule => Assert.Equal(rule.Name, rule.Override));
    }

    public static TheoryData<string, IncidentFacts, Decision, bool, string> Table => new()
    {
        { "moved", s_ready with { ActiveInPrimary = false }, Decision.Blocked, true, "activeInPrimary: secondary, expected primary" },
        { "running", s_ready with { ActiveRun = "shop-run-1" }, Decision.Blocked, true, "noActiveRun: shop-run-1, expected none" },
        { "no alert", With(Vantage.AzureMonitor, VantageFinding.Unknown), Decision.Wait, false, "red.azure-monitor: cannot tell: seen, expected red; dwell: 0 s, expected at least 30 s" },
        { "resolved", With(Vantage.AzureMonitor, VantageFinding.Green), Decision.Wait, false, "red.azure-monitor: seen, expected red; dwell: 0 s, expected at least 30 s" },
        { "green", With(Vantage.ControlProbe, VantageFinding.Green), Decision.Wait, false, "red.control-probe: seen, expected red; dwell: 0 s, expected at least 30 s" },
        { "blind", With(Vantage.ControlProbe, VantageFinding.Unknown), Decision.Wait, false, "red.control-probe: cannot tell: seen, expected red; dwell: 0 s, expected at least 30 s" },
        { "nobody looked", s_ready with { Vantages = [View(Vantage.AzureMonitor, VantageFinding.Red)] }, Decision.Wait, false, "red.control-probe: cannot tell: nobody looked, expected red; dwell: 0 s, expected at least 30 s" },
        { "no standby", s_ready with { Standby = [new("standby-app", true, "Stopped"), new("restore-point.files", false, "none")] }, Decision.Wait, false, "green.restore-point.files: none, expected ready; dwell: 0 s, expected at least 30 s" },
        { "unseen standby", s_ready with { Standby = [] }, Decision.Wait, false, "green: nothing was looked at, expected at least 1 check; dwell: 0 s, expected at least 30 s" },
        { "first look", s_ready with { RedSince = null }, Decision.Wait, true, "dwell: 0 s, expected at least 30 s" },
        { "too soon", s_ready with { RedSince = s_now - TimeSpan.FromSeconds(29.9) }, Decision.Wait, true, "dwell: 29.9 s, expected at least 30 s" },
        { "in the future", s_ready with { RedSince = s_now + TimeSpan.FromSeconds(60) }, Decision.Wait, true, "dwell: -60 s, expected at least 30 s" },
        { "cooling", s_ready with { LastRun = Ended(29) }, Decision.Wait, true, "cooldown: 1740 s since the last run, expected at least 1800 s" },
        { "cooled", s_ready with { LastRun = Ended(30) }, Decision.Start, true, "" },
        { "acknowledged", s_ready with { LastRun = Ended(1) with { AcknowledgedBy = "alice" } }, Decision.Start, true, "" },
        { "loses too much", s_ready with { Loss = new(TimeSpan.FromSeconds(901), "files") }, Decision.Wait, true, "dataLoss: 901 s: files, expected at most 900 s, or a named approver" },
        { "loses as much as it may", s_ready with { Loss = new(TimeSpan.FromSeconds(900), "files") }, Decision.Start, true, "" },
        { "loss unknown", s_ready with { Loss = new(null, "files is unknown") }, Decision.Wait, true, "dataLoss: unknown: files is unknown, expected at most 900 s, or a named approver" },
        { "loss approved", s_ready with { Loss = new(null, "files is unknown"), Decisions = [Said(DecisionKind.Approve, "alice")] }, Decision.Start, true, "" },
        { "approved by a system", s_ready with { Loss = new(null, "?"), Decisions = [Said(DecisionKind.Approve, "pipe", CallerAuthentication.FunctionKey)] }, Decision.Wait, true, "dataLoss: unknown: ?, expected at most 900 s, or a named approver" },
        { "approved by an operator", s_ready with { Loss = new(null, "?"), Decisions = [Said(DecisionKind.Approve, "bob", roles: CallerRole.Operator)] }, Decision.Wait, true, "dataLoss: unknown: ?, expected at most 900 s, or a named approver" },
        { "declined", s_ready with { Decisions = [Said(DecisionKind.Approve, "alice"), Said(DecisionKind.Decline, "bob")] }, Decision.Blocked, true, "approval: declined by bob, expected not declined" },
        { "overridden", With(Vantage.ControlProbe, VantageFinding.Green) with { Decisions = [Said(DecisionKind.Override, "alice", rule: "red.control-probe")] }, Decision.Start, true, "" },
        { "overridden by a system", With(Vantage.ControlProbe, VantageFinding.Green) with { Decisions = [Said(DecisionKind.Override, "pipe", CallerAuthentication.FunctionKey, rule: "red.control-probe")] }, Decision.Wait, false, "red.control-probe: seen, expected red; dwell: 0 s, expected at least 30 s" },
        { "another rule overridden", With(Vantage.ControlProbe, VantageFinding.Green) with { Decisions = [Said(DecisionKind.Override, "alice", rule: "dwell")] }, Decision.Wait, false, "red.control-probe: seen, expected red" },
        { "the lock cannot be overridden", s_ready with { ActiveRun = "r", Decisions = [Said(DecisionKind.Override, "alice", rule: "noActiveRun")] }, Decision.Blocked, true, "noActiveRun: r, expected none" },
        { "asked, not alerted", s_ready with { IsHypothetical = true, RedSince = null }, Decision.Start, true, "" },
        { "blocked and not red", With(Vantage.ControlProbe, VantageFinding.Green) with { ActiveInPrimary = false }, Decision.Blocked, false, "activeInPrimary: secondary, expected primary; red.control-probe: seen, expected red; dwell: 0 s, expected at least 30 s" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_ARuleDoesNotPass_SaysWhichAndWhy(string name, IncidentFacts facts, Decision decision, bool hold, string reason)
    {
        var verdict = IncidentDecision.Decide(s_policy, facts);

        Assert.True((decision, hold, reason) == (verdict.Decision, verdict.ConditionsHold, verdict.Reason), $"{name}: {verdict.Decision}, {verdict.ConditionsHold}, {verdict.Reason}");
    }

    [Theory]
    [InlineData(2, "red red unknown unknown", true, "2 red: azure-monitor red, traffic-manager red, control-probe unknown, standby-probe unknown")]
    [InlineData(3, "red red unknown green", false, "2 red: azure-monitor red, traffic-manager red, control-probe unknown, standby-probe green")]
    [InlineData(4, "red red red red", true, "4 red: azure-monitor red, traffic-manager red, control-probe red, standby-probe red")]
    [InlineData(1, "unknown unknown unknown unknown", false, "0 red: azure-monitor unknown, traffic-manager unknown, control-probe unknown, standby-probe unknown")]
    public void Decide_AQuorum_CountsTheRedVantages(int least, string findings, bool starts, string found)
    {
        var policy = s_policy with { Red = [], Quorum = new VantageQuorum(least, Enum.GetValues<Vantage>()[..4]) };
        var views = findings.Split(' ').Select((finding, index) => View((Vantage)index, Enum.Parse<VantageFinding>(finding, ignoreCase: true)));

        var verdict = IncidentDecision.Decide(policy, s_ready with { Vantages = [.. views] });

        Assert.Equal((starts, found), (verdict.Decision == Decision.Start, verdict.Rules.Single(rule => rule.Name == "vantages").Found));
    }

    [Fact]
    public void Decide_AFreeze_WaitsUntilItsEndAndPatience()
    {
        var policy = s_policy with { Freezes = [new DatedFreeze("sale", TimeZoneInfo.Utc, s_now.UtcDateTime.AddDays(-1), s_now.UtcDateTime.AddHours(2))] };

        var verdict = IncidentDecision.Decide(policy, s_ready);

        Assert.Equal((Decision.Wait, "freeze: 'sale' until 2026-03-01 05:00:00Z, expected none"), (verdict.Decision, verdict.Reason));
        Assert.Equal(s_now + TimeSpan.FromHours(2) + policy.Patience, verdict.WorthUntil);
    }

    [Theory]
    [InlineData("", 0, "alice bob", true)]
    [InlineData("", 0, "alice", false)]
    [InlineData("", 0, "alice alice", false)]
    [InlineData("alice,carol", 0, "alice bob", false)]
    [InlineData("alice,carol", 0, "alice carol", true)]
    [InlineData("", 60, "", false)]
    [InlineData("", 61, "", true)]
    public void Decide_TwoMustApproveFromALossOn_CountsThem(string approvers, int fromSeconds, string said, bool starts)
    {
        var policy = s_policy with
        {
            Approval = new ApprovalPolicy { From = TimeSpan.FromSeconds(fromSeconds), Count = 2, Approvers = approvers.Split(',', StringSplitOptions.RemoveEmptyEntries) },
        };

        var verdict = IncidentDecision.Decide(policy, s_ready with { Decisions = [.. said.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => Said(DecisionKind.Approve, name))] });

        Assert.Equal(starts ? Decision.Start : Decision.Wait, verdict.Decision);
        Assert.Equal(starts ? null : s_now + policy.Approval.Expires, verdict.WorthUntil);
    }

    [Fact]
    public void Decide_ApprovedTooLate_IsNotApproved()
    {
        var facts = s_ready with { OpenedAt = s_now - TimeSpan.FromHours(1), Loss = new(null, "?"), Decisions = [Said(DecisionKind.Approve, "alice")] };

        Assert.Equal(Decision.Wait, IncidentDecision.Decide(s_policy, facts).Decision);
    }

    [Fact]
    public void Decide_NothingIsKnown_NeverStarts()
    {
        var verdict = IncidentDecision.Decide(
            s_policy with { Dwell = TimeSpan.Zero, Cooldown = TimeSpan.Zero },
            new IncidentFacts(s_now, [], [], true, null, null, new LossEstimate(null, ""), TimeSpan.MaxValue, DateTimeOffset.MinValue));

        Assert.Equal((Decision.Wait, false), (verdict.Decision, verdict.ConditionsHold));
    }

    [Fact]
    public void Decide_NoDwellIsAsked_StartsAtTheFirstLook() =>
        Assert.Equal(Decision.Start, IncidentDecision.Decide(s_policy with { Dwell = TimeSpan.Zero }, s_ready with { RedSince = null }).Decision);

    [Fact]
    public void Decide_TheDwellIsBroken_BeginsAgain()
    {
        DateTimeOffset? redSince = null;
        var decisions = new List<Decision>();
        foreach (var (second, isRed) in new[] { (0, true), (10, true), (20, false), (30, true), (45, true), (59, true), (60, true) })
        {
            var now = s_now + TimeSpan.FromSeconds(second);
            var facts = With(Vantage.ControlProbe, isRed ? VantageFinding.Red : VantageFinding.Green);
            var verdict = IncidentDecision.Decide(s_policy, facts with { Now = now, RedSince = redSince });
            redSince = verdict.ConditionsHold ? redSince ?? now : null;
            decisions.Add(verdict.Decision);
        }

        Assert.Equal([Decision.Wait, Decision.Wait, Decision.Wait, Decision.Wait, Decision.Wait, Decision.Wait, Decision.Start], decisions);
    }

    [Fact]
    public void Decide_AnyFacts_StartsOnlyWhenEveryRulePasses()
    {
        var facts = from findings in Gen.Elements(VantageFinding.Unknown, VantageFinding.Green, VantageFinding.Red).ArrayOf(4)
                    from standby in Gen.Elements(true, false).ListOf()
                    from active in Gen.Elements(true, false)
                    from run in Gen.Elements<string?>(null, "run")
                    from ended in Gen.Elements<double?>(null, 0, 1799, 1800, 9999)
                    from ack in Gen.Elements<string?>(null, "alice")
                    from loss in Gen.Elements<double?>(null, 0, 900, 901)
                    from said in Gen.Elements(DecisionKind.Approve, DecisionKind.Decline, DecisionKind.Override, DecisionKind.Cancel)
                    from system in Gen.Elements(true, false)
                    from red in Gen.Elements<double?>(null, -5, 0, 29, 30, 31)
                    select new IncidentFacts(
                        s_now,
                        [.. findings.Select((finding, index) => View((Vantage)index, finding))],
                        [.. standby.Select((ready, index) => new StandbyCheck($"{index}", ready, ""))],
                        active,
                        run,
                        ended is { } e ? new LastRun("r", s_now - TimeSpan.FromSeconds(e), ack) : null,
                        new LossEstimate(loss is { } l ? TimeSpan.FromSeconds(l) : null, ""),
                        TimeSpan.FromSeconds(900),
                        red is { } r ? s_now - TimeSpan.FromSeconds(r) : null)
                    {
                        Decisions = [Said(said, "x", system ? CallerAuthentication.FunctionKey : CallerAuthentication.EntraId, rule: said == DecisionKind.Override ? "dwell" : null)],
                    };
        var policy = s_policy with { Quorum = new VantageQuorum(3, Enum.GetValues<Vantage>()) };

        Prop.ForAll(facts.ToArbitrary(), one =>
        {
            var verdict = IncidentDecision.Decide(policy, one);
            var person = one.Decisions[0].By.Authentication == CallerAuthentication.EntraId;
            bool Says(DecisionKind kind) => person && one.Decisions[0].Kind == kind;
            bool IsRed(Vantage vantage) => one.Vantages[(int)vantage].Finding == VantageFinding.Red;
            var expected = one is { ActiveInPrimary: true, ActiveRun: null, Standby.Count: > 0 }
                && IsRed(Vantage.AzureMonitor) && IsRed(Vantage.ControlProbe)
                && one.Vantages.Count(view => view.Finding == VantageFinding.Red) >= 3
                && one.Standby.All(check => check.Ready)
                && !Says(DecisionKind.Decline)
                && (one.Loss.Loss <= one.MaxLoss || Says(DecisionKind.Approve))
                && (one.RedSince <= s_now - TimeSpan.FromSeconds(30) || Says(DecisionKind.Override))
                && (one.LastRun is null || one.LastRun.AcknowledgedBy is not null || one.LastRun.EndedAt <= s_now - TimeSpan.FromMinutes(30));
            return (verdict.Decision == Decision.Start) == expected && (verdict.Reason.Length == 0) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static VantageView View(Vantage vantage, VantageFinding finding) => new(vantage, finding, "seen");

    private static IncidentFacts With(Vantage vantage, VantageFinding finding) =>
        s_ready with { Vantages = [.. s_ready.Vantages.Where(view => view.Vantage != vantage), View(vantage, finding)] };

    private static LastRun Ended(int minutes) => new("shop-run-0", s_now - TimeSpan.FromMinutes(minutes), null);

    private static DecisionRecord Said(
        DecisionKind kind,
        string name,
        CallerAuthentication authentication = CallerAuthentication.EntraId,
        CallerRole roles = CallerRole.Approver,
        string? rule = null) =>
        new(1, "shop-000001", null, 0, kind, new CallerIdentity(name, roles, authentication), s_now, "because") { Rule = rule };
}
