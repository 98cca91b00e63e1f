using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Evaluation.Permissions;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Tests.Evaluation.Permissions;

public sealed class PermissionRulesTests
{
    private static readonly RequiredPermission s_stop = new("Microsoft.Web/sites/stop/action", "/x");
    private static readonly Dictionary<string, IReadOnlyList<PermissionGrant>> s_nothingSeen = [];

    [Theory]
    [InlineData("*", true)]
    [InlineData("Microsoft.Web/sites/stop/Action", true)]
    [InlineData("microsoft.web/*", true)]
    [InlineData("Microsoft.Web/*/action", true)]
    [InlineData("*/action", true)]
    [InlineData("Microsoft.Web/sites/*", true)]
    [InlineData("Microsoft.Web/sites/stop*", true)]
    [InlineData("Microsoft.Web/*/read", false)]
    [InlineData("Microsoft.Web/sites", false)]
    [InlineData("Microsoft.Web/sites/stop/action/x", false)]
    [InlineData("**a*", true)]
    [InlineData("", false)]
    public void Allows_APattern_StandsForTheActionsItMatches(string pattern, bool allowed) =>
        Assert.Equal(allowed, new PermissionGrant([pattern], []).Allows(s_stop));

    [Fact]
    public void Allows_ANotAction_IsTakenOff() =>
        Assert.False(new PermissionGrant(["*"], ["Microsoft.Web/*/action"]).Allows(s_stop));

    [Fact]
    public void Check_OneRoleTakesOffWhatAnotherGives_IsAllowed() => Assert.Empty(PermissionRules.Check(
        [Needs("failover.fence", "a/stop", "/x")], Granted(new PermissionGrant(["*"], ["a/stop"]), new PermissionGrant(["a/stop"], []))));

    [Fact]
    public void Check_ActionsAreMissing_NamesThemOnceAScope()
    {
        var finding = Assert.Single(PermissionRules.Check(
            [
                Needs("failover.fence", "a/stop", "/x"), Needs("failback.start", "a/start", "/X"), Needs("failover.fence", "a/read", "/x"),
                Needs("failback.fence", "A/STOP", "/x"), Needs("one", "a/stop", "/x"), Needs("two", "a/stop", "/x"),
            ],
            Granted(new PermissionGrant(["*/read"], []))));

        Assert.Equal(
            ("DR-PERM-001", FindingSeverity.Error, "/x", "the app's identity may not a/start (needed by failback.start), a/stop (needed by failover.fence, failback.fence, one and 1 more)"),
            (finding.Code, finding.Severity, finding.Resource, finding.Found));
    }

    [Fact]
    public void Allows_AnActionOnData_IsNotGivenByAStarOfActions()
    {
        var data = s_stop with { Kind = PermissionKind.Data };

        Assert.False(new PermissionGrant(["*"], []).Allows(data));
        Assert.True(new PermissionGrant([], []) { DataActions = ["*"] }.Allows(data));
        Assert.False(new PermissionGrant([], []) { DataActions = ["*"], NotDataActions = ["*/action"] }.Allows(data));
    }

    [Fact]
    public void Check_AScopeWasNotSeen_IsUnknown()
    {
        var finding = Assert.Single(PermissionRules.Check([Needs("failover.fence", "a/stop", "/y")], s_nothingSeen));

        Assert.Equal(("DR-PERM-002", FindingSeverity.Unknown, "a right to a/stop"), (finding.Code, finding.Severity, finding.Expected));
    }

    private static StepRight Needs(string step, string action, string scope) => new(step, new RequiredPermission(action, scope));

    private static Dictionary<string, IReadOnlyList<PermissionGrant>> Granted(params PermissionGrant[] grants) =>
        new(StringComparer.OrdinalIgnoreCase) { ["/x"] = grants };
}
