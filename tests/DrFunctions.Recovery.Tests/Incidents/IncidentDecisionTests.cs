using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Probes;
using DrFunctions.Testing.Recovery;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Incidents;

public sealed class IncidentDecisionTests
{
    private static readonly IncidentPolicy s_policy = new() { Resources = [], Runbook = "failover" };
    private static readonly DateTimeOffset s_now = MovableClock.Start;

    private static readonly IncidentFacts s_ready = new(
        s_now, 1, ProbeFinding.Dead, "no answer", [new StandbyCheck("webApp", true, "Stopped")], true, null, null, s_now - TimeSpan.FromSeconds(30));

    [Fact]
    public void Decide_EverythingHolds_StartsAndShowsEveryRule()
    {
        var verdict = IncidentDecision.Decide(s_policy, s_ready);

        Assert.Equal((Decision.Start, true, ""), (verdict.Decision, verdict.ConditionsHold, verdict.Reason));
        Assert.Equal(
            ["activeInPrimary", "noActiveRun", "cooldown", "alert", "primaryProbe", "standby.webApp", "dwell"], verdict.Rules.Select(rule => rule.Name));
        Assert.All(verdict.Rules, rule => Assert.True(rule.Passed && rule.Found.Length > 0 && rule.Expected.Length > 0));
    }

    public static TheoryData<string, IncidentFacts, Decision, bool, string> Table => new()
    {
        { "moved", s_ready with { ActiveInPrimary = false }, Decision.Blocked, true, "activeInPrimary: secondary, expected primary" },
        { "running", s_ready with { ActiveRun = "shop-run-1" }, Decision.Blocked, true, "noActiveRun: shop-run-1, expected none" },
        { "no alert", s_ready with { Alerts = 0 }, Decision.Wait, false, "alert: 0 fired, expected at least 1 fired; dwell: 0 s, expected at least 30 s" },
        { "green", s_ready with { Primary = ProbeFinding.Healthy, PrimaryDetail = "200 in 9 ms" }, Decision.Wait, false, "primaryProbe: 200 in 9 ms, expected asked, and no healthy answer; dwell: 0 s, expected at least 30 s" },
        { "blind", s_ready with { Primary = ProbeFinding.Unknown, PrimaryDetail = "no DNS answer" }, Decision.Wait, false, "primaryProbe: cannot tell: no DNS answer, expected asked, and no healthy answer; dwell: 0 s, expected at least 30 s" },
        { "no standby", s_ready with { Standby = [new("webApp", true, "Stopped"), new("restorePoint.files", false, "none")] }, Decision.Wait, false, "standby.restorePoint.files: none, expected ready; dwell: 0 s, expected at least 30 s" },
        { "unseen standby", s_ready with { Standby = [] }, Decision.Wait, false, "standby: nothing was looked at, expected at least 1 check; dwell: 0 s, expected at least 30 s" },
        { "first look", s_ready with { RedSince = null }, Decision.Wait, true, "dwell: 0 s, expected at least 30 s" },
        { "too soon", s_ready with { RedSince = s_now - TimeSpan.FromSeconds(29.9) }, Decision.Wait, true, "dwell: 29.9 s, expected at least 30 s" },
        { "in the future", s_ready with { RedSince = s_now + TimeSpan.FromSeconds(60) }, Decision.Wait, true, "dwell: -60 s, expected at least 30 s" },
        { "cooling", s_ready with { LastRunEnded = s_now - TimeSpan.FromMinutes(29) }, Decision.Wait, true, "cooldown: 1740 s since the last run, expected at least 1800 s" },
        { "cooled", s_ready with { LastRunEnded = s_now - TimeSpan.FromMinutes(30) }, Decision.Start, true, "" },
        { "blocked and not red", s_ready with { ActiveInPrimary = false, Primary = ProbeFinding.Healthy, PrimaryDetail = "200" }, Decision.Blocked, false, "activeInPrimary: secondary, expected primary; primaryProbe: 200, expected asked, and no healthy answer; dwell: 0 s, expected at least 30 s" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_ARuleDoesNotPass_SaysWhichAndWhy(string name, IncidentFacts facts, Decision decision, bool hold, string reason)
    {
        var verdict = IncidentDecision.Decide(s_policy, facts);

        Assert.True((decision, hold, reason) == (verdict.Decision, verdict.ConditionsHold, verdict.Reason), $"{name}: {verdict.Decision}, {verdict.ConditionsHold}, {verdict.Reason}");
    }

    [Fact]
    public void Decide_NothingIsKnown_NeverStarts()
    {
        var verdict = IncidentDecision.Decide(
            s_policy with { Dwell = TimeSpan.Zero, Cooldown = TimeSpan.Zero }, new IncidentFacts(s_now, 0, ProbeFinding.Unknown, "", [], true, null, null, DateTimeOffset.MinValue));

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
            var verdict = IncidentDecision.Decide(s_policy, s_ready with { Now = now, Primary = isRed ? ProbeFinding.Dead : ProbeFinding.Healthy, RedSince = redSince });
            redSince = verdict.ConditionsHold ? redSince ?? now : null;
            decisions.Add(verdict.Decision);
        }

        Assert.Equal([Decision.Wait, Decision.Wait, Decision.Wait, Decision.Wait, Decision.Wait, Decision.Wait, Decision.Start], decisions);
    }

    [Fact]
    public void Decide_AnyFacts_StartsOnlyWhenEveryRulePasses()
    {
        var facts = from alerts in Gen.Choose(0, 2)
                    from primary in Gen.Elements(ProbeFinding.Unknown, ProbeFinding.Healthy, ProbeFinding.Dead)
                    from standby in Gen.Elements(true, false).ListOf()
                    from active in Gen.Elements(true, false)
                    from run in Gen.Elements<string?>(null, "run")
                    from ended in Gen.Elements<double?>(null, 0, 1799, 1800, 9999)
                    from red in Gen.Elements<double?>(null, -5, 0, 29, 30, 31)
                    select new IncidentFacts(
                        s_now,
                        alerts,
                        primary,
                        "",
                        [.. standby.Select((ready, index) => new StandbyCheck($"{index}", ready, ""))],
                        active,
                        run,
                        ended is { } e ? s_now - TimeSpan.FromSeconds(e) : null,
                        red is { } r ? s_now - TimeSpan.FromSeconds(r) : null);

        Prop.ForAll(facts.ToArbitrary(), one =>
        {
            var verdict = IncidentDecision.Decide(s_policy, one);
            var expected = one is { Alerts: > 0, Primary: ProbeFinding.Dead, ActiveInPrimary: true, ActiveRun: null, Standby.Count: > 0 }
                && one.Standby.All(check => check.Ready)
                && one.RedSince <= s_now - TimeSpan.FromSeconds(30)
                && (one.LastRunEnded is null || one.LastRunEnded <= s_now - TimeSpan.FromMinutes(30));
            return (verdict.Decision == Decision.Start) == expected && (verdict.Reason.Length == 0) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
