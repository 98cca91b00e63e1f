using DrFunctions.App.Backups;

namespace DrFunctions.App.RestoreTests;

/// <summary>What a test is of.</summary>
/// <param name="Points">The restore points.</param>
/// <param name="Damaged">Snapshots of the repository that cannot be read, a sentence each; whosever they are.</param>
/// <param name="Error">Why that is not known.</param>
public sealed record RestoreTestScope(IReadOnlyList<ScopedPoint> Points, IReadOnlyList<string> Damaged, BackupError? Error = null);

/// <summary>A restore point to test.</summary>
/// <param name="Number">Its number in the test, from 0.</param>
/// <param name="Picks">Why it is tested.</param>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="RestorePoint">The time it shows.</param>
/// <param name="Files">Its files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Parts">How many parts it is restored in.</param>
public sealed record ScopedPoint(
    int Number, IReadOnlyList<RestorePointPick> Picks, string SnapshotId, DateTimeOffset RestorePoint, long Files, long Bytes, int Parts);

/// <summary>A part of a restore point.</summary>
/// <param name="Job">The test.</param>
/// <param name="Point">The restore point.</param>
/// <param name="Part">Which part, from 0.</param>
public sealed record PartInput(RestoreTestInput Job, ScopedPoint Point, int Part);

/// <summary>What was restored of a restore point.</summary>
/// <param name="Seconds">How long that took.</param>
/// <param name="FilesWritten">Files that were written in that time.</param>
/// <param name="BytesWritten">Their bytes.</param>
/// <param name="FilesFound">Files that an attempt before had written, in a time that is not known.</param>
/// <param name="Error">Why not all is restored.</param>
public sealed record PartRestored(double Seconds = 0, long FilesWritten = 0, long BytesWritten = 0, long FilesFound = 0, BackupError? Error = null)
{
    /// <summary>Both.</summary>
    public PartRestored Plus(PartRestored other) => new(
        Seconds + other.Seconds, FilesWritten + other.FilesWritten, BytesWritten + other.BytesWritten, FilesFound + other.FilesFound, Error ?? other.Error);
}

/// <summary>What a second restore over the first one found.</summary>
/// <param name="FilesSame">Files that were read back and are as in the snapshot.</param>
/// <param name="BytesSame">Their bytes.</param>
/// <param name="FilesWrong">Files that were not.</param>
/// <param name="Error">Why not all was compared.</param>
public sealed record PartCompared(long FilesSame = 0, long BytesSame = 0, long FilesWrong = 0, BackupError? Error = null)
{
    /// <summary>Both.</summary>
    public PartCompared Plus(PartCompared other) =>
        new(FilesSame + other.FilesSame, BytesSame + other.BytesSame, FilesWrong + other.FilesWrong, Error ?? other.Error);
}

/// <summary>What the scratch container lists, held against the snapshot's manifest.</summary>
/// <param name="Files">Files that it lists.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="IsSame">Whether names, lengths, headers and metadata are the manifest's.</param>
/// <param name="Error">Why that is not known.</param>
public sealed record ListingCompared(long Files, long Bytes, bool IsSame, BackupError? Error = null);

/// <summary>All that was seen of a restore point.</summary>
/// <param name="Point">The restore point.</param>
/// <param name="Restored">Its restore.</param>
/// <param name="Compared">What was read back; null when it came to that not.</param>
/// <param name="Listing">What was listed; null when it came to that not.</param>
public sealed record PointResult(ScopedPoint Point, PartRestored Restored, PartCompared? Compared, ListingCompared? Listing);

/// <summary>All that was seen in a test.</summary>
/// <param name="Job">The test.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Scope">What it was of.</param>
/// <param name="Points">What was seen of each.</param>
/// <param name="Cleaned">Whether its scratch containers are gone.</param>
public sealed record RestoreTestResult(
    RestoreTestInput Job, DateTimeOffset StartedAt, RestoreTestScope Scope, IReadOnlyList<PointResult> Points, ScratchCleaned Cleaned);

/// <summary>Whether scratch containers are gone.</summary>
/// <param name="At">When they were seen to be; null when they were not.</param>
/// <param name="Error">Why not.</param>
public sealed record ScratchCleaned(DateTimeOffset? At, BackupError? Error = null);
