using System.Globalization;
using DrFunctions.App.RestoreTests;
using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.App.Backups;

/// <summary>The events that backups and restore tests raise. Pure; an id is the same for each repetition.</summary>
internal static class BackupNotices
{
    /// <summary>An occurrence has no backup that both regions hold, after its last attempt or after so many that they come by the hour.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="occurrence">The occurrence.</param>
    /// <param name="last">The last attempt's record; null when there is none.</param>
    /// <param name="at">When that was found.</param>
    public static Notice Failed(string workload, string policy, DateTimeOffset occurrence, BackupRecord? last, DateTimeOffset at) => Of(
        "DrFunctions.Backup.Failed",
        "backup-failed",
        workload,
        policy,
        Minute(occurrence),
        at,
        ("occurrence", Minute(occurrence)),
        ("code", last?.Error?.Code ?? "Unknown"),
        ("message", last?.Error?.Message ?? "It came to no end, for a reason that was not recorded."));

    /// <summary>A restore test failed, or nothing could be seen in its last attempt.</summary>
    public static Notice Failed(RestoreTestEvidence shown, DateTimeOffset occurrence) => Of(
        "DrFunctions.RestoreTest.Failed",
        "restoretest-failed",
        shown.Workload,
        shown.Policy,
        Minute(occurrence),
        shown.EndedAt,
        ("test", shown.Name),
        ("region", shown.Region),
        ("verdict", shown.Verdict == RestoreTestVerdict.Failed ? "failed" : "unknown"),
        ("message", shown.Reason));

    /// <summary>A restore test that was due has not begun, or not ended.</summary>
    public static Notice Overdue(string workload, string policy, DateTimeOffset due, DateTimeOffset at) => Of(
        "DrFunctions.RestoreTest.Overdue",
        "restoretest-overdue",
        workload,
        policy,
        Minute(due),
        at,
        ("due", Minute(due)),
        ("message", "A restore test should have begun an hour ago, or ended within a day, and did not."));

    /// <summary>The newest copy of a policy is older than the RPO. One event until a newer one is there.</summary>
    public static Notice CopyLate(WorkloadPlan plan, string policy, DateTimeOffset newest, DateTimeOffset at) => Of(
        "DrFunctions.Backup.CopyLate",
        "copy-late",
        plan.Workload,
        policy,
        newest.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture),
        at,
        ("restorePoint", newest.ToString("O", CultureInfo.InvariantCulture)),
        ("lagSeconds", (at - newest).TotalSeconds.ToString("0", CultureInfo.InvariantCulture)),
        ("rpoSeconds", plan.Objectives.Rpo.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)),
        ("message", "The newest restore point that both regions hold is older than the RPO."));

    /// <summary>A check found that not everything can be restored, or could not be done.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="which">Which failure: the same for what is told once.</param>
    /// <param name="job">The job.</param>
    /// <param name="region">Whose repository; null when it is not known.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="at">When that was found.</param>
    public static Notice CheckFailed(string workload, string policy, string which, string job, string? region, BackupError error, DateTimeOffset at) => Of(
        "DrFunctions.Check.Failed", "check-failed", workload, policy, which, at, ("job", job), ("region", region ?? "unknown"), ("code", error.Code), ("message", error.Message));

    private static Notice Of(
        string type, string kind, string workload, string policy, string which, DateTimeOffset at, params (string Name, string Value)[] facts) => new(
        $"{workload}_{policy}_{kind}_{which}",
        type,
        $"/drfunctions/{workload}",
        $"backups/{policy}",
        at,
        facts.Prepend(("policy", policy)).Prepend(("workload", workload)).ToDictionary(fact => fact.Item1, fact => fact.Item2));

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture);
}
