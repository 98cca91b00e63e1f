using DrFunctions.Recovery.Steps.RampTraffic;
using DrFunctions.Recovery.Steps.ShiftTraffic;

namespace DrFunctions.Plans.Tests.Sections;

public sealed class TrafficSectionTests
{
    private const string Endpoints = "  endpoints: { primary: westeurope, secondary: northeurope }\n";
    private const string Profiles = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles";
    private const string Europe = $"    - {{ name: europe, profile: {Profiles}/shop-europe, endpoints: {{ primary: we, secondary: ne }} }}\n";

    [Fact]
    public void Nested_Profiles_AreThoseThatStepsCanWrite()
    {
        var plan = PlanReader.Read(Nested(Europe, "    - shiftTraffic: { to: secondary, nested: europe }\n", "active-active")).Plan!; // Read asserts nothing, the next lines do.

        var step = Assert.IsType<ShiftTrafficStep>(Assert.Single(plan.Runbooks["failover"].Steps));
        var route = plan.Traffic.Route(step.Nested);
        Assert.Equal(($"{Profiles}/shop-europe", "we", "ne"), (route.Profile.Value, route.PrimaryEndpoint, route.SecondaryEndpoint));
        Assert.Equal(plan.Traffic.Profile, plan.Traffic.Route(null).Profile);
        Assert.Throws<ArgumentException>(() => plan.Traffic.Route("asia"));
    }

    [Theory]
    [InlineData(true, "shiftTraffic writes the nested profile 'asia', which the plan does not have; expected one of europe.")]
    [InlineData(false, "shiftTraffic writes the nested profile 'asia', and the plan has none; expected traffic.nested with an item of that name.")]
    public void Step_OfANestedProfileThatThePlanLacks_IsRefused(bool hasOthers, string message)
    {
        var mistake = Sample.OnlyMistake(Nested(hasOthers ? Europe : "", "    - shiftTraffic: { to: secondary, nested: asia }\n", "active-active"));

        Assert.Equal(("runbooks.failover[0].shiftTraffic", message), (mistake.Path, mistake.Message));
    }

    [Theory]
    [InlineData($"    - {{ name: europe, profile: {Profiles}/shop, endpoints: {{ primary: we, secondary: ne }} }}\n", "traffic.nested[0].profile", "profile is 'shop', which the plan has already; expected a profile of its own.")]
    [InlineData($"    - {{ name: europe, profile: {Profiles}/shop-europe, endpoints: {{ primary: we, secondary: WE }} }}\n", "traffic.nested[0].endpoints.secondary", "secondary is 'WE', the primary's endpoint too; expected the secondary's own.")]
    [InlineData($"    - {{ name: europe, profile: {Profiles}/shop-europe }}\n", "traffic.nested[0].endpoints", "endpoints is missing; 'nestedProfile' needs it.")]
    [InlineData($"    - {{ name: Europe!, profile: {Profiles}/shop-europe, endpoints: {{ primary: we, secondary: ne }} }}\n", "traffic.nested[0].name", "name is 'Europe!'; expected 1 to 40 of a-z, 0-9 and '-', beginning with a letter.")]
    public void Nested_WithAMistake_NamesFieldValueAndWhatWasExpected(string item, string path, string message)
    {
        var mistake = Sample.OnlyMistake(Nested(item, "    - prove: { region: secondary }\n", "warm"));

        Assert.Equal((path, message), (mistake.Path, mistake.Message));
    }

    [Theory]
    [InlineData("rampTraffic: { to: primary, whole: 0 }", "whole", "whole is '0'; expected a whole number, 1 to 100.")]
    [InlineData("rampTraffic: { to: primary, maxLag: 25h }", "maxLag", "maxLag is '25h'; expected 1s to 1d.")]
    [InlineData("returnPlaces: { to: primary, places: [GEO-EU, geo-eu] }", "places", "places names 'GEO-EU' 2 times; expected each place once.")]
    [InlineData("returnPlaces: { to: primary, places: [Europe and more] }", "places[0]", "places[0] is 'Europe and more'; expected a code of Traffic Manager's, such as GEO-EU, DE or WORLD.")]
    public void Step_WithAMistake_NamesFieldValueAndWhatWasExpected(string step, string field, string message)
    {
        var mistake = Sample.OnlyMistake(Nested("", $"    - {step}\n", "active-active").Replace("runbook: failover", "runbook: other", StringComparison.Ordinal) + "  other: [{ prove: { region: secondary } }]\n");

        Assert.Equal(($"runbooks.failover[0].{step[..step.IndexOf(':', StringComparison.Ordinal)]}.{field}", message), (mistake.Path, mistake.Message));
    }

    [Theory]
    [InlineData("active-active", true)]
    [InlineData("hot-standby", false)]
    public void Move_WithoutAFence_IsForRegionsThatBothWrite(string strategy, bool isValid)
    {
        var result = PlanReader.Read(Nested("", "    - shiftTraffic: { to: secondary }\n    - prove: { region: secondary }\n", strategy));

        Assert.Equal(isValid, result.Mistakes.Count == 0);
    }

    [Fact]
    public void Ramp_OfAShare_HasItsStagesOfAllUsers()
    {
        var yaml = Nested("", "    - probe: { region: secondary }\n    - rampTraffic: { to: secondary, whole: 50, stages: [1, 10, 50, 100], maxLag: 30s }\n", "active-active");

        var ramp = Assert.IsType<RampTrafficStep>(PlanReader.Read(yaml).Plan!.Runbooks["failover"].Steps[^1]); // It has no mistake, or this fails.

        Assert.Equal([5, 50, 250, 500], ramp.Shares);
        Assert.Equal(TimeSpan.FromSeconds(30), ramp.MaxLag);
    }

    private static string Nested(string items, string steps, string strategy)
    {
        var yaml = Sample.With(Endpoints, items.Length > 0 ? $"{Endpoints}  nested:\n{items}" : Endpoints).Replace("strategy: warm", $"strategy: {strategy}", StringComparison.Ordinal);
        return yaml[..yaml.IndexOf("    - fence:", StringComparison.Ordinal)] + steps;
    }
}
