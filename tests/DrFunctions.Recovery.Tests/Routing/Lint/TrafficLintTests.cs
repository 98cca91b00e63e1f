using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Routing.Lint;
using DrFunctions.Recovery.Workloads;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Routing.Lint;

public sealed class TrafficLintTests
{
    private static readonly WorkloadPlan s_plan = APlan().Build();

    private static readonly ResourceId s_child =
        ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/shop-eu");

    private static readonly ProbeSettings s_probing = new("HTTP", 80, "/health", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), 3);

    private static readonly TrafficProfile s_good = new(
        s_plan.Traffic.Profile,
        "Priority",
        "Online",
        "shop.trafficmanager.net",
        TimeSpan.FromSeconds(30),
        [
            new("westeurope", "shop-westeurope.azurewebsites.net", true, 1, "Online") { Resource = s_plan.Primary.WebApp, Weight = 1 },
            new("northeurope", "shop-northeurope.azurewebsites.net", true, 2, "Online") { Resource = s_plan.Secondary.WebApp, Weight = 1 },
        ])
    {
        Probing = s_probing,
    };

    private static readonly TrafficEndpoint s_nested = s_good.Endpoints[0] with
    {
        Kind = EndpointKind.Nested,
        Resource = s_child,
        Target = "shop-eu.trafficmanager.net",
        Places = ["WORLD"],
        MinimumChildren = 1,
    };

    [Fact]
    public void Check_AGoodProfile_FindsNothing() => Assert.Empty(Check(s_good));

    [Fact]
    public void Check_AProfileAfterAFailover_FindsNothing() => Assert.Empty(Check(
        s_good with
        {
            Endpoints = [s_good.Endpoints[0] with { Enabled = false, Priority = 2, MonitorStatus = "Disabled" }, s_good.Endpoints[1] with { Priority = 1 }],
        },
        active: RegionRole.Secondary));

    [Fact]
    public void Check_ADisabledProfile_IsAnError() => Only("DR-TM-001", FindingSeverity.Error, Check(s_good with { Enabled = false }));

    [Fact]
    public void Check_AnEndpointIsMissingAndAnotherIsThere_NamesBoth()
    {
        var findings = Check(s_good with { Endpoints = [s_good.Endpoints[0], s_good.Endpoints[1] with { Name = "north" }] });

        Assert.Equal(["DR-TM-002", "DR-TM-003"], findings.Select(finding => finding.Code));
        Assert.Equal("the profile has no endpoint 'northeurope'; it has 'westeurope', 'north'", findings[0].Found);
        Assert.Equal(s_plan.Traffic.Profile.Value, findings[0].Resource);
    }

    [Fact]
    public void Check_AnEndpointLeadsElsewhere_SaysWhereto()
    {
        var finding = Only("DR-TM-004", FindingSeverity.Error, Check(With(1, one => one with { Resource = s_plan.Primary.WebApp, Target = "other.example" })));

        Assert.Contains(s_plan.Primary.WebApp.Value, finding.Found, StringComparison.Ordinal);
        Assert.Contains(s_plan.Secondary.WebApp.Value, finding.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_TheStandbyIsDisabled_IsAWarning() =>
        Only("DR-TM-005", FindingSeverity.Warning, Check(With(1, one => one with { Enabled = false, MonitorStatus = "Disabled" })));

    [Fact]
    public void Check_TheActiveIsDisabled_IsAnError() =>
        Only("DR-TM-006", FindingSeverity.Error, Check(With(0, one => one with { Enabled = false, MonitorStatus = "Disabled" })));

    [Fact]
    public void Check_TheStandbyComesFirst_IsAnError() => Only("DR-TM-007", FindingSeverity.Error, Check(With(0, one => one with { Priority = 3 })));

    [Fact]
    public void Check_ProbingIsNotTold_IsUnknown() => Only("DR-TM-020", FindingSeverity.Unknown, Check(s_good with { Probing = null }));

    [Fact]
    public void Check_NoFailureIsTolerated_IsAWarning() =>
        Only("DR-TM-021", FindingSeverity.Warning, Check(s_good with { Probing = s_probing with { ToleratedFailures = 0 } }));

    [Theory]
    [InlineData(30, 3, 10, 30, 160, 160, "DR-TM-023")]
    [InlineData(30, 3, 10, 30, 160, 159, "DR-TM-022")]
    [InlineData(30, 3, 10, 30, 160, 320, null)]
    [InlineData(10, 1, 5, 0, 25, 49, "DR-TM-023")]
    [InlineData(10, 1, 5, 300, 325, 60, "DR-TM-022")]
    public void Check_TheSwitchTime_IsHeldAgainstTheRto(int interval, int tolerated, int timeout, int ttl, int takes, int rto, string? code)
    {
        var probing = s_probing with
        {
            Interval = TimeSpan.FromSeconds(interval),
            ToleratedFailures = tolerated,
            Timeout = TimeSpan.FromSeconds(timeout),
        };
        var plan = APlan().WithObjectives(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(rto)).Build();

        var findings = Check(s_good with { Probing = probing, TimeToLive = TimeSpan.FromSeconds(ttl) }, plan: plan);

        Assert.Equal(TimeSpan.FromSeconds(takes), probing.SwitchTime(TimeSpan.FromSeconds(ttl)));
        Assert.Equal(code, findings.SingleOrDefault()?.Code);
    }

    [Fact]
    public void Check_AnotherPathIsProbed_IsAWarning()
    {
        var finding = Only("DR-TM-024", FindingSeverity.Warning, Check(s_good with { Probing = s_probing with { Path = "/" } }));

        Assert.Equal(("the profile probes '/'", "'/health', which the plan calls healthy"), (finding.Found, finding.Expected));
    }

    [Fact]
    public void Check_ProbesByTcp_IsAWarning() =>
        Only("DR-TM-025", FindingSeverity.Warning, Check(s_good with { Probing = s_probing with { Protocol = "TCP", Path = null } }));

    [Fact]
    public void Check_AlwaysServed_IsAWarning() => Only("DR-TM-026", FindingSeverity.Warning, Check(With(0, one => one with { AlwaysServe = true })));

    [Fact]
    public void Check_AllAreDegraded_IsAnErrorThatLooksLikeHealth()
    {
        var profile = s_good with { Endpoints = [.. s_good.Endpoints.Select(one => one with { MonitorStatus = "Degraded" })] };

        Only("DR-TM-030", FindingSeverity.Error, Check(profile));
    }

    [Fact]
    public void Check_TheStandbyIsStopped_DegradedActiveIsStillServed() =>
        Only("DR-TM-030", FindingSeverity.Error, Check(s_good with
        {
            Endpoints = [s_good.Endpoints[0] with { MonitorStatus = "Degraded" }, s_good.Endpoints[1] with { MonitorStatus = "Stopped" }],
        }));

    [Fact]
    public void Check_TheActiveIsDegraded_IsAnError() =>
        Only("DR-TM-031", FindingSeverity.Error, Check(With(0, one => one with { MonitorStatus = "Degraded" })));

    [Theory]
    [InlineData("CheckingEndpoint")]
    [InlineData("Unknown")]
    public void Check_AStateThatIsNotKnown_IsUnknown(string status) =>
        Only("DR-TM-032", FindingSeverity.Unknown, Check(With(1, one => one with { MonitorStatus = status })));

    [Fact]
    public void Check_GeographicWithoutNestedProfiles_IsAnErrorForEach()
    {
        var profile = s_good with
        {
            RoutingMethod = "Geographic",
            Endpoints = [s_good.Endpoints[0] with { Places = ["GEO-EU"] }, s_good.Endpoints[1] with { Places = ["GEO-NA"] }],
        };

        Assert.Equal(["DR-TM-010", "DR-TM-010", "DR-TM-013"], Check(profile).Select(finding => finding.Code));
    }

    [Fact]
    public void Check_GeographicWithTwoNestedEndpoints_FindsNothing() => Assert.Empty(Check(Geographic(), children: s_good with { Id = s_child }));

    [Fact]
    public void Check_ANestedProfileOfOne_IsAnError() =>
        Only("DR-TM-012", FindingSeverity.Error, Check(
            Geographic(), children: s_good with { Id = s_child, Endpoints = [s_good.Endpoints[0], s_good.Endpoints[1] with { Enabled = false }] }));

    [Fact]
    public void Check_ANestedProfileThatCannotBeRead_IsUnknown() => Only("DR-TM-011", FindingSeverity.Unknown, Check(Geographic()));

    [Theory]
    [InlineData(3, "Weighted", "DR-TM-016", FindingSeverity.Error)]
    [InlineData(2, "Priority", "DR-TM-017", FindingSeverity.Warning)]
    [InlineData(2, "Weighted", null, null)]
    [InlineData(1, "Priority", null, null)]
    public void Check_LeastChildren_AreHeldAgainstTheChild(int least, string method, string? code, FindingSeverity? severity)
    {
        var parent = Geographic() with { Endpoints = [s_nested with { MinimumChildren = least }, .. Geographic().Endpoints.Skip(1)] };

        var finding = Check(parent, children: s_good with { Id = s_child, RoutingMethod = method }).SingleOrDefault();

        Assert.Equal((code, severity), (finding?.Code, finding?.Severity));
    }

    [Theory]
    [InlineData(Strategy.Warm, 1, 1, "DR-TM-041")]
    [InlineData(Strategy.ActiveActive, 1, 1, null)]
    [InlineData(Strategy.ActiveActive, 10, 990, "DR-TM-042")]
    [InlineData(Strategy.ActiveActive, 0, 1, "DR-TM-040")]
    public void Check_Weights_AreThoseOfTheStrategy(Strategy strategy, int first, int second, string? code)
    {
        var profile = s_good with
        {
            RoutingMethod = "Weighted",
            Endpoints = [s_good.Endpoints[0] with { Weight = first }, s_good.Endpoints[1] with { Weight = second }],
        };

        Assert.Equal(code, Check(profile, plan: s_plan with { Strategy = strategy }).SingleOrDefault()?.Code);
    }

    [Fact]
    public void Check_ANestedProfileOfThePlanIsNotBehindTheProfile_IsAnError()
    {
        var finding = Only("DR-TM-008", FindingSeverity.Error, Check(s_good, Serving("we", "ne")));

        Assert.Equal("no endpoint of 'shop' leads to the nested profile 'europe'", finding.Found);
    }

    [Fact]
    public void Check_ANestedProfileOfThePlanLacksAnEndpoint_NamesIt()
    {
        var finding = Only("DR-TM-008", FindingSeverity.Error, Check(Geographic(), Serving("westeurope", "ne"), children: s_good with { Id = s_child }));

        Assert.Equal("the nested profile has no endpoint 'ne'; it has 'westeurope', 'northeurope'", finding.Found);
    }

    [Theory]
    [InlineData(true, "DR-TM-012")]
    [InlineData(false, null)]
    public void Check_ARegionIsDisabledInItsNestedProfile_IsOnPurposeOnlyWhileUsersAreElsewhere(bool isShared, string? code)
    {
        var left = With(0, one => one with { Enabled = false, MonitorStatus = "Disabled" }) with { Id = s_child };
        var children = new Dictionary<ResourceId, TrafficProfile> { [s_child] = left };
        var facts = new TrafficFacts(Serving("westeurope", "northeurope"), RegionRole.Secondary, Geographic(), children) { IsShared = isShared };

        Assert.Equal(code, TrafficLint.Check(facts).Select(finding => finding.Code).Distinct().SingleOrDefault());
    }

    [Fact]
    public void Check_BothRegionsServeAndOneIsDisabled_IsAnError()
    {
        var profile = With(1, one => one with { Enabled = false, MonitorStatus = "Disabled" }) with { RoutingMethod = "Weighted" };
        var plan = s_plan with { Strategy = Strategy.ActiveActive };
        var facts = new TrafficFacts(plan, RegionRole.Primary, profile, new Dictionary<ResourceId, TrafficProfile>()) { IsShared = true };

        Only("DR-TM-006", FindingSeverity.Error, TrafficLint.Check(facts));
    }

    [Fact]
    public void Check_Several_HasTheWorstFirst()
    {
        var findings = Check(With(0, one => one with { MonitorStatus = "Degraded" }) with { Probing = s_probing with { Path = "/", ToleratedFailures = 0 } });

        Assert.Equal(["DR-TM-031", "DR-TM-021", "DR-TM-024"], findings.Select(finding => finding.Code));
        Assert.All(findings, finding => Assert.All(
            new[] { finding.Resource, finding.Found, finding.Expected, finding.Hint }, text => Assert.False(string.IsNullOrWhiteSpace(text))));
    }

    private static WorkloadPlan Serving(string primary, string secondary) => s_plan with
    {
        Strategy = Strategy.ActiveActive,
        Traffic = s_plan.Traffic with { Nested = [new NestedProfile("europe", new TrafficRoute(s_child, primary, secondary))] },
    };

    private static TrafficProfile Geographic() => s_good with
    {
        RoutingMethod = "Geographic",
        Endpoints = [s_nested, s_nested with { Name = "northeurope", Places = ["GEO-NA"] }],
    };

    private static TrafficProfile With(int index, Func<TrafficEndpoint, TrafficEndpoint> change) => s_good with
    {
        Endpoints = [.. s_good.Endpoints.Select((one, at) => at == index ? change(one) : one)],
    };

    private static Finding Only(string code, FindingSeverity severity, IReadOnlyList<Finding> findings)
    {
        var finding = findings.DistinctBy(one => one.Code).Single();
        Assert.Equal((code, severity), (finding.Code, finding.Severity));
        return finding;
    }

    private static IReadOnlyList<Finding> Check(
        TrafficProfile profile, WorkloadPlan? plan = null, RegionRole active = RegionRole.Primary, params TrafficProfile[] children) =>
        TrafficLint.Check(new TrafficFacts(plan ?? s_plan, active, profile, children.ToDictionary(child => child.Id)));
}
