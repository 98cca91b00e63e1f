using DrFunctions.Plans.Sections;

namespace DrFunctions.Plans.Tests.Sections;

public sealed class RunbookRulesTests
{
    private const string Fence = "fence: { region: primary }";
    private const string Restore = "restore: { store: files, region: secondary }";
    private const string Start = "startWebApp: { region: secondary }";
    private const string Shift = "shiftTraffic: { to: secondary }";
    private const string Prove = "prove: { region: secondary }";
    private const string NoSoak = "shiftTraffic sends users back to the primary, and nothing saw it healthy several times in a row; expected in 'failback' before 'shiftTraffic' and after 'startWebApp': probe: { region: primary, times: 3 }, or more times.";

    private static readonly string[] s_failback =
    [
        "fence: { region: secondary }", "takeBackup: { store: files, region: secondary }", "restore: { store: files, region: primary }", "startWebApp: { region: primary }",
        "probe: { region: primary, times: 3 }", "shiftTraffic: { to: primary }", "prove: { region: primary }",
    ];

    [Fact]
    public void Runbook_ThatMovesUsersWithoutAFence_IsRefused() => AssertRefused(
        "runbooks.failover[1].shiftTraffic",
        "shiftTraffic sends users to the secondary region while the primary may still write; expected a step before it: fence: { region: primary }.",
        Start, Shift, Prove);

    [Fact]
    public void Runbook_ThatFencesAfterItMovedUsers_IsRefused() => AssertRefused(
        "runbooks.failover[0].shiftTraffic",
        "shiftTraffic sends users to the secondary region while the primary may still write; expected a step before it: fence: { region: primary }.",
        Shift, Fence);

    [Fact]
    public void Runbook_ThatFencesTheRegionItMovesUsersTo_IsRefused() => AssertRefused(
        "runbooks.failover[1].shiftTraffic",
        "shiftTraffic sends users to the secondary region, which a step before it fenced; expected to: primary.",
        "fence: { region: secondary }", Shift);

    [Theory]
    [InlineData("promotePostgres: { region: secondary, server: /subscriptions/s/resourceGroups/g/providers/Microsoft.DBforPostgreSQL/flexibleServers/ne, mode: switchover }")]
    [InlineData("failoverStorage: { region: secondary, account: /subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/files, mode: unplanned }")]
    [InlineData("failoverSqlGroup: { region: secondary, group: /subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/ne/failoverGroups/shop, mode: forced }")]
    public void Runbook_ThatPromotesWithoutAFence_IsRefused(string promote)
    {
        var kind = promote.Split(':')[0];
        AssertRefused(
            $"runbooks.failover[0].{kind}",
            $"{kind} lets the secondary region take writes while the primary may still write; expected a step before it: fence: {{ region: primary }}.",
            promote, Fence, Shift, Prove);
        AssertRefused(
            $"runbooks.failover[1].{kind}",
            $"{kind} lets the secondary region take writes, which a step before it fenced; expected region: primary.",
            "fence: { region: secondary }", promote);
    }

    [Fact]
    public void Runbook_ThatStartsWhatItFenced_IsRefused() => AssertRefused(
        "runbooks.failover[1].startWebApp",
        "startWebApp starts the primary region that a step before it fenced; expected the other region.",
        Fence, "startWebApp: { region: primary }");

    [Fact]
    public void Runbook_ThatRestoresUnderARunningApp_IsRefused() => AssertRefused(
        "runbooks.failover[2].restore",
        "restore writes over data of the secondary region after a step before it put that region to work; expected restore first.",
        Fence, Start, Restore, Shift);

    [Fact]
    public void Runbook_ThatProvesTheRegionUsersLeft_IsRefused() => AssertRefused(
        "runbooks.failover[2].prove",
        "prove expects the primary region to answer, and users were sent to the secondary; expected region secondary.",
        Fence, Shift, "prove: { region: primary }");

    [Fact]
    public void Runbook_WithTwoStepsOfOneName_IsRefused() => AssertRefused(
        "runbooks.failover[1].fence",
        "fence has the name 'fence', as a step before it; expected a 'name' of its own.",
        Fence, Fence);

