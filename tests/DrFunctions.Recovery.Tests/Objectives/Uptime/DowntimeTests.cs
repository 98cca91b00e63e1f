using DrFunctions.Recovery.Objectives.Uptime;

namespace DrFunctions.Recovery.Tests.Objectives.Uptime;

public sealed class DowntimeTests
{
    [Theory]
    [InlineData("99", "3.15:36:00", "07:12:00", "01:40:48")] // 3.65 days a year
    [InlineData("99.9", "08:45:36", "00:43:12", "00:10:04.8")]
    [InlineData("99.95", "04:22:48", "00:21:36", "00:05:02.4")]
    [InlineData("99.99", "00:52:33.6", "00:04:19.2", "00:01:00.48")] // 52.56 minutes a year
    [InlineData("99.999", "00:05:15.36", "00:00:25.92", "00:00:06.048")]
    [InlineData("100", "00:00:00", "00:00:00", "00:00:00")]
    [InlineData("0", "365.00:00:00", "30.00:00:00", "7.00:00:00")]
    public void Of_IsExact(string percent, string year, string month, string week) => Assert.Equal(
        new Downtime(TimeSpan.Parse(year, null), TimeSpan.Parse(month, null), TimeSpan.Parse(week, null)),
        Downtime.Of(Availability.FromPercent(decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void In_WhatNoTickHolds_IsCutAndNotGranted() =>
        Assert.Equal(TimeSpan.Zero, Downtime.In(Availability.FromPercent(99.99999999999999999999m), TimeSpan.FromDays(1)));

    [Fact]
    public void In_ANegativePeriod_IsRefusedByName()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Downtime.In(Availability.Always, TimeSpan.FromSeconds(-1)));

        Assert.StartsWith("period: -00:00:01, expected 00:00:00 to 36500.00:00:00.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void FromPercent_NoPercentage_IsRefusedByName(int percent)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Availability.FromPercent(percent));

        Assert.StartsWith($"percent: {percent}, expected 0 to 100.", error.Message, StringComparison.Ordinal);
    }
}
