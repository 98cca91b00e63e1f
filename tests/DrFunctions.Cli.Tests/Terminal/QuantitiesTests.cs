using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Tests.Terminal;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_500, "1.5 kB")]
    [InlineData(209_700_000, "209.7 MB")]
    [InlineData(3_210_000_000, "3.21 GB")]
    public void Bytes_OfAnAmount_HasTheUnitThatFits(double bytes, string expected) => Assert.Equal(expected, Quantities.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.25, "250 ms")]
    [InlineData(3.21, "3.2 s")]
    [InlineData(59.97, "0 min 59 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(3_900, "1 h 05 min")]
    [InlineData(180_000, "2 d 02 h")]
    [InlineData(-2, "-2.0 s")]
    public void Duration_OfATime_HasTheUnitThatFits(double seconds, string expected) =>
        Assert.Equal(expected, Quantities.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Seconds_OfNothingMeasured_IsUnknown() => Assert.Equal("unknown", Quantities.Seconds(null));
}
