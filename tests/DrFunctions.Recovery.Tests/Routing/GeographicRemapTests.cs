using DrFunctions.Recovery.Routing;

namespace DrFunctions.Recovery.Tests.Routing;

public sealed class GeographicRemapTests
{
    [Theory]
    [InlineData("w1+=GEO-EU,DE n2+=WORLD", "Geographic w1-=BV n2+=WORLD,GEO-EU,DE")]
    [InlineData("w1+=WORLD n2-=GEO-NA", "Geographic w1-=BV n2+=GEO-NA,WORLD")]
    [InlineData("w1+=GEO-EU n2+=WORLD a3+=bv,TF", "Geographic w1-=HM n2+=WORLD,GEO-EU a3+=bv,TF")]
    [InlineData("w1-=BV n2-=WORLD,GEO-EU", "Geographic w1-=BV n2+=WORLD,GEO-EU")]
    public void Move_AFailedEndpoint_GivesItsPlacesToTheTargetAndKeepsAPlaceholder(string before, string after) =>
        Assert.Equal(after, Profiles.Text(GeographicRemap.Move(Profiles.A("Geographic", before), "w", "n")));

    [Fact]
    public void Move_Written_IsItsOwnRepetitionAndIsTakenBackExactly()
    {
        var before = Profiles.A("Geographic", "w1+=GEO-EU,DE n2+=WORLD a3+=GEO-AS");
        var settings = GeographicRemap.Move(before, "w", "n");
        var written = Profiles.With(before, settings);

        Assert.True(GeographicRemap.Move(written, "w", "n").AreOf(written));
        var back = Profiles.With(written, RoutingSettings.Of(before));
        Assert.Equal(Profiles.Text(RoutingSettings.Of(before)), Profiles.Text(RoutingSettings.Of(back)));
    }

    [Theory]
    [InlineData("Priority", "w1+=DE n2+=WORLD", "RoutingMethodUnsupported")]
    [InlineData("Geographic", "w1+ n2+=WORLD", "PlacesUnknown")]
    [InlineData("Geographic", "w1+=DE n2+", "PlacesUnknown")]
    [InlineData("Geographic", "w1+=DE n2+=BV,TF,HM,GS,IO,PN,TK,NU", "PlacesUnknown")]
    [InlineData("Geographic", "w1+=DE x2+=WORLD", "EndpointMissing")]
    public void Move_Impossible_IsRefused(string method, string before, string code) =>
        Assert.Equal(code, Assert.Throws<RecoveryException>(() => GeographicRemap.Move(Profiles.A(method, before), "w", "n")).Code);
}
