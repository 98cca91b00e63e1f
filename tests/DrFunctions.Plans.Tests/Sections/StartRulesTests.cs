namespace DrFunctions.Plans.Tests.Sections;

public sealed class StartRulesTests
{
    [Theory]
    [InlineData("red: [azure-monitr]", "alerts.red[0]", "red[0] is 'azure-monitr'; did you mean 'azure-monitor'?")]
    [InlineData("red: [control-probe, control-probe]", "alerts.red[1]", "red[1] is listed already; expected each once.")]
    [InlineData("red: [standby-probe]", "alerts.red", "red names standby-probe; expected standbyProbe, the URL at which the standby's region says how it sees the primary.")]
    [InlineData("green: []", "alerts.green", "green is empty; expected at least one item.")]
    [InlineData("vantages: { atLeast: 3, of: [azure-monitor, control-probe] }", "alerts.vantages.atLeast", "atLeast is '3'; expected a whole number, 1 to 2.")]
    [InlineData("onUnknown: guess", "alerts.onUnknown", "onUnknown is 'guess'; expected wait, or useSampleNotOlderThan and a size of time, such as useSampleNotOlderThan 10m.")]
    [InlineData("onUnknown: useSampleNotOlderThan 2d", "alerts.onUnknown", "onUnknown is 2d; expected at most 1d.")]
    [InlineData("approval: { from: sometimes }", "alerts.approval.from", "from is 'sometimes'; expected always, or a whole number and a unit, such as 90s, 15m, 1h or 7d.")]
    [InlineData("approval: { count: 3, approvers: [alice, bob] }", "alerts.approval", "approval cannot be fulfilled: required: 3 of 2 approvers, expected at most 2.")]
    [InlineData("approval: { approvers: [Alice] }", "alerts.approval.approvers[0]", "approvers[0] is 'Alice'; expected 1 to 100 of a-z, 0-9 and . _ @ # ' + -, beginning with a letter or a digit.")]
    [InlineData("maxLoss: much", "alerts.maxLoss", "maxLoss is 'much'; expected a whole number and a unit, such as 90s, 15m, 1h or 7d.")]
    [InlineData("freeze: [{ name: a, days: [sat], from: \"25:00\", to: \"06:00\" }]", "alerts.freeze[0].from", "from is '25:00'; expected a time of day in quotes, such as \"22:00\".")]
    [InlineData("freeze: [{ name: a, from: 2026-12-24T18:00, to: 2026-12-24T17:00 }]", "alerts.freeze[0].to", "to is not after from; expected a later time, at most 31 days on.")]
    [InlineData("freeze: [{ name: a, from: 2026-12-24T18:00, to: 2027-02-01T00:00 }]", "alerts.freeze[0].to", "to is more than 31 days after from; expected a later time, at most 31 days on.")]
    [InlineData("freeze: [{ name: a, days: [sat], from: \"22:00\", to: \"06:00\", timeZone: Mars/Base }]", "alerts.freeze[0].timeZone", "timeZone is 'Mars/Base'; expected an IANA time zone, such as UTC or Europe/Amsterdam.")]
    public void Read_AMistake_NamesFieldValueAndWhatWasExpected(string line, string path, string message)
    {
        var mistake = Sample.OnlyMistake(Sample.With("runbook: failover", $"runbook: failover\n  {line}"));

        Assert.Equal((path, message), (mistake.Path, mistake.Message));
    }

    [Theory]
    [InlineData("red: [azure-monitor, traffic-manager]", true)]
    [InlineData("vantages: { atLeast: 1, of: [traffic-manager] }", true)]
    [InlineData("red: [azure-monitor, control-probe]", false)]
    [InlineData("red: [traffic-manager]", false)]
    public void Read_AlertsOfTrafficManagerAlone_CannotBeAzuresWordWhereBothAreAsked(string line, bool isMistake)
    {
        var yaml = Sample.With("runbook: failover", $"runbook: failover\n  {line}")
            .Replace("    - /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Web/sites/shop-westeurope\n", "", StringComparison.Ordinal);

        var read = PlanReader.Read(yaml);

        Assert.Equal(
            isMistake
                ? ["resources names Traffic Manager profiles alone, whose alerts are the word of traffic-manager and not of azure-monitor, and the rules ask both; expected a resource of the primary, too."]
                : Array.Empty<string>(),
            read.Mistakes.Select(mistake => mistake.Message));
    }

    [Fact]
    public void Read_NothingOfIt_KeepsTheDefaults()
    {
        var policy = PlanReader.Read(Sample.Yaml).Plan!.Incidents;

        Assert.Equal(
            ("AzureMonitor ControlProbe", "StandbyApp RestorePoint", null, null, null),
            (string.Join(' ', policy.Red), string.Join(' ', policy.Green), policy.Quorum, policy.MaxLoss, policy.Approval.From));
    }

    [Theory]
    [InlineData("  dwell: 30s", "  dwell: 1h", "alerts.dwell", "dwell keeps a run from starting for 1h (dwell), and users may wait 1h (objectives.rto); expected dwell to be less.")]
    [InlineData("  dwell: 30s\n", "", "alerts", "alerts keeps a run from starting for 30s (dwell), and users may wait 30s (objectives.rto); expected dwell to be less.")]
    public void Read_DwellAsLongAsUsersMayWait_IsRefused(string text, string replacement, string path, string message)
    {
        var yaml = Sample.With(text, replacement);

        var mistake = Sample.OnlyMistake(path == "alerts"
            ? yaml.Replace("rto: 1h", "rto: 30s", StringComparison.Ordinal)
            : yaml.Replace("patience: 15m", "patience: 2h", StringComparison.Ordinal));

        Assert.Equal((path, message), (mistake.Path, mistake.Message));
    }
}
