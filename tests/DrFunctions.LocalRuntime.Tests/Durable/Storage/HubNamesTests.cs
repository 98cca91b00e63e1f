using DrFunctions.LocalRuntime.Durable.Storage;

namespace DrFunctions.LocalRuntime.Tests.Durable.Storage;

public sealed class HubNamesTests
{
    [Theory]
    [InlineData("plain-1", "plain-1")]
    [InlineData("a/b.c_d", "a_2Fb_2Ec_5Fd")]
    [InlineData("é ", "_C3_A9_20")]
    public void Encode_AnyText_IsSafeAndComesBack(string text, string encoded)
    {
        Assert.Equal(encoded, HubNames.Encode(text));
        Assert.Equal(text, HubNames.Decode(encoded));
    }

    [Fact]
    public void InstanceId_TooLong_IsRefusedWithTheRule()
    {
        HubNames.ThrowIfNotAnInstanceId(new string('a', 100), "instanceId");

        var e = Assert.Throws<ArgumentException>(() => HubNames.ThrowIfNotAnInstanceId(new string('a', 101), "instanceId"));

        Assert.Contains("expected 1 to 100 characters", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@counter@1")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u007Fb")]
    public void InstanceId_ThatTheOfficialClientRefuses_IsRefused(string instanceId)
    {
        var e = Assert.Throws<ArgumentException>(() => HubNames.ThrowIfNotAnInstanceId(instanceId, "instanceId"));

        Assert.StartsWith($"Instance id '{instanceId}': expected", e.Message, StringComparison.Ordinal);
    }
}
