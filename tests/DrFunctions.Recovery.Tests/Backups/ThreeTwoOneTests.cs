using DrFunctions.Recovery.Backups;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Recovery.Tests.Backups;

public sealed class ThreeTwoOneTests
{
    private const ObjectiveVerdict Met = ObjectiveVerdict.Met;
    private const ObjectiveVerdict Unknown = ObjectiveVerdict.Unknown;
    private const ObjectiveVerdict Breached = ObjectiveVerdict.Breached;
    private static readonly ProofStatus s_passed = new(Met, "passed");

    [Theory]
    [InlineData("a", "a", true, "b", true, Met, Met, Met, Met)]
    [InlineData("a", "b", true, "c", true, Met, Met, Met, Met)]
    [InlineData("a", "a", true, "b", false, Unknown, Unknown, Unknown, Unknown)] // Nothing is known of the copy.
    [InlineData("a", "b", true, "c", false, Unknown, Unknown, Met, Unknown)]
    [InlineData("a", "a", false, "b", false, Unknown, Unknown, Unknown, Unknown)]
    [InlineData("a", "a", true, "A", true, Breached, Met, Breached, Breached)] // Two settings, one account.
    [InlineData("a", "b", true, "a", true, Breached, Met, Met, Breached)]
    [InlineData(null, "b", true, "c", true, Unknown, Met, Unknown, Met)]
    [InlineData("a", "a", true, null, true, Unknown, Met, Unknown, Met)]
    public void Of_Places_IsJudgedByWhatIsKnown(
        string? live, string? home, bool isHome, string? away, bool isAway, ObjectiveVerdict rule, ObjectiveVerdict copies, ObjectiveVerdict media, ObjectiveVerdict offSite)
    {
        var judged = ThreeTwoOne.Of(new BackupPlaces("west", live, [new("west", home, isHome), new("north", away, isAway)]), s_passed);

        Assert.Equal((rule, copies, media, offSite), (judged.Verdict, judged.Copies.Verdict, judged.Media.Verdict, judged.OffSite.Verdict));
        Assert.All([judged.Copies, judged.Media, judged.OffSite, judged.Errors], part => Assert.Equal(part.Verdict == Met, part.Missing is null));
    }

    [Theory]
    [InlineData(Unknown, Unknown)]
    [InlineData(Breached, Breached)]
    public void Of_ARestoreTestThatDidNotPass_IsNeverGood(ObjectiveVerdict test, ObjectiveVerdict expected)
    {
        var judged = ThreeTwoOne.Of(new BackupPlaces("west", "a", [new("west", "a", true), new("north", "b", true)]), new ProofStatus(test, "why"));

        Assert.Equal((expected, test, "why", "a restore test that passes"), (judged.Verdict, judged.Errors.Verdict, judged.Errors.Found, judged.Errors.Missing));
    }

    [Fact]
    public void Of_NothingInTheOtherRegion_SaysWhatIsMissing()
    {
        var judged = ThreeTwoOne.Of(new BackupPlaces("west", "a", [new("west", "a", true), new("north", "b", false)]), s_passed);

        Assert.Equal("no restore point is recorded of the repository in north", judged.Copies.Missing);
        Assert.Equal("a copy in north", judged.OffSite.Missing);
    }
}