    [Fact]
    public void Runbook_WithAFenceThatCannotBeRead_TellsOnlyThat() => AssertRefused(
        "runbooks.failover[0].fence.region",
        "region is 'primry'; did you mean 'primary'?",
        "fence: { region: primry }", Shift);

    [Fact]
    public void Runbook_WithAStepOfTwoKinds_IsRefused() => AssertRefused(
        "runbooks.failover[0]",
        $"failover[0] has 2 keys; expected one, the step's kind: {string.Join(", ", RunbookItem.Keys)}.",
        "{ fence: { region: primary }, prove: { region: primary } }");

    [Fact]
    public void Runbook_WithAStepThatIsText_IsRefused() => AssertRefused(
        "runbooks.failover[0]", "failover[0] is the text 'fence'; expected a map.", "fence");

    [Fact]
    public void Runbook_ThatRestoresWhatNothingBacksUp_IsRefused()
    {
        var yaml = Sample.With("    fence: stop-web-app\n", """
                fence: stop-web-app
              - name: orders
                primary: { connection: SHOP_WESTEUROPE_STORAGE, container: orders }
                secondary: { connection: SHOP_NORTHEUROPE_STORAGE, container: orders }
                fence: stop-web-app

            """).Replace("restore: { store: files", "restore: { store: orders", StringComparison.Ordinal);

        var mistake = Sample.OnlyMistake(yaml);

        Assert.Equal("restore restores 'orders', which no backup keeps; expected an item of backups with store: orders.", mistake.Message);
    }

    [Theory]
    [InlineData(Fence, Shift, "shiftTraffic runs beside 'fence' in a group, and one must end before the other begins; expected them one after the other.")]
    [InlineData(Shift, Fence, "fence runs beside 'shiftTraffic' in a group, and one must end before the other begins; expected them one after the other.")]
    [InlineData(Start, Restore, "restore runs beside 'startWebApp' in a group, and one must end before the other begins; expected them one after the other.")]
    public void Runbook_WithOrderedStepsInOneGroup_IsRefused(string first, string second, string message)
    {
        var mistakes = PlanReader.Read(Sample.WithSteps($"parallel: [{{ {first} }}, {{ {second} }}]")).Mistakes;

        Assert.Contains(message, mistakes.Select(mistake => mistake.Message));
    }

    [Fact]
    public void Runbook_ThatStopsTheRegionThatUsersWereSentTo_IsRefused() => AssertRefused(
        "runbooks.failover[2].stopWebApp",
        "stopWebApp stops the secondary region, where a step before it sent the users; expected the other region.",
        Fence, Shift, "stopWebApp: { region: secondary }");

    [Fact]
    public void Runbook_ThatWaitsLongerThanUsersMay_IsRefused() => AssertRefused(
        "runbooks.failover",
        "failover waits at least 61m by what its steps say, and users may wait 1h (objectives.rto); expected less.",
        Fence, "parallel: [{ wait: { for: 31m } }, { wait: { for: 5m, name: short } }]", "wait: { for: 30m, name: more }", Shift);

