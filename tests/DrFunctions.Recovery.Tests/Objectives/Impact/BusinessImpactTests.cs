using DrFunctions.Recovery.Objectives.Impact;
using DrFunctions.Recovery.Objectives.Strategies;
using DrFunctions.Recovery.Workloads;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Objectives.Impact;

public sealed class BusinessImpactTests
{
    private static readonly BusinessImpact Shop = new(12_000, 3_000, 0.1m);

    [Fact]
    public void OfAYear_IsFrequencyTimesDowntimeAndDataLoss() => // 0.1 · (12 000 · 1 h + 3 000 · 0.25 h)
        Assert.Equal(1_275m, Shop.OfAYear(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15)));

    [Fact]
    public void OfOneLoss_IsExactWhereBinaryFractionsAreNot() =>
        Assert.Equal(0.3m, new BusinessImpact(0.1m, 0.2m, 1).OfOneLoss(TimeSpan.FromHours(1), TimeSpan.FromHours(1)));

    [Fact]
    public void OfAYear_LongerOrMoreOften_NeverCostsLess()
    {
        var hours = Gen.Choose(0, 8760).Select(hour => TimeSpan.FromHours(hour));
        var any = from downtime in hours from dataLoss in hours from longer in hours from losses in Gen.Choose(0, 999) select (downtime, dataLoss, longer, losses);

        Prop.ForAll(any.ToArbitrary(), it =>
        {
            var impact = new BusinessImpact(7, 3, it.losses);
            var more = it.downtime > it.longer ? it.downtime : it.longer;
            return impact.OfAYear(more, it.dataLoss) >= impact.OfAYear(it.downtime, it.dataLoss)
                && impact.OfAYear(it.dataLoss, more) >= impact.OfAYear(it.dataLoss, it.downtime)
                && new BusinessImpact(7, 3, it.losses + 1).OfAYear(it.downtime, it.dataLoss) >= impact.OfAYear(it.downtime, it.dataLoss);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Compare_ADearerStrategy_NeverLosesMore_AndWhatNobodySaidIsUnknown()
    {
        var costs = StrategyCosts.Compare(Shop, new Dictionary<Strategy, decimal> { [Strategy.Warm] = 4_000 });

        Assert.Equal(Enum.GetValues<Strategy>(), costs.Select(cost => cost.Strategy));
        Assert.All(costs.Zip(costs.Skip(1)), pair => Assert.True(pair.First.ExpectedLossPerYear > pair.Second.ExpectedLossPerYear));
        Assert.Equal(new StrategyCost(Strategy.Warm, CostClass.Reduced, 325, 4_000), costs[2]); // 0.1 · (12 000 · 15 m + 3 000 · 5 m)
        Assert.Equal(4_325, costs[2].TotalPerYear);
        Assert.All(costs.Where(cost => cost.Strategy != Strategy.Warm), cost => Assert.Null(cost.TotalPerYear));
    }

    [Theory]
    [InlineData(-1, 0, 0, "downtimePerHour: -1, expected 0 to 1000000000000.")]
    [InlineData(0, -1, 0, "dataLossPerHour: -1, expected 0 to 1000000000000.")]
    [InlineData(0, 0, 1001, "lossesPerYear: 1001, expected 0 to 1000.")]
    public void Impact_OutOfRange_IsRefusedByName(int downtime, int dataLoss, int losses, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new BusinessImpact(downtime, dataLoss, losses));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_ACostOutOfRange_IsRefusedByName()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => StrategyCosts.Compare(Shop, new Dictionary<Strategy, decimal> { [Strategy.HotStandby] = -1 }));

        Assert.StartsWith("standbyPerYear.hot-standby: -1, expected 0 to 1000000000000.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfOneLoss_TheMostOfEverything_Fits() => Assert.Equal(
        1000m * 2 * BusinessImpact.MostAmount * 8760,
        new BusinessImpact(BusinessImpact.MostAmount, BusinessImpact.MostAmount, 1000).OfAYear(TimeSpan.FromDays(365), TimeSpan.FromDays(365)));
}
