namespace DrFunctions.Plans.Tests;

/// <summary>One edit of the sample, one mistake, word for word.</summary>
public sealed class PlanMistakeTests
{
    [Theory]
    // Keys.
    [InlineData("strategy: warm", "stratgy: warm", "stratgy", "stratgy", "stratgy is no key of 'plan'; did you mean 'strategy'?", "strategy")]
    [InlineData("  rto: 1h", "  rto: 1h\n  mttr: 1h", "mttr", "objectives.mttr", "mttr is no key of 'objectives'; expected one of rpo, rto.")]
    [InlineData("strategy: warm", "strategy: warm\nstrategy: cold", "strategy: cold", "strategy", "strategy is written twice, first in line 14; expected once.")]
    [InlineData("health: http://shop-n", "helth: http://shop-n", "helth", "regions.secondary.helth", "helth is no key of 'region'; did you mean 'health'?", "regions.secondary.health")]
    // Types.
    [InlineData("workload: shop", "workload: 12", "12", "workload", "workload is the number 12 without quotes or unit; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.")]
    [InlineData("workload: shop", "workload: true", "true", "workload", "workload is the boolean true without quotes; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.")]
    [InlineData("workload: shop", "workload: ~", "~", "workload", "workload is empty; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.")]
    [InlineData("workload: shop", "workload: [shop]", "[shop]", "workload", "workload is a list; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.")]
    [InlineData("endpoints: { primary: westeurope, secondary: northeurope }", "endpoints: westeurope", "westeurope\n\n# An", "traffic.endpoints", "endpoints is the text 'westeurope'; expected a map.")]
    // Values.
    [InlineData("workload: shop", "workload: The Shop", "The Shop", "workload", "workload is 'The Shop'; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.")]
    [InlineData("rpo: 15m", "rpo: 15min", "15min", "objectives.rpo", "rpo is '15min'; expected a whole number and a unit, such as 90s, 15m, 1h or 7d.")]
    [InlineData("rpo: 15m", "rpo: 15", "15 #", "objectives.rpo", "rpo is the number 15 without quotes or unit; expected a whole number and a unit, such as 90s, 15m, 1h or 7d.")]
    [InlineData("rto: 1h", "rto: 0s", "0s #", "objectives.rto", "rto is '0s'; expected 1s to 365d.")]
    [InlineData("strategy: warm", "strategy: wram", "wram", "strategy", "strategy is 'wram'; did you mean 'warm'?")]
    [InlineData("strategy: warm", "strategy: pilot", "pilot", "strategy", "strategy is 'pilot'; expected one of backup-only, cold, warm, hot-standby, active-active.")]
    [InlineData("name: northeurope", "name: North Europe", "North Europe\n", "regions.secondary.name", "name is 'North Europe'; expected Azure's name of a region, lower-case letters and digits, such as westeurope.")]
    [InlineData("fence: stop-web-app", "fence: none", "none", "stores[0].fence", "fence is 'none'; expected one of close-storage, failover-group, stop-postgres, stop-web-app, write-lease.")]
    [InlineData("schedule: \"*/5 * * * *\"", "schedule: \"*/5 * * *\"", "\"*/5 * * *\"", "backups[0].schedule", "schedule is '*/5 * * *'; expected a five-field cron expression (minute, hour, day, month, day of week) such as \"*/5 * * * *\".")]
    [InlineData("schedule: \"*/5 * * * *\"", "schedule: \"0 0 30 2 *\"", "\"0 0 30", "backups[0].schedule", "schedule is '0 0 30 2 *', which never comes; expected a schedule with occurrences.")]
    [InlineData("schedule: \"*/5 * * * *\"", "schedule: \"0 * * * *\"", "\"0 * *", "backups[0].schedule", "schedule is '0 * * * *', which leaves at least 1h between backups; expected at most objectives.rpo, 15m.")]
    [InlineData("timeZone: UTC", "timeZone: Middle/Earth", "Middle/Earth", "backups[0].timeZone", "timeZone is 'Middle/Earth'; expected an IANA time zone, such as UTC or Europe/Amsterdam.")]
    [InlineData("timeZone: UTC", "timeZone: ../../etc/passwd", "../../", "backups[0].timeZone", "timeZone is '../../etc/passwd'; expected an IANA time zone, such as UTC or Europe/Amsterdam.")]
    [InlineData("timeZone: UTC", "kind: ful", "ful", "backups[0].kind", "kind is 'ful'; did you mean 'full'?")]
    [InlineData("strategy: warm", "strategy: warm\nnotify: { topic: \"https://x\" }", "\"https://x", "notify.topic", "topic is 'https://x'; expected the name of an app setting, letters, digits and '_', and never its value.")]
    [InlineData("timeZone: UTC", "restoreTest: weekly", "weekly", "backups[0].restoreTest", "restoreTest is the text 'weekly'; expected a map.")]
    [InlineData("timeZone: UTC", "restoreTest: { schedule: 0 3 31 2 * }", "0 3 31", "backups[0].restoreTest.schedule", "schedule is '0 3 31 2 *', which never comes; expected a schedule with occurrences.")]
    [InlineData("timeZone: UTC", "restoreTest: { schedule: 0 3 * * SUN, window: 12h }", "12h", "backups[0].restoreTest.window", "window is '12h'; expected 1d to 3650d.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: 30d", "30d", "backups[0].retention", "retention is the text '30d'; expected a map.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { minimum: 3 }", "{ minimum", "backups[0].retention", "retention has no rule that keeps anything; expected at least one of last, hourly, daily, weekly, monthly, yearly, within.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { daily: 0 }", "0 }", "backups[0].retention.daily", "daily is '0'; expected a whole number, 1 to 100000.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { weekly: many }", "many", "backups[0].retention.weekly", "weekly is 'many'; expected a whole number, 1 to 100000.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { last: 1, minimum: -1 }", "-1 }", "backups[0].retention.minimum", "minimum is '-1'; expected a whole number, 1 to 100000.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { within: 30m }", "30m", "backups[0].retention.within", "within is '30m'; expected 1h to 3650d.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { dayly: 7, last: 1 }", "dayly", "backups[0].retention.dayly", "dayly is no key of 'retention'; did you mean 'daily'?")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { last: 1, schedule: 0 3 31 2 * }", "0 3 31", "backups[0].retention.schedule", "schedule is '0 3 31 2 *', which never comes; expected a schedule with occurrences.")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { last: 1, timeZone: Middle/Earth }", "Middle", "backups[0].retention.timeZone", "timeZone is 'Middle/Earth'; expected an IANA time zone, such as UTC or Europe/Amsterdam.")]
    [InlineData("timeZone: UTC", "fullEvery: 23h", "23h", "backups[0].fullEvery", "fullEvery is '23h'; expected 1d to 365d.")]
    [InlineData("check: http://shop.trafficmanager.net/health", "check: shop.trafficmanager.net", "shop.trafficmanager.net\n", "traffic.check", "check is 'shop.trafficmanager.net'; expected an absolute http or https URL without user, password, query and fragment.")]
    [InlineData("check: http://shop.trafficmanager.net/health", "check: http://192.0.2.7/health", "http://192", "traffic.check", "check is 'http://192.0.2.7/health'; expected a URL with the name that users resolve, not an address.")]
    [InlineData("check: http://shop.trafficmanager.net/health", "check: http://shop-westeurope.azurewebsites.net/", "http://shop-westeurope.azurewebsites.net/\n", "traffic.check", "check is 'http://shop-westeurope.azurewebsites.net/'; expected the name that users resolve, not westeurope's own host.")]
    [InlineData("    - /subscriptions/", "    - /subscription/", "/subscription/", "alerts.resources[0]", "resources[0] is '/subscription/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers…'; expected a resource id, such as /subscriptions/…/resourceGroups/…/providers/Microsoft.Web/sites/shop.")]
    [InlineData("strategy: warm", "strategy: warm\ntier: gold", "gold", "tier", "tier is 'gold'; expected one of low, medium, high.")]
    [InlineData("strategy: warm", "strategy: warm\nimpact: { downtimePerHour: 1e9, dataLossPerHour: 1, lossesPerYear: 1 }", "1e9", "impact.downtimePerHour", "downtimePerHour is '1e9'; expected a number from 0 to 1000000000000, such as 12000 or 0.1.")]
    [InlineData("strategy: warm", "strategy: warm\nimpact: { downtimePerHour: 1, dataLossPerHour: ~, lossesPerYear: 1 }", "~", "impact.dataLossPerHour", "dataLossPerHour is empty; expected a number from 0 to 1000000000000, such as 12000 or 0.1.")]
    [InlineData("strategy: warm", "strategy: warm\nimpact: { downtimePerHour: 1, dataLossPerHour: 1, lossesPerYear: 1001 }", "1001", "impact.lossesPerYear", "lossesPerYear is '1001'; expected a number from 0 to 1000, such as 12000 or 0.1.")]
    [InlineData("strategy: warm", "strategy: warm\nimpact: { downtimePerHour: 1, dataLossPerHour: 1, lossesPerYear: 1, standbyPerYear: { hot: 1 } }", "hot: 1", "impact.standbyPerYear.hot", "hot is no key of 'standbyPerYear'; expected one of backup-only, cold, warm, hot-standby, active-active.")]
    // References.
    [InlineData("store: files\n", "store: flies\n", "flies", "backups[0].store", "store is 'flies', and the plan has no store of that name; did you mean 'files'?")]
    [InlineData("runbook: failover", "runbook: evacuate", "evacuate", "alerts.runbook", "runbook is 'evacuate', and the plan has no runbook of that name; expected failover.")]
    // The two regions.
    [InlineData("name: northeurope", "name: westeurope", "westeurope\n    webApp: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Web/sites/shop-n", "regions.secondary.name", "name is the primary region too; expected another region.")]
    [InlineData("secondary: northeurope }", "secondary: westeurope }", "westeurope }", "traffic.endpoints.secondary", "secondary is 'westeurope', the primary's endpoint too; expected the secondary's own.")]
    // Alerts.
    [InlineData("patience: 15m", "patience: 20s", "20s", "alerts.patience", "patience leaves an incident 20s, and its conditions must hold for 30s (dwell); expected patience to be longer than dwell.")]
    [InlineData("probeTimeout: 5s", "probeTimeout: 2m", "2m", "alerts.probeTimeout", "probeTimeout is '2m'; expected 1s to 1m.")]
    [InlineData("probeTimeout: 5s", "probeTimeout: 5s\n  red: [tcp-probe]", "[tcp-probe]", "alerts.red", "red names tcp-probe; expected tcpProbe, the tcp://host:port at which the primary accepts connections.")]
    [InlineData("probeTimeout: 5s", "probeTimeout: 5s\n  tcpProbe: west.example.org:5432", "west.example.org", "alerts.tcpProbe", "tcpProbe is 'west.example.org:5432'; expected tcp://host:port with a port from 1 to 65535 and nothing behind it.")]
    [InlineData("probeTimeout: 5s", "probeTimeout: 5s\n  tcpProbe: tcp://west.example.org:65536", "tcp://west", "alerts.tcpProbe", "tcpProbe is 'tcp://west.example.org:65536'; expected tcp://host:port with a port from 1 to 65535 and nothing behind it.")]
    [InlineData("probeTimeout: 5s", "probeTimeout: 5s\n  tcpProbe: tcp://ann:secret@west.example.org:1", "tcp://ann", "alerts.tcpProbe", "tcpProbe is not shown, because it may hold a secret; expected tcp://host:port with a port from 1 to 65535 and nothing behind it.")]
    // Steps.
    [InlineData("timeout: 5m", "timeout: 5s", "5s }", "runbooks.failover[4].prove.timeout", "timeout is '5s'; expected 30s to 1d.")]
    [InlineData("shiftTraffic: {", "shiftTrafic: {", "shiftTrafic", "runbooks.failover[3].shiftTrafic", "shiftTrafic is no kind of step; did you mean 'shiftTraffic'?")]
    [InlineData("shiftTraffic: { to:", "shiftTraffic: { region:", "region: secondary }\n    - prove", "runbooks.failover[3].shiftTraffic.region", "region is no key of 'shiftTraffic'; expected one of to, nested, name, timeout, drill.", "runbooks.failover[3].shiftTraffic.to")]
    public void Read_OneEdit_IsToldWordForWord(
        string text, string replacement, string place, string path, string message, string? alsoMissing = null)
    {
        var yaml = Sample.With(text, replacement);
        var mistakes = PlanReader.Read(yaml).Mistakes;

        var mistake = Assert.Single(mistakes, mistake => mistake.Path != alsoMissing);
        Assert.Equal(message, mistake.Message);
        Assert.Equal(path, mistake.Path);
        Assert.Equal(Sample.PlaceOf(yaml, place), (mistake.Line, mistake.Column));
        Assert.Equal(alsoMissing is null ? 1 : 2, mistakes.Count);
    }
}