    [Theory]
    [InlineData("wait: { for: 10m, timeout: 5m }", "timeout", "timeout is 00:05:00, which ends the step before its 'for' of 00:10:00; expected more.")]
    [InlineData("wait: { for: 13h }", "for", "for is '13h'; expected 1s to 12h.")]
    [InlineData("wait: {}", "for", "for is missing; 'wait' needs it.")]
    [InlineData("assert: {}", "", "assert has no condition; expected at least one of green, red, activeIn, restorePoint, enabled, disabled.")]
    [InlineData("assert: { green: primary, red: primary }", "red", "red is the region that 'green' names too, and no region is both; expected the other one.")]
    [InlineData("assert: { restorePoint: { store: flies, region: primary, atMost: 5m } }", "restorePoint.store", "store is 'flies', and the plan has no store of that name; did you mean 'files'?")]
    [InlineData("assert: { restorePoint: { store: files, region: primary } }", "restorePoint.atMost", "atMost is missing; 'restorePoint' needs it.")]
    [InlineData("probe: { url: http://shop.example.org/, times: 0 }", "times", "times is '0'; expected a whole number, 1 to 1000.")]
    [InlineData("probe: { url: http://shop.example.org/, times: many }", "times", "times is 'many'; expected a whole number, 1 to 1000.")]
    [InlineData("probe: { times: 5 }", "", "probe names nothing to ask; expected exactly one of region, url, tcp.")]
    [InlineData("probe: { region: primary, tcp: tcp://db.example.org:5432 }", "", "probe names region and tcp; expected exactly one of region, url, tcp.")]
    [InlineData("probe: { tcp: db.example.org:5432 }", "tcp", "tcp is 'db.example.org:5432'; expected tcp://host:port with a port from 1 to 65535 and nothing behind it.")]
    [InlineData("probe: { tcp: tcp://db.example.org:70000 }", "tcp", "tcp is 'tcp://db.example.org:70000'; expected tcp://host:port with a port from 1 to 65535 and nothing behind it.")]
    [InlineData("probe: { tcp: tcp://db.example.org:5432, status: 200 }", "status", "status is 200, and only a url has one; expected no status, or url.")]
    [InlineData("probe: { region: middle }", "region", "region is 'middle'; expected one of primary, secondary.")]
    [InlineData("probe: { url: http://shop.example.org/, times: 100, every: 10s }", "times", "times asks for 100 answers 00:00:10 apart, which takes 00:16:30, and the step's timeout is 00:10:00; expected a longer timeout.")]
    [InlineData("approval: { question: Go?, required: 2, approvers: [alice] }", "approvers", "approvers cannot be fulfilled: required: 2 of 1 approvers, expected at most 1.")]
    [InlineData("approval: { question: Go?, starterMayApprove: maybe }", "starterMayApprove", "starterMayApprove is 'maybe'; expected true or false.")]
    [InlineData("approval: { question: Go?, decline: all }", "decline", "decline is 'all'; expected one of one, as-many-as-approve.")]
    [InlineData("approval: { question: Go?, approvers: [Alice Smith] }", "approvers[0]", "approvers[0] is 'Alice Smith'; expected 1 to 100 of a-z, 0-9 and . _ @ # ' + -, beginning with a letter or a digit.")]
    public void Step_WithAMistake_NamesFieldValueAndWhatWasExpected(string step, string field, string message)
    {
        var kind = step[..step.IndexOf(':', StringComparison.Ordinal)];

        AssertRefused($"runbooks.failover[0].{kind}{(field.Length == 0 ? "" : ".")}{field}", message, step);
    }

    [Theory]
    [InlineData("rampTraffic: { to: secondary }", "rampTraffic shares users between two regions that may both write then, and what they wrote cannot be merged again; expected strategy: active-active, sharedData: true, or shiftTraffic after a fence.")]
    [InlineData("rampTraffic: { to: secondary, sharedData: true, stages: [10, 10, 50] }", "stages is [10, 10, 50]; expected each stage to be more than the one before.")]
    [InlineData("rampTraffic: { to: secondary, sharedData: true, stages: [1, 100], soak: 10m, timeout: 20m }", "soak makes 2 stages of 600s, and the step's timeout is 1200s; expected the timeout to be longer than all soaks.")]
    [InlineData("rampTraffic: { to: secondary, sharedData: true, stages: [0, 100] }", "stages[0] is '0'; expected a whole number, 1 to 100.")]
    public void Runbook_WithARampThatCannotBe_IsRefused(string ramp, string message) =>
        Assert.Equal(message, Sample.OnlyMistake(Sample.WithSteps(ramp)).Message);

    [Fact]
    public void Runbook_ThatRampsAfterAFence_IsRefused() => AssertRefused(
        "runbooks.failover[1].rampTraffic",
        "rampTraffic shares users between two regions, and a step before it fenced the primary; expected shiftTraffic: { to: secondary }.",
        Fence, "rampTraffic: { to: secondary, sharedData: true }");

    [Fact]
    public void Runbook_ThatRemapsWithoutAFence_IsRefused() => AssertRefused(
        "runbooks.failover[0].remapGeography",
        "remapGeography sends users to the secondary region while the primary may still write; expected a step before it: fence: { region: primary }.",
        "remapGeography: { to: secondary }");

