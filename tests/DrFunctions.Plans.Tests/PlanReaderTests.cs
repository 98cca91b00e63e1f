using DrFunctions.Recovery.Fences.StopWebApp;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps.Fence;
using DrFunctions.Recovery.Steps.Prove;
using DrFunctions.Recovery.Steps.Restore;
using DrFunctions.Recovery.Steps.ShiftTraffic;
using DrFunctions.Recovery.Steps.StartWebApp;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Tests;

public sealed class PlanReaderTests
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/";

    [Fact]
    public void Read_TheSample_IsThePlanItSays()
    {
        var result = PlanReader.Read(Sample.Yaml);

        Assert.Empty(result.Mistakes);
        Assert.True(result.IsValid);
        var plan = result.Plan;
        Assert.Equal("shop", plan.Workload);
        Assert.Equal(new RecoveryObjectives(TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)), plan.Objectives);
        Assert.Equal(Strategy.Warm, plan.Strategy);
        Assert.Equal(Home, plan.Primary);
        Assert.Equal("northeurope", plan.Secondary.Name);
        Assert.Equal(
            new ContainerStore("files", new("SHOP_WESTEUROPE_STORAGE", "files"), new("SHOP_NORTHEUROPE_STORAGE", "files"), new StopWebAppFence()),
            Assert.Single(plan.Stores));
        Assert.Equal(
            new BackupPolicy("files", "files", "*/5 * * * *", TimeZoneInfo.Utc)
            {
                Retention = new RetentionPolicy("30 1 * * *", TimeZoneInfo.Utc) { Hourly = 24, Daily = 14, Weekly = 8, Monthly = 12 },
            },
            Assert.Single(plan.Backups));
        Assert.Equal(
            new TrafficPlan(
                ResourceId.Parse(Group + "Microsoft.Network/trafficManagerProfiles/shop"),
                new Uri("http://shop.trafficmanager.net/health"),
                "westeurope",
                "northeurope"),
            plan.Traffic);
        Assert.Equal([Home.WebApp, plan.Traffic.Profile], plan.Incidents.Resources);
        Assert.Equal("failover", plan.Incidents.Runbook);
        var runbook = Assert.Single(plan.Runbooks);
        Assert.Equal("failover", runbook.Key);
        Assert.Equal(Steps, runbook.Value.Steps);
    }

    [Fact]
    public void Read_WithoutOptionalKeys_TakesTheDefaults()
    {
        var yaml = Sample.Yaml;
        foreach (var key in new[] { "dwell", "cooldown", "patience", "probeTimeout", "timeZone" })
        {
            var at = yaml.IndexOf($" {key}:", StringComparison.Ordinal);
            yaml = yaml.Remove(at, yaml.IndexOf('\n', at) - at);
        }

        var plan = PlanReader.Read(yaml).Plan;

        Assert.NotNull(plan);
        var standard = new IncidentPolicy { Resources = plan.Incidents.Resources, Runbook = "failover" };
        Assert.Equivalent(standard, plan.Incidents, strict: true);
        Assert.Equal(TimeZoneInfo.Utc, plan.Backups[0].TimeZone);
    }

    [Fact]
    public void Read_AStepWithNameAndTimeout_KeepsBoth()
    {
        var plan = PlanReader.Read(Sample.With("fence: { region: primary }", "fence: { region: primary, name: stop-writers, timeout: 90s, drill: false }")).Plan;

        Assert.NotNull(plan);
        Assert.Equal(new FenceStep("stop-writers", TimeSpan.FromSeconds(90), RegionRole.Primary) { RunsInDrill = false }, plan.Runbooks["failover"].Steps[0]);
    }

    [Fact]
    public void Read_TheWholeSample_IsValidAndHasAWayHome()
    {
        var result = PlanReader.Read(Sample.Whole);

        Assert.Empty(result.Mistakes);
        Assert.Equal(["failover", "failback"], result.Plan!.Runbooks.Keys); // valid, as the line before says
    }

    [Theory]
    [InlineData("runbook: failover, schedule: 0 3 1 * *", null)]
    [InlineData("runbook: failover, schedule: 0 3 1 * *, timeZone: Europe/Amsterdam, blocked: [{ from: 2027-12-24, until: 2027-12-24 }]", null)]
    [InlineData("runbook: failovr, schedule: 0 3 1 * *", "runbook is 'failovr', and the plan has no runbook of that name; did you mean 'failover'?")]
    [InlineData("runbook: failover, schedule: 0 3 31 2 *", "schedule is '0 3 31 2 *', which never comes; expected a schedule with occurrences.")]
    [InlineData("runbook: failover, schedule: 0 3 1 * *, blocked: [{ from: 2027-12-24, until: 2027-12-23 }]", "until is 2027-12-23, before from; expected the last day of the window, 2027-12-24 or later.")]
    [InlineData("runbook: failover, schedule: 0 3 1 * *, blocked: [{ from: 24.12.2027, until: 2027-12-25 }]", "from is '24.12.2027'; expected a day, such as 2027-12-24.")]
    public void Read_Drills_TellsEveryMistake(string drill, string? mistake)
    {
        var result = PlanReader.Read(Sample.With("traffic:\n", $"drills:\n  - {{ {drill} }}\n\ntraffic:\n"));

        Assert.Equal(mistake is null ? [] : [mistake], result.Mistakes.Select(one => one.Message));
        Assert.Equal(mistake is null ? 1 : 0, result.Plan?.Drills.Count ?? 0);
    }

    [Fact]
    public void Read_AFailbackRunbook_IsValid()
    {
        var result = PlanReader.Read(Sample.Yaml + """
              failback:
                - fence: { region: secondary }
                - takeBackup: { store: files, region: secondary }
                - restore: { store: files, region: primary }
                - startWebApp: { region: primary }
                - probe: { region: primary }
                - shiftTraffic: { to: primary }
                - prove: { region: primary }

            """);

        Assert.Empty(result.Mistakes);
        Assert.Equal(["failover", "failback"], result.Plan!.Runbooks.Keys); // valid, as the line before says
    }

    [Fact]
    public void Read_Json_IsYamlToo()
    {
        var result = PlanReader.Read("""{"workload": "shop", "objectives": {"rpo": "15m"}}""");

        Assert.DoesNotContain(result.Mistakes, mistake => mistake.Message.Contains("not YAML", StringComparison.Ordinal));
        Assert.Contains(result.Mistakes, mistake => mistake is { Path: "objectives.rto", Line: 1, Column: 36 });
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("---\n")]
    [InlineData("\n\n# a comment\n")]
    public void Read_WithAHarmlessBeginning_IsValid(string beginning) => Assert.Empty(PlanReader.Read(beginning + Sample.Yaml).Mistakes);

    [Fact]
    public void Read_WithWindowsLineEnds_IsValid() =>
        Assert.Empty(PlanReader.Read(Sample.Yaml.Replace("\n", "\r\n", StringComparison.Ordinal)).Mistakes);

    [Fact]
    public void Read_WithManyMistakes_TellsAllInTheOrderOfTheText()
    {
        var yaml = Sample.Yaml
            .Replace("rpo: 15m", "rpo: 15 minutes", StringComparison.Ordinal)
            .Replace("strategy: warm", "strategy: lukewarm", StringComparison.Ordinal)
            .Replace("name: northeurope", "name: North Europe", StringComparison.Ordinal)
            .Replace("runbook: failover", "runbook: failvoer", StringComparison.Ordinal)
            .Replace("- prove:", "- proof:", StringComparison.Ordinal);

        var result = PlanReader.Read(yaml);

        Assert.Equal(
            ["objectives.rpo", "strategy", "regions.secondary.name", "alerts.runbook", "runbooks.failover[4].proof"],
            result.Mistakes.Select(mistake => mistake.Path));
        Assert.Equal(result.Mistakes.OrderBy(mistake => mistake.Line), result.Mistakes);
    }

    [Fact]
    public void Read_Retention_IsWhatItSays()
    {
        var plan = PlanReader.Read(Sample.With(
            "retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }",
            "retention: { last: 1, hourly: 2, daily: 3, weekly: 4, monthly: 5, yearly: 100000, within: 36h, minimum: 6, schedule: 0 4 * * SUN, timeZone: Europe/Amsterdam }")).Plan;

        Assert.Equal(
            new RetentionPolicy("0 4 * * SUN", TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"))
            {
                Last = 1,
                Hourly = 2,
                Daily = 3,
                Weekly = 4,
                Monthly = 5,
                Yearly = 100_000,
                Within = TimeSpan.FromHours(36),
                Minimum = 6,
            },
            plan?.Backups[0].Retention);
    }

    [Fact]
    public void Read_WithoutRetention_KeepsEverything() => Assert.Null(
        PlanReader.Read(Sample.With("    retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }\n", "")).Plan?.Backups[0].Retention);

    /// <summary>Every mistake of a policy at once, those beside its retention too.</summary>
    [Fact]
    public void Read_RetentionWithSeveralMistakes_TellsAll() => Assert.Equal(
        ["backups[0].schedule", "backups[0].retention.daily", "backups[0].retention.within", "backups[0].retention.minimum", "backups[0].retention.schedule"],
        PlanReader.Read(Sample.With(
            "schedule: \"*/5 * * * *\" # in quotes, because a bare * means something else in YAML\n    timeZone: UTC # any IANA name, such as Europe/Amsterdam\n",
            "schedule: hourly\n").Replace(
            "retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }",
            "retention: { daily: 0, within: 5m, minimum: none, schedule: nightly }",
            StringComparison.Ordinal)).Mistakes.Select(mistake => mistake.Path));

    [Fact]
    public void Read_AnEmptyMap_TellsEveryMissingKey()
    {
        var result = PlanReader.Read("{}");

        Assert.Equal(
            ["workload", "objectives", "strategy", "regions", "stores", "traffic", "alerts", "runbooks", "backups"],
            result.Mistakes.Select(mistake => mistake.Path));
        Assert.Equal("workload is missing; 'plan' needs it.", result.Mistakes[0].Message);
    }

    [Fact]
    public void Read_MoreMistakesThanAnyoneReads_TellsTheFirstAndHowManyFollow()
    {
        var yaml = string.Concat(Enumerable.Range(0, 500).Select(index => $"key{index}: 1\n"));

        var mistakes = PlanReader.Read(yaml).Mistakes;

        Assert.Equal(PlanReader.MaxMistakes, mistakes.Count);
        Assert.Equal("410 more mistakes follow.", mistakes[^1].Message); // 500 unknown and 9 missing keys, 99 of them told
    }

    private static Region Home { get; } = new(
        "westeurope",
        ResourceId.Parse(Group + "Microsoft.Web/sites/shop-westeurope"),
        new Uri("http://shop-westeurope.azurewebsites.net/health"),
        new("SHOP_WESTEUROPE_STORAGE", "backups"));

    private static RunbookStep[] Steps { get; } =
    [
        new FenceStep("fence", TimeSpan.FromMinutes(10), RegionRole.Primary),
        new RestoreStep("restore", TimeSpan.FromHours(1), "files", RegionRole.Secondary),
        new StartWebAppStep("startWebApp", TimeSpan.FromMinutes(10), RegionRole.Secondary),
        new ShiftTrafficStep("shiftTraffic", TimeSpan.FromMinutes(10), RegionRole.Secondary),
        new ProveStep("prove", TimeSpan.FromMinutes(5), RegionRole.Secondary),
    ];
}
