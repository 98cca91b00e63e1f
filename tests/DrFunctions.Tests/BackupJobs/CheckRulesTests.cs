using DrFunctions.Recovery.Objectives;

namespace DrFunctions.App.BackupJobs;

public sealed class CheckRulesTests
{
    private static readonly DateTimeOffset s_now = new(2030, 3, 4, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_NothingWasRead_IsUnknown() => Assert.Equal((ObjectiveVerdict.Unknown, null), Of(CheckState.Nothing("we"), CheckState.Nothing("ne")));

    [Fact]
    public void Of_AllOfBothWithin30Days_IsMet() => Assert.Equal((ObjectiveVerdict.Met, 0d), Of(All("we", s_now.AddDays(-30)), All("ne", s_now)));

    [Theory]
    [InlineData(-31, 0)]
    [InlineData(0, -31)]
    public void Of_APartIsOlder_IsUnknown(int west, int north) =>
        Assert.Equal(ObjectiveVerdict.Unknown, Of(All("we", s_now).With(3, new CheckedPart(s_now.AddDays(west))), All("ne", s_now).With(27, new CheckedPart(s_now.AddDays(north)))).Verdict);

    [Fact]
    public void Of_OneRegionOnly_IsUnknown() => Assert.Equal(ObjectiveVerdict.Unknown, Of(All("we", s_now), CheckState.Nothing("ne")).Verdict);

    /// <summary>What was wrong stays so until the same part is read again, or all data.</summary>
    [Fact]
    public void Of_AProblemInAPart_IsBreachedUntilItIsReadAgain()
    {
        var damaged = All("we", s_now).With(3, new CheckedPart(s_now.AddDays(-9), 2, "packs/x"));

        Assert.Equal(ObjectiveVerdict.Breached, Of(damaged, All("ne", s_now)).Verdict);
        Assert.Equal(ObjectiveVerdict.Breached, Of(damaged.With(4, new CheckedPart(s_now)), All("ne", s_now)).Verdict);
        Assert.Equal(ObjectiveVerdict.Met, Of(damaged.With(3, new CheckedPart(s_now)), All("ne", s_now)).Verdict);
        Assert.Equal(ObjectiveVerdict.Met, Of(damaged.With(null, new CheckedPart(s_now)), All("ne", s_now)).Verdict);
    }

    /// <summary>A part a day: each is read once before any is read again, and all are within 28 days.</summary>
    [Fact]
    public void Oldest_DayAfterDay_IsEachPartInTurn()
    {
        var state = CheckState.Nothing("we");
        var read = new List<int>();
        for (var day = 0; day < 2 * CheckState.Parts; day++)
        {
            read.Add(state.Oldest);
            state = state.With(state.Oldest, new CheckedPart(s_now.AddDays(day)));
        }

        Assert.Equal([.. Enumerable.Range(0, CheckState.Parts), .. Enumerable.Range(0, CheckState.Parts)], read);
    }

    private static CheckState All(string region, DateTimeOffset at) => CheckState.Nothing(region).With(null, new CheckedPart(at));

    private static (ObjectiveVerdict Verdict, double? Age) Of(CheckState west, CheckState north)
    {
        var status = CheckRules.Of([west, north], s_now);
        return (status.Verdict, status.AgeSeconds);
    }
}
