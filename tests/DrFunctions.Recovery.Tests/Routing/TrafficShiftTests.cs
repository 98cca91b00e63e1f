using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Workloads;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Routing;

public sealed class TrafficShiftTests
{
    [Theory]
    [InlineData("w1+ n2+", "n1+ w2-")]
    [InlineData("w5+ n900-", "n1+ w2-")]
    [InlineData("n1+ w2-", "n1+ w2-")]
    [InlineData("a1+ w2+ b3- n4+", "n1+ a2+ b3- w4-")]
    [InlineData("b9+ a3+ n4- w1+", "n1+ a2+ b3+ w4-")]
    [InlineData("W1+ N2-", "N1+ W2-")]
    public void To_AProfile_PutsTheTargetFirstAndTheFailedLastAndDisabled(string before, string after)
    {
        var settings = TrafficShift.To(Profile(before), "n", "w");

        Assert.Equal(after, string.Join(' ', settings.Endpoints.Select(one => $"{one.Name}{one.Priority}{(one.Enabled ? '+' : '-')}")));
    }

    [Theory]
    [InlineData("n", "x", "The profile 'shop' has no endpoint 'x'; it has 'w', 'n'.")]
    [InlineData("x", "w", "The profile 'shop' has no endpoint 'x'; it has 'w', 'n'.")]
    public void To_AnEndpointIsMissing_NamesItAndThoseThereAre(string target, string failed, string message)
    {
        var exception = Assert.Throws<RecoveryException>(() => TrafficShift.To(Profile("w1+ n2+"), target, failed));

        Assert.Equal(("EndpointMissing", message, false), (exception.Code, exception.Message, exception.IsTransient));
    }

    [Theory]
    [InlineData("Geographic")]
    [InlineData("Performance")]
    [InlineData("")]
    public void To_AnotherRoutingMethod_IsRefused(string method)
    {
        var exception = Assert.Throws<RecoveryException>(() => TrafficShift.To(Profile("w1+ n2+") with { RoutingMethod = method }, "n", "w"));

        Assert.Equal(
            ("RoutingMethodUnsupported", $"The profile 'shop' routes by '{method}', expected 'Priority' or 'Weighted'."), (exception.Code, exception.Message));
    }

    [Theory]
    [InlineData("w1+ n2+", "w1+ n2+", true)]
    [InlineData("w1+ n2+", "N2+ W1+", true)]
    [InlineData("w1+ n2+", "w1- n2+", false)]
    [InlineData("w1+ n2+", "w2+ n1+", false)]
    [InlineData("w1+ n2+", "w1+", false)]
    [InlineData("w1+", "w1+ n2+", false)]
    [InlineData("w1+ n2+", "w1+ x2+", false)]
    public void AreOf_ComparesEveryEndpoint(string profile, string settings, bool expected) =>
        Assert.Equal(expected, RoutingSettings.Of(Profile(settings)).AreOf(Profile(profile)));

    [Fact]
    public void AreOf_AnotherMethodWeightOrPlace_IsFalse()
    {
        var profile = Profile("w1+") with { Endpoints = [new TrafficEndpoint("w", "w.example", true, 1, "Online") { Weight = 5, Places = ["DE", "FR"] }] };
        var settings = RoutingSettings.Of(profile);

        Assert.True(settings.AreOf(profile with { RoutingMethod = "priority", Endpoints = [profile.Endpoints[0] with { Places = ["fr", "DE"] }] }));
        Assert.False(settings.AreOf(profile with { RoutingMethod = "Weighted" }));
        Assert.False(settings.AreOf(profile with { Endpoints = [profile.Endpoints[0] with { Weight = 6 }] }));
        Assert.False(settings.AreOf(profile with { Endpoints = [profile.Endpoints[0] with { Places = ["DE"] }] }));
    }

    [Fact]
    public void To_AWeightedProfile_DisablesTheFailedAndKeepsTheWeights()
    {
        var profile = Profile("w1+ n2- a3+") with { RoutingMethod = "Weighted" };

        var settings = TrafficShift.To(profile with { Endpoints = [.. profile.Endpoints.Select((one, at) => one with { Weight = 10 + at })] }, "n", "w");

        Assert.Equal(
            [("w", false, 1, 10), ("n", true, 2, 11), ("a", true, 3, 12)],
            settings.Endpoints.Select(one => (one.Name, one.Enabled, one.Priority ?? 0, one.Weight ?? 0)));
    }

    [Fact]
    public void To_AnyProfile_HoldsOnceWrittenAndStaysSo()
    {
        var profiles = from count in Gen.Choose(2, 8)
                       from enabled in Gen.Elements(true, false).ArrayOf(count)
                       from priorities in Gen.Shuffle(Enumerable.Range(1, count))
                       select Profile(string.Join(' ', enabled.Select((one, at) => $"{"wnabcdef"[at]}{priorities[at]}{(one ? '+' : '-')}")));

        Prop.ForAll(profiles.ToArbitrary(), profile =>
        {
            var settings = TrafficShift.To(profile, "n", "w");
            var written = profile with
            {
                Endpoints = [.. profile.Endpoints.Select(endpoint => settings.Named(endpoint.Name) is { Priority: { } priority } one
                    ? endpoint with { Enabled = one.Enabled, Priority = priority }
                    : endpoint)],
            };
            return settings.AreOf(written)
                && TrafficShift.To(written, "n", "w").Endpoints.SequenceEqual(settings.Endpoints)
                && written.Endpoints.Where(endpoint => endpoint.Enabled).MinBy(endpoint => endpoint.Priority)!.Name == "n"
                && settings.Endpoints.Select(one => one.Priority ?? 0).Order().SequenceEqual(Enumerable.Range(1, profile.Endpoints.Count));
        }).Check(Config.QuickThrowOnFailure);
    }

    // "w1+" is the endpoint w with priority 1, enabled.
    private static TrafficProfile Profile(string endpoints) => new(
        ResourceId.Parse("/subscriptions/s/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/shop"),
        "Priority",
        "Online",
        "shop.trafficmanager.net",
        TimeSpan.FromSeconds(10),
        [.. endpoints.Split(' ').Select(text => new TrafficEndpoint(
            text[..1], $"{text[0]}.example", text[^1] == '+', int.Parse(text[1..^1], System.Globalization.CultureInfo.InvariantCulture), "Online"))]);
}
