using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Evaluation.Resources;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Evaluation.Resources;

public sealed class ResourceRulesTests
{
    private static readonly WebAppFacts s_west = new("West Europe", "app,linux", "Running", "P1v3", "PremiumV3");
    private static readonly WebAppFacts s_north = new("northeurope", "app,linux", "Stopped", "P1v3", "PremiumV3");

    [Fact]
    public void Check_AWarmPair_FindsNothing() => Assert.Empty(Check(Strategy.Warm, s_west, s_north));

    [Fact]
    public void Check_AfterAFailover_TheOtherOneMustRun() => Assert.Equal(
        ["DR-RES-005"],
        Check(Strategy.Warm, s_west with { State = "Stopped" }, s_north, RegionRole.Secondary).Select(finding => finding.Code));

    [Theory]
    [InlineData(Strategy.Warm, "DR-RES-001")]
    [InlineData(Strategy.HotStandby, "DR-RES-001")]
    [InlineData(Strategy.Cold, null)]
    [InlineData(Strategy.BackupOnly, null)]
    public void Check_NoStandby_IsAnErrorWhereOneMustBe(Strategy strategy, string? code) =>
        Assert.Equal(code, Check(strategy, s_west, null).SingleOrDefault()?.Code);

    [Fact]
    public void Check_NoPrimary_IsAnErrorThatNamesIt()
    {
        var finding = Assert.Single(Check(Strategy.Cold, null, null));

        Assert.Equal(("DR-RES-001", FindingSeverity.Error), (finding.Code, finding.Severity));
        Assert.EndsWith("sites/shop-westeurope", finding.Resource, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("westeurope", "DR-RES-002", FindingSeverity.Error)]
    [InlineData("North Europe", null, null)]
    [InlineData(null, "DR-RES-006", FindingSeverity.Unknown)]
    public void Check_TheStandbysRegion_IsThePlans(string? location, string? code, FindingSeverity? severity)
    {
        var finding = Check(Strategy.Warm, s_west, s_north with { Location = location }).SingleOrDefault();

        Assert.Equal((code, severity), (finding?.Code, finding?.Severity));
    }

    [Theory]
    [InlineData(Strategy.Warm, null, null)]
    [InlineData(Strategy.HotStandby, "DR-RES-005", FindingSeverity.Warning)]
    [InlineData(Strategy.ActiveActive, "DR-RES-005", FindingSeverity.Error)]
    public void Check_AStoppedStandby_IsHeldAgainstTheStrategy(Strategy strategy, string? code, FindingSeverity? severity)
    {
        var finding = Check(strategy, s_west, s_north).SingleOrDefault();

        Assert.Equal((code, severity), (finding?.Code, finding?.Severity));
    }

    [Fact]
    public void Check_KindAndSizeDiffer_SaysBoth()
    {
        var findings = Check(Strategy.Warm, s_west, s_north with { Kind = "app", Sku = "S1", Tier = "Standard" });

        Assert.Equal(
            [("DR-RES-003", "the web app is of the kind 'app'", "'app,linux', as in westeurope"), ("DR-RES-004", "its App Service plan is S1", "P1v3, as in westeurope")],
            findings.Select(finding => (finding.Code, finding.Found, finding.Expected)));
    }

    [Fact]
    public void Check_SettingsDiffer_SaysWhichOfThoseThatBothHave()
    {
        var west = s_west with { Settings = new Dictionary<string, string> { ["alwaysOn"] = "true", ["minTlsVersion"] = "1.2", ["httpsOnly"] = "true" } };
        var north = s_north with { Settings = new Dictionary<string, string> { ["alwaysOn"] = "false", ["minTlsVersion"] = "1.2", ["linuxFxVersion"] = "NODE|20" } };

        var finding = Assert.Single(Check(Strategy.Warm, west, north));

        Assert.Equal(
            ("DR-RES-008", FindingSeverity.Warning, "the web app is set otherwise: alwaysOn is 'false' and not 'true'"), (finding.Code, finding.Severity, finding.Found));
    }

    [Theory]
    [InlineData("Free")]
    [InlineData("Basic")]
    public void Check_ATierThatTrafficManagerDoesNotServe_IsAnError(string tier) =>
        Assert.Equal(["DR-RES-007"], Check(Strategy.Warm, s_west, s_north with { Tier = tier }).Select(finding => finding.Code));

    private static IReadOnlyList<Finding> Check(
        Strategy strategy, WebAppFacts? primary, WebAppFacts? secondary, RegionRole active = RegionRole.Primary) => ResourceRules.Check(
        new EvaluatedPlan(APlan().Build() with { Strategy = strategy }, "v1", WorkloadState.AtHome with { Active = active }, MovableClock.Start), primary, secondary);
}
