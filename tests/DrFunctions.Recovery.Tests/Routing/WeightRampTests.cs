using DrFunctions.Recovery.Routing;

namespace DrFunctions.Recovery.Tests.Routing;

public sealed class WeightRampTests
{
    [Theory]
    [InlineData("Priority", "n1+ w2-", 1, "Weighted n1+=990 w2+=10")]
    [InlineData("Priority", "n1+ w2-", 50, "Weighted n1+=500 w2+=500")]
    [InlineData("Priority", "n1+=7 w2-=3", 99, "Weighted n1+=10 w2+=990")]
    [InlineData("Priority", "n1+ w2-", 100, "Priority w1+ n2+")]
    [InlineData("Priority", "n1+ a2+ w3- b4-", 10, "Weighted n1+=900 a2- w3+=100 b4-")]
    [InlineData("Priority", "n1+ a2+ w3- b4-", 100, "Priority w1+ n2+ a3+ b4-")]
    [InlineData("Weighted", "n1+=5 w2-=5", 10, "Weighted n1+=900 w2+=100")]
    [InlineData("Weighted", "n1+=3 a2+=1 w3-=9", 20, "Weighted n1+=600 a2+=200 w3+=200")]
    [InlineData("Weighted", "n1+=1000 a2+=1 w3-=9", 99, "Weighted n1+=9 a2+=1 w3+=990")]
    [InlineData("Weighted", "n1+=5 w2-=5", 100, "Weighted n1-=5 w2+=5")]
    public void At_AStage_HasTheShareAndAtTheEndTheMethodOfBefore(string method, string before, int percent, string expected) =>
        Assert.Equal(expected, Profiles.Text(WeightRamp.At(RoutingSettings.Of(Profiles.A(method, before)), "w", percent * 10)));

    [Theory]
    [InlineData("Weighted n1+=995 w2+=5", 5)]
    [InlineData("Weighted n1+=500 w2+=500", 500)]
    public void At_AShareOfAThousand_IsItsWeight(string expected, int permille) =>
        Assert.Equal(expected, Profiles.Text(WeightRamp.At(RoutingSettings.Of(Profiles.A("Weighted", "n1+=500 w2-=500")), "w", permille)));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void At_NoShare_IsAMistake(int permille) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightRamp.At(RoutingSettings.Of(Profiles.A("Priority", "n1+ w2-")), "w", permille));

    [Theory]
    [InlineData("Priority", "n1- w2-", "NothingToRampFrom")]
    [InlineData("Priority", "n1+ x2-", "EndpointMissing")]
    [InlineData("Geographic", "n1+ w2-", "RoutingMethodUnsupported")]
    [InlineData("Performance", "n1+ w2-", "RoutingMethodUnsupported")]
    public void Require_NoRampIsPossible_IsRefused(string method, string before, string code) =>
        Assert.Equal(code, Assert.Throws<RecoveryException>(() => WeightRamp.Require(Profiles.A(method, before), "w")).Code);
}
