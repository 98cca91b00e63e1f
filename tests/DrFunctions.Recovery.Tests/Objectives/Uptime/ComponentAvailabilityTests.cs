using DrFunctions.Recovery.Objectives.Uptime;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Objectives.Uptime;

public sealed class ComponentAvailabilityTests
{
    // Decimals are rounded at 28 places; sums of a few of them at 26.
    private const decimal Rounding = 0.00000000000000000000000001m;

    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly Gen<List<decimal>> Shares = Gen.Choose(0, 1_000_000).Select(millionths => millionths / 1_000_000m).NonEmptyListOf()
        .Select(shares => shares.Take(12).ToList());

    [Fact]
    public void Of_ASeries_IsMicrosoftsExample() => // Cloud Adoption Framework, Protect your cloud estate: a site, a database and a cache
        Assert.Equal(0.9999m * 0.9995m * 0.9999m, Of(new InSeries("region", Parts([0.9999m, 0.9995m, 0.9999m]))));

    [Fact]
    public void Of_TwoRegions_IsMicrosoftsExample() => // the same source: 99.95 % twice is 99.999975 %
        Assert.Equal(0.99999975m, Of(new InParallel("regions", Parts([0.9995m, 0.9995m]))));

    [Fact]
    public void Of_TwoOfThree_IsTheBinomialSum() => // 3 · 0.9² · 0.1 + 0.9³
        Assert.Equal(0.972m, Of(new Quorum("votes", 2, Parts([0.9m, 0.9m, 0.9m]))));

    [Fact]
    public void Of_ATree_IsOfItsParts()
    {
        var region = new InSeries("region", Parts([0.99m, 0.9m]));

        Assert.Equal(0.5m * (1 - ((1 - 0.891m) * (1 - 0.891m))), Of(new InSeries("all", [new SinglePart("dns", new Availability(0.5m)), new InParallel("regions", [region, region])])));
    }

    [Fact]
    public void Of_ASeries_IsNeverMoreThanItsWorstPart() => Prop.ForAll(Shares.ToArbitrary(), shares =>
        Of(new InSeries("all", Parts(shares))) <= shares.Min()).Check(Quick);

    [Fact]
    public void Of_Parallels_IsNeverLessThanItsBestPart() => Prop.ForAll(Shares.ToArbitrary(), shares =>
        Of(new InParallel("all", Parts(shares))) >= shares.Max()).Check(Quick);

    [Fact]
    public void Of_AQuorum_OfOneIsParallel_OfAllIsASeries_AndBetweenItFalls() => Prop.ForAll(Shares.ToArbitrary(), shares =>
    {
        var quorums = Enumerable.Range(1, shares.Count).Select(needed => Of(new Quorum("all", needed, Parts(shares)))).ToList();
        Assert.InRange(quorums[0] - Of(new InParallel("all", Parts(shares))), -Rounding, Rounding);
        Assert.InRange(quorums[^1] - Of(new InSeries("all", Parts(shares))), -Rounding, Rounding);
        Assert.All(quorums.Zip(quorums.Skip(1)), pair => Assert.True(pair.First >= pair.Second));
        Assert.All(quorums, share => Assert.InRange(share, 0, 1));
    }).Check(Quick);

    [Fact]
    public void Of_ABetterPart_IsNeverWorse() => Prop.ForAll(Shares.ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), (shares, thousandths) =>
    {
        var better = shares.ToList();
        better[0] += (1 - better[0]) * thousandths / 1000m;
        var needed = (shares.Count + 1) / 2;
        return Of(new InSeries("all", Parts(better))) >= Of(new InSeries("all", Parts(shares)))
            && Of(new InParallel("all", Parts(better))) >= Of(new InParallel("all", Parts(shares)))
            && Of(new Quorum("all", needed, Parts(better))) + Rounding >= Of(new Quorum("all", needed, Parts(shares)));
    }).Check(Quick);

    [Fact]
    public void Of_NoParts_IsRefusedByName() => Refused(new InSeries("region", []), "region: 0 parts, expected 1 to 64.");

    [Fact]
    public void Of_TooManyParts_IsRefusedByName() =>
        Refused(new InParallel("farm", Parts([.. Enumerable.Repeat(0.5m, 65)])), "farm: 65 parts, expected 1 to 64.");

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Of_AQuorumThatCannotBe_IsRefusedByName(int needed) =>
        Refused(new Quorum("votes", needed, Parts([1, 1])), $"votes: {needed} of 2 parts needed, expected 1 to 2.");

    [Fact]
    public void Of_ATreeWithoutEnd_IsRefused()
    {
        Component tree = new SinglePart("leaf", Availability.Always);
        for (var depth = 1; depth < ComponentAvailability.DeepestTree; depth++)
        {
            tree = new InSeries($"level {depth}", [tree]);
        }

        Assert.Equal(1, Of(tree));
        Refused(new InSeries("root", [tree]), "leaf: 33 deep, expected at most 32.");
    }

    private static void Refused(Component component, string message) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(() => Of(component)).Message, StringComparison.Ordinal);

    private static decimal Of(Component component) => ComponentAvailability.Of(component).Share;

    private static List<Component> Parts(IEnumerable<decimal> shares) =>
        [.. shares.Select((share, index) => new SinglePart($"part {index}", new Availability(share)))];
}