    [Fact]
    public void Failback_WithoutARestore_IsRefused()
    {
        var mistake = Sample.OnlyMistake(Sample.Yaml + """
              failback:
                - fence: { region: secondary }
                - startWebApp: { region: primary }
                - probe: { region: primary }
                - shiftTraffic: { to: primary }

            """);

        Assert.Equal(
            ("runbooks.failback[3].shiftTraffic", "shiftTraffic sends users back to the primary, whose 'files' is as old as the failover; expected a step before it: restore: { store: files, region: primary }."),
            (mistake.Path, mistake.Message));
    }

    [Fact]
    public void Failback_StartedByAlerts_IsRefused()
    {
        var mistake = Sample.OnlyMistake(Sample.WithSteps(s_failback));

        Assert.Equal(
            ("alerts.runbook", "runbook is 'failover', which sends users back to the primary; expected a runbook that sends them to the secondary: a failback is never automatic."),
            (mistake.Path, mistake.Message));
    }

    [Theory]
    [InlineData("probe: { region: primary, times: 3 }")]
    [InlineData("probe: { region: primary, times: 100, every: 1s }")]
    [InlineData("probe: { url: http://shop-westeurope.azurewebsites.net/health }")]
    public void Failback_WithASoakOfThePrimary_IsValid(string soak) => Assert.Empty(PlanReader.Read(Failback(4, soak)).Mistakes);

    [Theory]
    [InlineData("wait: { for: 1m }")]
    [InlineData("probe: { region: primary, times: 2 }")]
    [InlineData("probe: { region: secondary }")]
    [InlineData("probe: { url: http://shop-westeurope.azurewebsites.net/health, status: 403 }")]
    [InlineData("probe: { url: http://shop.trafficmanager.net/health }")]
    [InlineData("probe: { tcp: tcp://shop-westeurope.azurewebsites.net:80 }")]
    public void Failback_WithoutASoakOfThePrimary_IsRefused(string step) => AssertFailback("[5].shiftTraffic", NoSoak, Failback(4, step));

    [Fact]
    public void Failback_WhoseSoakIsBeforeTheAppIsStarted_IsRefused() =>
        AssertFailback("[5].shiftTraffic", NoSoak, Failback([.. s_failback[..3], s_failback[4], s_failback[3], .. s_failback[5..]]));

    [Theory]
    [InlineData(3, 4, "[4].shiftTraffic")]
    [InlineData(4, 5, "[4].parallel[1].shiftTraffic")]
    public void Failback_WhoseSoakIsBesideWhatItComesBetween_IsRefused(int first, int second, string path) => AssertFailback(
        path, NoSoak, Failback([.. s_failback[..first], $"parallel: [{{ {s_failback[first]} }}, {{ {s_failback[second]} }}]", .. s_failback[(second + 1)..]]));

    [Fact]
    public void Failback_ThroughAnotherRunbook_IsToldWhereThatIsPutIn()
    {
        var yaml = Failback("runbook: { name: home }") + "  home:\n" + string.Concat(s_failback.Select(step => $"    - {step}\n"));
        Assert.Empty(PlanReader.Read(yaml).Mistakes);

        var mistakes = PlanReader.Read(yaml.Replace("    - probe: { region: primary, times: 3 }\n", "", StringComparison.Ordinal)).Mistakes;

        Assert.Equal(
            [
                ("runbooks.failback[0].runbook", NoSoak.Replace("shiftTraffic sends", "runbook sends", StringComparison.Ordinal).Replace("'shiftTraffic'", "'home/shiftTraffic'", StringComparison.Ordinal).Replace("'startWebApp'", "'home/startWebApp'", StringComparison.Ordinal)),
                ("runbooks.home[4].shiftTraffic", NoSoak.Replace("'failback'", "'home'", StringComparison.Ordinal)),
            ],
            mistakes.Select(mistake => (mistake.Path, mistake.Message)));
    }

