using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Tests.Objectives;

public sealed class SpanTextTests
{
    [Theory]
    [InlineData("00:00:00", "0 s")]
    [InlineData("00:00:00.25", "0.25 s")]
    [InlineData("00:01:00", "1 m")]
    [InlineData("00:01:30", "1 m 30 s")]
    [InlineData("04:00:00", "4 h")]
    [InlineData("3.04:59:59", "3 d 4 h")]
    [InlineData("-00:01:30", "-1 m 30 s")]
    public void Of_HasTwoUnitsAtMost(string span, string expected) => Assert.Equal(expected, SpanText.Of(TimeSpan.Parse(span, null)));

    [Fact]
    public void Of_TheLeastSpan_IsText() => Assert.Equal("-10675199 d 2 h", SpanText.Of(TimeSpan.MinValue));
}
