using System.Globalization;
using DrFunctions.App.Backups;
using DrFunctions.Backup;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.App.RestoreTests;

/// <summary>What a restore test showed, of what was seen in it. Pure.</summary>
internal static class RestoreTestVerdicts
{
    /// <summary>The code when an activity threw to the last.</summary>
    public const string NoAnswer = "NoAnswer";

    /// <summary>The code when a run holds the workload.</summary>
    public const string RunInTheWay = "RunInTheWay";

    /// <summary>The code when another region carries the workload than when the test began.</summary>
    public const string RegionMoved = "RegionMoved";

    // What says nothing about the restore point: another attempt may see it. A snapshot that was there when the test began was removed by retention.
    private static readonly HashSet<string> s_unseen =
        [NoAnswer, RunInTheWay, RegionMoved, BackupErrors.StorageUnavailable, BackupErrors.KeyUnavailable, BackupErrors.SnapshotNotFound];

    /// <summary>Of an error.</summary>
    public static RestoreTestVerdict Of(BackupError error) => s_unseen.Contains(error.Code) ? RestoreTestVerdict.Unknown : RestoreTestVerdict.Failed;

    /// <summary>Of a restore point.</summary>
    public static PointEvidence Of(PointResult result)
    {
        var (point, restored, compared, listing) = result;
        var error = restored.Error ?? compared?.Error ?? listing?.Error ?? Difference(point, compared, listing);
        var (seconds, isExtrapolated) = Time(point, restored);
        return new PointEvidence(
            point.Picks,
            point.SnapshotId,
            point.RestorePoint,
            point.Files,
            point.Bytes,
            error is null ? RestoreTestVerdict.Passed : Of(error),
            seconds,
            isExtrapolated,
            restored.BytesWritten,
            Words(compared, listing),
            error);
    }

    /// <summary>Of the whole test.</summary>
    public static (RestoreTestVerdict Verdict, string Reason, ObjectiveVerdict Rto) Of(
        RestoreTestScope scope, IReadOnlyList<PointEvidence> points, TimeSpan rto)
    {
        var longest = points.Count > 0 && points.All(point => point.RestoreSeconds is not null) ? points.Max(point => point.RestoreSeconds) : null;
        var attained = ObjectiveVerdicts.OfAttained(longest is { } seconds ? TimeSpan.FromSeconds(seconds) : null, rto);
        var (verdict, reason) = scope.Error is { } unknown ? (Of(unknown), unknown.Message)
            : First(points, RestoreTestVerdict.Failed) is { } failed ? (RestoreTestVerdict.Failed, failed)
            : scope.Damaged.Count > 0 ? (RestoreTestVerdict.Failed, $"The repository has snapshots that cannot be read: {string.Join(" ", scope.Damaged)}")
            : First(points, RestoreTestVerdict.Unknown) is { } unseen ? (RestoreTestVerdict.Unknown, unseen)
            : points.Count == 0 ? (RestoreTestVerdict.Failed, "The standby's repository has no restore point of the policy.")
            : attained == ObjectiveVerdict.Breached ? (RestoreTestVerdict.Failed, string.Create(
                CultureInfo.InvariantCulture, $"All was restored bit for bit, in {longest:0} s; the plan's RTO is {rto.TotalSeconds:0} s."))
            : (RestoreTestVerdict.Passed, string.Create(CultureInfo.InvariantCulture, $"{points.Count} restore points were restored bit for bit."));
        return (verdict, reason, attained);
    }

    /// <summary>What the times are of.</summary>
    public static string Measured(PointEvidence? longest) => longest is null ? "nothing"
        : "the restore of this store alone, from the standby's repository into an empty container of the standby's account, by the app"
            + (longest.IsExtrapolated
                ? string.Create(CultureInfo.InvariantCulture, $"; the restore was cut off, {longest.BytesTimed} of {longest.Bytes} bytes were timed, and the time of the others is reckoned from theirs")
                : "")
            + "; fences, databases, apps and users take their time besides";

    private static string? First(IEnumerable<PointEvidence> points, RestoreTestVerdict verdict) => points
        .Where(point => point.Verdict == verdict)
        .Select(point => $"{point.SnapshotId}: {point.Error?.Message}")
        .FirstOrDefault();

    private static BackupError? Difference(ScopedPoint point, PartCompared? compared, ListingCompared? listing)
    {
        if (compared is null || listing is null)
        {
            return new BackupError(NoAnswer, "It was not compared.");
        }

        return (compared.FilesWrong, compared.FilesSame, compared.BytesSame) != (0, point.Files, point.Bytes)
                ? new BackupError("ContentDiffers", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{compared.FilesSame} files with {compared.BytesSame} bytes were read back right and {compared.FilesWrong} wrong; the snapshot has {point.Files} files with {point.Bytes} bytes."))
            : !listing.IsSame
                ? new BackupError("FilesDiffer", string.Create(
                    CultureInfo.InvariantCulture,
                    $"The restored container lists {listing.Files} files with {listing.Bytes} bytes; their names, lengths, headers and metadata are not those of the snapshot's {point.Files} files with {point.Bytes} bytes."))
            : null;
    }

    // What an attempt that was cut off had written was not timed: its time is reckoned from what was, at the same rate. A rate of nothing is no rate.
    private static (double? Seconds, bool IsExtrapolated) Time(ScopedPoint point, PartRestored restored) => restored switch
    {
        { Error: not null } => (null, false),
        { FilesFound: 0 } => (restored.Seconds, false),
        { BytesWritten: > 0 } => (restored.Seconds * point.Bytes / restored.BytesWritten, true),
        _ => (null, false),
    };

    private static string Words(PartCompared? compared, ListingCompared? listing) => compared is null
        ? "nothing"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the content of {compared.FilesSame + compared.FilesWrong} files, read back, with the names of the snapshot's chunks")
            + (listing is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; names, lengths, headers and metadata of {listing.Files} files with the snapshot's manifest"));
}
