using DrFunctions.Recovery.Steps;

namespace DrFunctions.Plans.Tests.Sections;

public sealed class RunbookRulesTests
{
    private const string Fence = "fence: { region: primary }";
    private const string Restore = "restore: { store: files, region: secondary }";
    private const string Start = "startWebApp: { region: secondary }";
    private const string Shift = "shiftTraffic: { to: secondary }";
    private const string Prove = "prove: { region: secondary }";

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
        $"failover[0] has 2 keys; expected one, the step's kind: {string.Join(", ", StepKindCatalog.All.Select(kind => kind.Name))}.",
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

    private static void AssertRefused(string path, string message, params string[] steps)
    {
        var mistake = Sample.OnlyMistake(Sample.WithSteps(steps));
        Assert.Equal((path, message), (mistake.Path, mistake.Message));
    }
}
