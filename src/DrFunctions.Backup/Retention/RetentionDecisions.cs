using System.Globalization;

namespace DrFunctions.Backup.Retention;

/// <summary>Decides which snapshots stay. Pure: the same snapshots, rules and time give the same decisions, in whatever order they come.</summary>
/// <remarks>
/// Complete snapshots are counted among themselves. One that lacks something, or has no files where others of its group have some, takes no complete one's place: it is counted
/// among all. So a source that cannot be read whole, or is suddenly empty, pushes nothing out, and there are at most twice as many as the rules say. What the snapshots relied
/// on when they were taken is no matter: each restores on its own.
/// </remarks>
public static class RetentionDecisions
{
    /// <summary>By how much clocks may differ: a restore point that lies so much behind the time at which it was written is not what it says. Default of the callers.</summary>
    public static readonly TimeSpan DefaultSkew = TimeSpan.FromMinutes(15);

    private static readonly (RetentionCause Cause, Func<RetentionRules, int> Count, Func<DateTimeOffset, string> Bucket)[] Periods =
    [
        (RetentionCause.Hourly, rules => rules.Hourly, time => Text(time, "yyyy-MM-dd HH':00'")),
        (RetentionCause.Daily, rules => rules.Daily, time => Text(time, "yyyy-MM-dd")),
        (RetentionCause.Weekly, rules => rules.Weekly, time => $"{ISOWeek.GetYear(time.UtcDateTime):D4}-W{ISOWeek.GetWeekOfYear(time.UtcDateTime):D2}"),
        (RetentionCause.Monthly, rules => rules.Monthly, time => Text(time, "yyyy-MM")),
        (RetentionCause.Yearly, rules => rules.Yearly, time => Text(time, "yyyy")),
    ];

    /// <summary>Decides.</summary>
    /// <param name="candidates">All snapshots of a repository that can be read, each id once.</param>
    /// <param name="scopes">The rules; the first scope that has a snapshot decides on it, and what none has stays.</param>
    /// <param name="named">Ids that a person names: they go, unless a legal hold is on them.</param>
    /// <param name="now">Now, UTC, by the storage's clock.</param>
    /// <param name="skew">By how much clocks may differ; 0 or more.</param>
    /// <returns>A decision for each candidate, newest restore point first.</returns>
    /// <exception cref="ArgumentException">Rules contradict themselves; the message says how.</exception>
    public static IReadOnlyList<RetentionDecision> Decide(
        IEnumerable<RetentionCandidate> candidates, IReadOnlyList<RetentionScope> scopes, IReadOnlySet<string> named, DateTimeOffset now, TimeSpan skew)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(skew, TimeSpan.Zero);
        if (scopes.Select(scope => scope.Rules.Mistake).FirstOrDefault(mistake => mistake is not null) is { } mistake)
        {
            throw new ArgumentException(mistake, nameof(scopes));
        }

        var all = candidates
            .OrderByDescending(one => one.Snapshot.RestorePoint.UtcTicks)
            .ThenByDescending(one => one.WrittenAt.UtcTicks)
            .ThenByDescending(one => one.Snapshot.Id, StringComparer.Ordinal)
            .ToList();
        var groups = all
            .GroupBy(GroupOf)
            .ToDictionary(group => group.Key, group => new Group(group.Any(one => Counts(one) && one.Snapshot.IsComplete && one.Snapshot.Files > 0)));
        return [.. all.Select(one => new RetentionDecision(one.Snapshot, ReasonsOf(one)))];

        bool Counts(RetentionCandidate one) => !named.Contains(one.Snapshot.Id) && !IsFuture(one, now, skew);

