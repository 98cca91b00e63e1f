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

    [Theory]
    [InlineData("w1-=BV n2+=WORLD,GEO-EU", "w1+=GEO-EU n2+=WORLD")]
    [InlineData("w1+=DE n2+=WORLD,GEO-EU", "w1+=DE,GEO-EU n2+=WORLD")]
    [InlineData("w1+=geo-eu,DE n2+=WORLD", "w1+=DE,GEO-EU n2+=WORLD")]
    [InlineData("w1-=BV n2+=WORLD a3+=GEO-EU,FR", "w1+=GEO-EU n2+=WORLD a3+=FR")]
    public void GiveBack_Places_AreTheTargetsAndOthersKeepTheRest(string before, string after)
    {
        var profile = Profiles.A("Geographic", before);
        var settings = GeographicRemap.GiveBack(profile, "w", ["GEO-EU"]);
        var written = Profiles.With(profile, settings);

        Assert.Equal($"Geographic {after}", Profiles.Text(settings));
        Assert.True(GeographicRemap.GiveBack(written, "w", ["GEO-EU"]).AreOf(written));
    }

    [Theory]
    [InlineData("Geographic", "w1-=BV n2+=GEO-EU", "PlacesUnknown", "'n' would keep no place without GEO-EU.")]
    [InlineData("Geographic", "x1-=BV n2+=GEO-EU", "EndpointMissing", "has no endpoint 'w'")]
    [InlineData("Priority", "w1- n2+", "RoutingMethodUnsupported", "expected 'Geographic'")]
    public void GiveBack_Impossible_IsRefused(string method, string before, string code, string message)
    {
        var refusal = Assert.Throws<RecoveryException>(() => GeographicRemap.GiveBack(Profiles.A(method, before), "w", ["GEO-EU"]));

        Assert.Equal(code, refusal.Code);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