    [Theory]
    [InlineData("rampTraffic: { to: primary, sharedData: true }", "warm", "primary")]
    [InlineData("rampTraffic: { to: primary }", "active-active", "primary")]
    [InlineData("rampTraffic: { to: secondary, whole: 50 }", "active-active", "secondary")]
    [InlineData("returnPlaces: { to: secondary, places: [GEO-EU] }", "active-active", "secondary")]
    [InlineData("rampTraffic: { to: secondary, sharedData: true }", "warm", null)]
    [InlineData("shiftTraffic: { to: primary }", "active-active", null)]
    [InlineData("shiftTraffic: { to: secondary }", "active-active", null)]
    public void Return_OfUsers_NeedsASoakAndAWayOutDoesNot(string step, string strategy, string? region)
    {
        var kind = step.Split(':')[0];

        var mistakes = PlanReader.Read(Failback(step).Replace("strategy: warm", $"strategy: {strategy}", StringComparison.Ordinal)).Mistakes;

        Assert.Equal(
            region is null
                ? []
                : [$"{kind} sends users back to the {region}, and nothing saw it healthy several times in a row; expected in 'failback' before '{kind}': probe: {{ region: {region}, times: 3 }}, or more times."],
            mistakes.Select(mistake => mistake.Message));
    }

    [Theory]
    [InlineData("takeBackup: { store: files, region: primary }")]
    [InlineData("wait: { for: 1s }")]
    public void Failback_WithoutABackupOfWhatUsersWrote_IsRefused(string step) => AssertFailback(
        "[2].restore",
        "restore brings 'files' home as the schedule backed it up last, without what users wrote since; expected behind fence: { region: secondary } and before it: takeBackup: { store: files, region: secondary }.",
        Failback(1, step));

    [Fact]
    public void Failback_WhoseBackupIsBeforeTheFence_IsRefused() => AssertFailback(
        "[2].restore",
        "restore brings 'files' home as the schedule backed it up last, without what users wrote since; expected behind fence: { region: secondary } and before it: takeBackup: { store: files, region: secondary }.",
        Failback([s_failback[1], s_failback[0], .. s_failback[2..]]));

    [Theory]
    [InlineData("rampTraffic: { to: secondary, sharedData: true }")]
    [InlineData("rampTraffic: { to: secondary, sharedData: true, stages: [10], soak: 30m, failures: 1 }")]
    [InlineData(Fence + "|remapGeography: { to: secondary }|" + Prove)]
    [InlineData(Prove)]
    [InlineData(Restore)]
    [InlineData(Fence + "|" + Shift)]
    [InlineData(Fence + "|" + Restore + "|" + Start + "|" + Shift + "|" + Prove)]
    [InlineData(Restore + "|" + Fence + "|" + Start + "|" + Shift)]
    public void Runbook_InAnOrderThatKeepsTheRules_IsValid(string steps) =>
        Assert.Empty(PlanReader.Read(Sample.WithSteps(steps.Split('|'))).Mistakes);

    [Theory]
    [InlineData("runbooks:\n  failover: []\n", "runbooks.failover", "failover is empty; expected at least one item.")]
    [InlineData("runbooks:\n  Fail Over: [{ prove: { region: primary } }]\n  failover: [{ prove: { region: primary } }]\n", "runbooks.Fail Over", "'Fail Over' is no runbook's name; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.")]
    public void Runbooks_OfTheWrongShape_AreRefused(string runbooks, string path, string message)
    {
        var mistake = Sample.OnlyMistake(Sample.Yaml[..Sample.Yaml.IndexOf("runbooks:\n", StringComparison.Ordinal)] + runbooks);

        Assert.Equal((path, message), (mistake.Path, mistake.Message));
    }

    private static string Failback(int index, string step) => Failback([.. s_failback[..index], step, .. s_failback[(index + 1)..]]);

    private static string Failback(params string[] steps) => $"{Sample.Yaml}  failback:\n{string.Concat(steps.Select(step => $"    - {step}\n"))}";

    private static void AssertFailback(string path, string message, string yaml)
    {
        var mistake = Sample.OnlyMistake(yaml);
        Assert.Equal(($"runbooks.failback{path}", message), (mistake.Path, mistake.Message));
    }

    private static void AssertRefused(string path, string message, params string[] steps)
    {
        var mistake = Sample.OnlyMistake(Sample.WithSteps(steps));
        Assert.Equal((path, message), (mistake.Path, mistake.Message));
    }
}
