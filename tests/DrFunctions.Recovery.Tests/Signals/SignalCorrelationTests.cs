using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;
using static DrFunctions.Testing.Recovery.Builders;

namespace DrFunctions.Recovery.Tests.Signals;

public sealed class SignalCorrelationTests
{
    private const string Sites = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites";

    [Theory]
    [InlineData($"{Sites}/shop", true)]
    [InlineData("/SUBSCRIPTIONS/s/resourcegroups/SHOP/providers/microsoft.web/sites/Shop", true)]
    [InlineData($"{Sites}/shop/slots/staging", true)]
    [InlineData($"{Sites}/SHOP/slots/staging", true)]
    [InlineData($"{Sites}/shop2", false)]
    [InlineData($"{Sites}/shop2/slots/staging", false)]
    [InlineData($"{Sites}/sho", false)]
    [InlineData("/subscriptions/t/resourceGroups/shop/providers/Microsoft.Web/sites/shop", false)]
    public void Decide_AResource_IsCoveredByItselfAndItsParents(string resource, bool isCovered)
    {
        var (workload, disposition, reason) = Assert.Single(
            SignalCorrelation.Decide(Signal(SignalCondition.Fired, resource), [Plan("shop", $"{Sites}/shop")]));

        Assert.Equal(isCovered ? "shop" : null, workload);
        Assert.Equal(isCovered ? SignalDisposition.Correlated : SignalDisposition.Ignored, disposition);
        Assert.Equal(isCovered ? "the plan names the resource" : $"no plan names the resource '{resource}'", reason);
    }

    [Theory]
    [InlineData(SignalCondition.Fired, "shop", SignalDisposition.Correlated, "the plan names the resource")]
    [InlineData(SignalCondition.Informed, "shop", SignalDisposition.Ignored, "it tells of no outage")]
    [InlineData(SignalCondition.Resolved, "shop", SignalDisposition.Resolving, "the alert says that the resource is well again")]
    [InlineData(SignalCondition.Intended, "shop", SignalDisposition.Ignored, "a person did it on purpose")]
    [InlineData(SignalCondition.Unreadable, null, SignalDisposition.Unreadable, "events of type 'Example.Alert' are not understood")]
    public void Decide_EachCondition_HasItsDisposition(SignalCondition condition, string? workload, SignalDisposition disposition, string reason) =>
        Assert.Equal(
            [new Correlation(workload, disposition, reason)], SignalCorrelation.Decide(Signal(condition, $"{Sites}/shop"), [Plan("shop", $"{Sites}/shop")]));

    [Fact]
    public void Decide_NoResource_IsUnreadable() =>
        Assert.Equal(
            [new Correlation(null, SignalDisposition.Unreadable, "the alert names no resource")],
            SignalCorrelation.Decide(Signal(SignalCondition.Fired), [Plan("shop", $"{Sites}/shop")]));

    [Fact]
    public void Decide_AnyOfItsResources_IsEnough() =>
        Assert.Equal("shop", SignalCorrelation.Decide(Signal(SignalCondition.Fired, $"{Sites}/a", $"{Sites}/shop"), [Plan("shop", $"{Sites}/shop")])[0].Workload);

    [Fact]
    public void Decide_TwoPlansNameIt_ConcernsBoth() =>
        Assert.Equal(["b", "c"], SignalCorrelation.Decide(
            Signal(SignalCondition.Fired, $"{Sites}/shop"), [Plan("a", $"{Sites}/other"), Plan("b", $"{Sites}/shop"), Plan("c", $"{Sites}/shop")]).Select(found => found.Workload));

    [Theory]
    [InlineData("westeurope", "s", "shop", "it is the plan's primary region")]
    [InlineData("westeurope", "S", "shop", "it is the plan's primary region")]
    [InlineData("northeurope", "s", null, "no plan of that subscription has its primary in northeurope")]
    [InlineData("global", "s", null, "no plan of that subscription has its primary in global")]
    [InlineData("westeurope", "t", null, "no plan of that subscription has its primary in westeurope")]
    [InlineData("westeurope", null, null, "no plan of that subscription has its primary in westeurope")]
    public void Decide_ARegion_ConcernsPlansOfTheSubscriptionAtHomeThere(string region, string? subscription, string? workload, string reason)
    {
        var signal = Signal(SignalCondition.Fired) with { Regions = [region], Subscription = subscription };

        Assert.Equal(
            [new Correlation(workload, workload is null ? SignalDisposition.Ignored : SignalDisposition.Correlated, reason)],
            SignalCorrelation.Decide(signal, [Plan("shop", $"{Sites}/shop")]));
    }

    private static WorkloadPlan Plan(string workload, string resource) =>
        APlan().WithWorkload(workload).WithPolicy(policy => policy with { Resources = [ResourceId.Parse(resource)] }).Build();

    private static Signal Signal(SignalCondition condition, params string[] resources) => new(
        "id", "Example.Alert", "", [.. resources.Select(ResourceId.Parse)], condition, MovableClock.Start, MovableClock.Start, "title");
}
