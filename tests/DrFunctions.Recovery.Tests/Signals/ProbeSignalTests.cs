using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Signals;

public sealed class ProbeSignalTests
{
    // H healthy, D dead, U unknown, one a minute.
    [Theory]
    [InlineData("", null, 0)]
    [InlineData("H", null, 0)]
    [InlineData("U", null, 0)]
    [InlineData("DU", null, 0)]
    [InlineData("HD", SignalDisposition.Correlated, 1)]
    [InlineData("HDDD", SignalDisposition.Correlated, 1)]
    [InlineData("DUD", SignalDisposition.Correlated, 2)]
    [InlineData("HDDH", SignalDisposition.Resolving, 3)]
    [InlineData("HDDHH", null, 0)]
    public void Of_ARowOfSamples_TellsOfItsFirstDeadOneAndOfItsEnd(string row, SignalDisposition? expected, int minute)
    {
        var signal = ProbeSignal.Of(Plan(), Row(row));

        Assert.Equal(expected, signal?.Disposition);
        Assert.Equal(expected is null ? null : MovableClock.Start + TimeSpan.FromMinutes(minute), signal?.Signal.OccurredAt);
    }

    [Fact]
    public void Of_OneRowOfDeadSamples_IsOneSignal()
    {
        var ids = new[] { "HD", "HDD", "HDDD" }.Select(row => ProbeSignal.Of(Plan(), Row(row))!.Signal.Id);

        Assert.Single(ids.Distinct());
        Assert.NotEqual(ids.First(), ProbeSignal.Of(Plan(), Row("HDHD"))!.Signal.Id);
    }

    [Theory]
    [InlineData("azure-monitor,control-probe", 0, "", false)]
    [InlineData("control-probe", 0, "", true)]
    [InlineData("control-probe", 2, "azure-monitor,control-probe", false)]
    [InlineData("control-probe", 2, "azure-monitor,control-probe,traffic-manager", true)]
    public void Of_APlanThatNeedsAnAlertOfAzures_IsNotWokenByUs(string red, int least, string of, bool isWoken)
    {
        List<Vantage> Read(string names) => [.. names.Split(',').Select(name => Vantages.ByName[name])];
        var plan = Plan();
        plan = plan with { Incidents = plan.Incidents with { Red = Read(red), Quorum = least > 0 ? new VantageQuorum(least, Read(of)) : null } };

        Assert.Equal(isWoken, ProbeSignal.Of(plan, Row("D")) is not null);
    }

    // Each sample: control probe, TCP probe, Traffic Manager; r red, g green, u unknown.
    [Theory]
    [InlineData("tcp-probe", 0, "", "grg", true)] // the web app answers, the database's port does not
    [InlineData("tcp-probe", 0, "", "rgg", false)]
    [InlineData("traffic-manager", 0, "", "ggr", true)]
    [InlineData("traffic-manager", 0, "", "rru", false)] // nobody who is asked saw anything
    [InlineData("traffic-manager,control-probe", 0, "", "rgu", true)] // it can pass once Traffic Manager can be asked
    [InlineData("traffic-manager,control-probe", 0, "", "rgg", false)]
    [InlineData("control-probe", 2, "tcp-probe,traffic-manager,azure-monitor", "rrr", true)]
    [InlineData("control-probe", 2, "tcp-probe,traffic-manager,azure-monitor", "rrg", false)]
    [InlineData("standby-probe", 0, "", "rgg", true)] // nobody sampled is asked: our own probe speaks
    [InlineData("standby-probe,tcp-probe", 0, "", "grg", true)]
    public void Of_ASampleOfSeveralVantages_WakesWhenTheRulesCanPass(string red, int least, string of, string sample, bool isWoken)
    {
        List<Vantage> Read(string names) => [.. names.Split(',').Select(name => Vantages.ByName[name])];
        var plan = Plan();
        plan = plan with { Incidents = plan.Incidents with { Red = Read(red), Quorum = least > 0 ? new VantageQuorum(least, Read(of)) : null } };

        Assert.Equal(isWoken, ProbeSignal.Of(plan, [Seen(sample)])?.Disposition == SignalDisposition.Correlated);
    }

    private static LagSample Seen(string sample) => new(MovableClock.Start, Finding(sample[0]), [])
    {
        Tcp = Finding(sample[1]),
        Monitor = sample[2] switch { 'r' => new("Degraded", "Online", null), 'g' => new("Online", "Online", null), _ => new(null, null, "no answer") },
    };

    private static ProbeFinding Finding(char letter) => letter switch { 'g' => ProbeFinding.Healthy, 'r' => ProbeFinding.Dead, _ => ProbeFinding.Unknown };

    private static WorkloadPlan Plan() => Builders.APlan().WithPolicy(policy => policy with { Red = [Vantage.ControlProbe] }).Build();

    private static List<LagSample> Row(string row) => [.. row.Select((letter, minute) => new LagSample(
        MovableClock.Start + TimeSpan.FromMinutes(minute),
        letter switch { 'H' => ProbeFinding.Healthy, 'D' => ProbeFinding.Dead, _ => ProbeFinding.Unknown },
        []))];
}