        IReadOnlyList<RetentionReason> ReasonsOf(RetentionCandidate one)
        {
            var isNamed = named.Contains(one.Snapshot.Id);
            var reasons = Counts(one) ? groups[GroupOf(one)].Next(one, scopes.FirstOrDefault(scope => scope.Has(one.Snapshot))?.Rules) : [];
            if (one.Hold is { } hold)
            {
                reasons.Insert(0, new RetentionReason(RetentionCause.Hold, hold));
            }

            if (!isNamed && one.Kept is { } kept)
            {
                reasons.Add(new RetentionReason(RetentionCause.Kept, kept));
            }

            if (!isNamed && IsFuture(one, now, skew))
            {
                reasons.Add(new RetentionReason(
                    RetentionCause.Future,
                    $"its restore point {Time(one.Snapshot.RestorePoint)} is later than {Time(one.WrittenAt)}, when it was written: look at it, and name it to remove it"));
            }

            return reasons.Count > 0 ? reasons
                : isNamed ? [new RetentionReason(RetentionCause.Named, "a person named it")]
                : [new RetentionReason(RetentionCause.NoRule, "no rule keeps it")];
        }
    }

    private static (string Workload, string Policy, string Source) GroupOf(RetentionCandidate one) =>
        (one.Snapshot.Workload, one.Snapshot.Policy, one.Snapshot.Source);

    private static bool IsFuture(RetentionCandidate one, DateTimeOffset now, TimeSpan skew) =>
        one.Snapshot.RestorePoint - skew > (one.WrittenAt < now ? one.WrittenAt : now);

    private static string Text(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => Text(time, "yyyy-MM-dd HH':'mm':'ss'Z'");

    // A workload's policy and source: what was counted so far, newest first.
    private sealed class Group(bool hasFiles)
    {
        private readonly Counted whole = new();
        private readonly Counted any = new();

        public List<RetentionReason> Next(RetentionCandidate one, RetentionRules? rules)
        {
            var isWhole = one.Snapshot.IsComplete && (one.Snapshot.Files > 0 || !hasFiles);
            var reasons = rules is null
                ? [new RetentionReason(RetentionCause.NotAsked, "no rules are for its workload and policy")]
                : (isWhole ? whole : any).ReasonsOf(one, rules, isWhole ? "" : ", counted with those that are not complete");
            any.Add(one);
            if (isWhole)
            {
                whole.Add(one);
            }

            return reasons;
        }
    }

    private sealed class Counted
    {
        private readonly HashSet<string>[] buckets = [.. Periods.Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        private DateTimeOffset? newest;
        private int count;

        public void Add(RetentionCandidate one)
        {
            newest ??= one.Snapshot.RestorePoint;
            count++;
            for (var period = 0; period < buckets.Length; period++)
            {
                buckets[period].Add(Periods[period].Bucket(one.Snapshot.RestorePoint));
            }
        }

        public List<RetentionReason> ReasonsOf(RetentionCandidate one, RetentionRules rules, string note)
        {
            var reasons = new List<RetentionReason>();
            if (count < rules.Minimum)
            {
                reasons.Add(new RetentionReason(RetentionCause.Minimum, (rules.Minimum == 1 ? "the newest one" : $"{count + 1} of at least {rules.Minimum}") + note));
            }

            if (count < rules.Last)
            {
                reasons.Add(new RetentionReason(RetentionCause.Last, $"{count + 1} of the last {rules.Last}{note}"));
            }

            for (var period = 0; period < buckets.Length; period++)
            {
                var (cause, wanted, bucketOf) = Periods[period];
                var bucket = bucketOf(one.Snapshot.RestorePoint);
                if (buckets[period].Count < wanted(rules) && !buckets[period].Contains(bucket))
                {
                    reasons.Add(new RetentionReason(
                        cause, $"the newest of {bucket}, {buckets[period].Count + 1} of {wanted(rules)} {cause.ToString().ToLowerInvariant()}{note}"));
                }
            }

            if (rules.Within > TimeSpan.Zero && (newest ?? one.Snapshot.RestorePoint) - one.Snapshot.RestorePoint <= rules.Within)
            {
                reasons.Add(new RetentionReason(RetentionCause.Within, $"within {rules.Within} of the newest{note}"));
            }

            return reasons;
        }
    }
}
