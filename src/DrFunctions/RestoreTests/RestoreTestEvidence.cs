using System.Security.Cryptography;
using DrFunctions.App.Backups;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.App.RestoreTests;

/// <summary>What a restore test showed. Created once, in both regions, and chained to the policy's test before it.</summary>
/// <param name="Schema">1.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Name">The occurrence, and its attempt: see <see cref="RestoreTestInput.Name"/>.</param>
/// <param name="PlanVersion">The plan it was done by.</param>
/// <param name="Store">The store.</param>
/// <param name="Region">The standby's region, whose repository was read and whose account was restored to.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Verdict">What it showed.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Points">The restore points.</param>
/// <param name="RtoSeconds">The plan's RTO.</param>
/// <param name="Rto">The longest restore against it.</param>
/// <param name="Measured">What the times are of, in words.</param>
/// <param name="CleanedAt">When the scratch containers were seen to be gone; null when that was not seen by then.</param>
/// <param name="Previous">The hash of the policy's test before; 64 zeros for the first.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of this document's JSON without this member.</param>
public sealed record RestoreTestEvidence(
    int Schema,
    string Workload,
    string Policy,
    string Name,
    string PlanVersion,
    string Store,
    string Region,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    RestoreTestVerdict Verdict,
    string Reason,
    IReadOnlyList<PointEvidence> Points,
    double RtoSeconds,
    ObjectiveVerdict Rto,
    string Measured,
    DateTimeOffset? CleanedAt,
    string Previous,
    string? Hash = null)
{
    /// <summary>What the first one names as the one before it.</summary>
    public static string Genesis => JournalEntry.Genesis;

    /// <summary>True when it is what was written.</summary>
    public bool IsIntact() => Hash == ComputeHash();

    /// <summary>With its hash.</summary>
    public RestoreTestEvidence Sealed() => this with { Hash = ComputeHash() };

    private string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(DocumentJson.Write(this with { Hash = null }).Span));
}

/// <summary>What was seen of one restore point.</summary>
/// <param name="Picks">Why it was tested.</param>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="RestorePoint">The time it shows.</param>
/// <param name="Files">Its files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Verdict">What was seen.</param>
/// <param name="RestoreSeconds">How long its restore takes; null when that was not measured.</param>
/// <param name="IsExtrapolated">True when a part of the restore was cut off, so that its time is reckoned from the bytes that were timed.</param>
/// <param name="BytesTimed">The bytes whose restore was timed.</param>
/// <param name="Compared">What was compared, in words.</param>
/// <param name="Error">Why it is not good.</param>
public sealed record PointEvidence(
    IReadOnlyList<RestorePointPick> Picks,
    string SnapshotId,
    DateTimeOffset RestorePoint,
    long Files,
    long Bytes,
    RestoreTestVerdict Verdict,
    double? RestoreSeconds,
    bool IsExtrapolated,
    long BytesTimed,
    string Compared,
    BackupError? Error = null);

/// <summary>What a restore test showed.</summary>
public enum RestoreTestVerdict
{
    /// <summary>It could not be seen, such as for storage that did not answer. Never good.</summary>
    Unknown,

    /// <summary>All was restored, bit for bit, within the RTO.</summary>
    Passed,

    /// <summary>Something was not.</summary>
    Failed,
}

/// <summary>Why a restore point is tested.</summary>
public enum RestorePointPick
{
    /// <summary>It is the newest.</summary>
    Newest,

    /// <summary>It was drawn from the window.</summary>
    Random,

    /// <summary>It is the oldest.</summary>
    Oldest,
}
