using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Tests.Objectives;

public sealed class ObjectiveVerdictTests
{
    [Theory]
    [InlineData(null, ObjectiveVerdict.Unknown, ObjectiveVerdict.Unknown)]
    [InlineData(0.0, ObjectiveVerdict.Met, ObjectiveVerdict.Met)]
    [InlineData(75.0, ObjectiveVerdict.Met, ObjectiveVerdict.Met)]
    [InlineData(75.001, ObjectiveVerdict.AtRisk, ObjectiveVerdict.Met)]
    [InlineData(100.0, ObjectiveVerdict.AtRisk, ObjectiveVerdict.Met)]
    [InlineData(100.001, ObjectiveVerdict.Breached, ObjectiveVerdict.Breached)]
    [InlineData(1e9, ObjectiveVerdict.Breached, ObjectiveVerdict.Breached)]
    public void Of_SecondsOfAHundred_IsJudged(double? seconds, ObjectiveVerdict lag, ObjectiveVerdict attained)
    {
        var measured = seconds is { } value ? TimeSpan.FromSeconds(value) : (TimeSpan?)null;

        Assert.Equal(lag, ObjectiveVerdicts.OfLag(measured, TimeSpan.FromSeconds(100)));
        Assert.Equal(attained, ObjectiveVerdicts.OfAttained(measured, TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void OfLag_Negative_IsUnknown() =>
        Assert.Equal(ObjectiveVerdict.Unknown, ObjectiveVerdicts.OfLag(TimeSpan.FromTicks(-1), TimeSpan.FromSeconds(100)));

    [Fact]
    public void Default_IsUnknown() => Assert.Equal(ObjectiveVerdict.Unknown, default);
}
