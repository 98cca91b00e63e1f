using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Tests.Objectives;

public sealed class WorkloadTierTests
{
    [Theory]
    [InlineData(WorkloadTier.High, 1, "00:52:33.6")]
    [InlineData(WorkloadTier.High, 4, "00:13:08.4")] // Microsoft's example: four outages a year leave 13 minutes for each
    [InlineData(WorkloadTier.Medium, 1, "08:45:36")]
    [InlineData(WorkloadTier.Low, 2, "1.19:48:00")]
    public void LongestRto_IsTheYearsDowntimeDivided(WorkloadTier tier, int outages, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, null), WorkloadTiers.LongestRto(tier, outages));

    [Fact]
    public void LongestRto_OfRareOutages_HoldsInTheYearOfTheOutage() =>
        Assert.Equal(WorkloadTiers.LongestRto(WorkloadTier.High, 1), WorkloadTiers.LongestRto(WorkloadTier.High, 0.1m));

    [Fact]
    public void LongestRto_OfNoOutage_IsRefusedByName()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => WorkloadTiers.LongestRto(WorkloadTier.High, 0));

        Assert.StartsWith("outagesPerYear: 0, expected 0.001 to 1000.", error.Message, StringComparison.Ordinal);
    }
}
