using DrFunctions.App.Backups;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.App.RestoreTests;

public sealed class RestoreTestVerdictsTests
{
    private static readonly ScopedPoint s_point = new(0, [RestorePointPick.Newest], "one", DateTimeOffset.UnixEpoch, 3, 300, 1);
    private static readonly PartRestored s_restored = new(10, 3, 300);
    private static readonly PartCompared s_same = new(3, 300);
    private static readonly ListingCompared s_listed = new(3, 300, true);
    private static readonly TimeSpan s_rto = TimeSpan.FromMinutes(1);

    public static TheoryData<PartRestored, PartCompared?, ListingCompared?, RestoreTestVerdict, string?> Points => new()
    {
        { s_restored, s_same, s_listed, RestoreTestVerdict.Passed, null },
        { s_restored, s_same with { FilesWrong = 1 }, s_listed, RestoreTestVerdict.Failed, "ContentDiffers" },
        { s_restored, new PartCompared(2, 300), s_listed, RestoreTestVerdict.Failed, "ContentDiffers" },
        { s_restored, new PartCompared(3, 299), s_listed, RestoreTestVerdict.Failed, "ContentDiffers" },
        { s_restored, s_same, new ListingCompared(4, 300, false), RestoreTestVerdict.Failed, "FilesDiffer" },
        { s_restored, s_same, null, RestoreTestVerdict.Unknown, "NoAnswer" },
        { s_restored, null, null, RestoreTestVerdict.Unknown, "NoAnswer" },
        { s_restored with { Error = new BackupError("DataDamaged", "x") }, null, null, RestoreTestVerdict.Failed, "DataDamaged" },
        { s_restored with { Error = new BackupError("StorageUnavailable", "x") }, null, null, RestoreTestVerdict.Unknown, "StorageUnavailable" },
        { s_restored with { Error = new BackupError("RunInTheWay", "x") }, null, null, RestoreTestVerdict.Unknown, "RunInTheWay" },
        { s_restored, s_same with { Error = new BackupError("DataDamaged", "x") }, null, RestoreTestVerdict.Failed, "DataDamaged" },
        { s_restored, s_same, s_listed with { Error = new BackupError("NoAnswer", "x") }, RestoreTestVerdict.Unknown, "NoAnswer" },
    };

    [Theory]
    [MemberData(nameof(Points))]
    public void Of_APoint_IsGoodOnlyWhenAllWasSeenAndIsRight(
        PartRestored restored, PartCompared? compared, ListingCompared? listing, RestoreTestVerdict verdict, string? code)
    {
        var seen = RestoreTestVerdicts.Of(new PointResult(s_point, restored, compared, listing));

        Assert.Equal((verdict, code), (seen.Verdict, seen.Error?.Code));
    }

    [Theory]
    [InlineData(10, 300, 0, 10d, false)]
    [InlineData(10, 100, 2, 30d, true)] // A third of the bytes was timed.
    [InlineData(10, 0, 3, null, false)] // All was there before it was timed.
    public void Of_ARestoreThatWasCutOff_IsReckonedFromWhatWasTimed(double seconds, long timed, long found, double? expected, bool isExtrapolated)
    {
        var seen = RestoreTestVerdicts.Of(new PointResult(s_point, new PartRestored(seconds, 3 - found, timed, found), s_same, s_listed));

        Assert.Equal((expected, isExtrapolated, timed), (seen.RestoreSeconds, seen.IsExtrapolated, seen.BytesTimed));
    }

    [Theory]
    [InlineData(60d, RestoreTestVerdict.Passed, ObjectiveVerdict.Met)]
    [InlineData(61d, RestoreTestVerdict.Failed, ObjectiveVerdict.Breached)]
    [InlineData(null, RestoreTestVerdict.Passed, ObjectiveVerdict.Unknown)]
    public void Of_ATest_HoldsTheLongestRestoreAgainstTheRto(double? seconds, RestoreTestVerdict verdict, ObjectiveVerdict rto)
    {
        var shown = Of([], [Seen(RestoreTestVerdict.Passed, 1), Seen(RestoreTestVerdict.Passed, seconds)]);

        Assert.Equal((verdict, rto), (shown.Verdict, shown.Rto));
    }

    [Fact]
    public void Of_ATest_TheWorstPointCounts()
    {
        Assert.Equal(RestoreTestVerdict.Unknown, Of([], [Seen(RestoreTestVerdict.Passed, 1), Seen(RestoreTestVerdict.Unknown, 1)]).Verdict);
        Assert.Equal(RestoreTestVerdict.Failed, Of([], [Seen(RestoreTestVerdict.Unknown, 1), Seen(RestoreTestVerdict.Failed, 1)]).Verdict);
        Assert.Equal(RestoreTestVerdict.Failed, Of(["bad"], [Seen(RestoreTestVerdict.Passed, 1)]).Verdict);
        Assert.Equal(RestoreTestVerdict.Failed, Of([], []).Verdict);
    }

    [Fact]
    public void Of_ATestWhoseScopeIsNotKnown_IsAsItsError()
    {
        Assert.Equal(RestoreTestVerdict.Unknown, RestoreTestVerdicts.Of(new RestoreTestScope([], [], new BackupError("NoAnswer", "x")), [], s_rto).Verdict);
        Assert.Equal(RestoreTestVerdict.Failed, RestoreTestVerdicts.Of(new RestoreTestScope([], [], new BackupError("NoRepository", "x")), [], s_rto).Verdict);
    }

    private static (RestoreTestVerdict Verdict, string Reason, ObjectiveVerdict Rto) Of(string[] damaged, PointEvidence[] points) =>
        RestoreTestVerdicts.Of(new RestoreTestScope([], damaged), points, s_rto);

    private static PointEvidence Seen(RestoreTestVerdict verdict, double? seconds) =>
        RestoreTestVerdicts.Of(new PointResult(s_point, s_restored, s_same, s_listed)) with { Verdict = verdict, RestoreSeconds = seconds };
}
