using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads which restore points of a policy are kept.</summary>
internal static class RetentionSection
{
    private static readonly TimeSpan LeastWithin = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostWithin = TimeSpan.FromDays(3650);

    // What keeps something: one at least is needed.
    private static readonly string[] Rules = ["last", "hourly", "daily", "weekly", "monthly", "yearly", "within"];

    /// <summary>The rules; null when there are none, or some are wrong.</summary>
    public static RetentionPolicy? Read(Field? field)
    {
        if (field?.Map(PlanKeys.Retention) is not { } fields)
        {
            return null;
        }

        var counts = Rules.SkipLast(1).Append("minimum").Where(name => fields[name] is not null).ToDictionary(name => name, name => fields[name]!.Integer(1, RetentionPolicy.Most)); // It is there.
        var within = fields["within"] is { } given ? given.Duration(LeastWithin, MostWithin) : TimeSpan.Zero;
        var schedule = fields["schedule"] is { } written ? ScheduleReader.Read(written, null) : RetentionPolicy.UsualSchedule;
        var zone = fields["timeZone"] is { } named ? Zones.Read(named) : TimeZoneInfo.Utc;
        if (Rules.All(name => fields[name] is null))
        {
            field.Report($"has no rule that keeps anything; expected at least one of {string.Join(", ", Rules)}.");
            return null;
        }

        return within is null || schedule is null || zone is null || counts.Values.Any(count => count is null) ? null : new RetentionPolicy(schedule, zone)
        {
            Last = Count("last"),
            Hourly = Count("hourly"),
            Daily = Count("daily"),
            Weekly = Count("weekly"),
            Monthly = Count("monthly"),
            Yearly = Count("yearly"),
            Within = within.Value,
            Minimum = Math.Max(1, Count("minimum")),
        };

        int Count(string name) => counts.GetValueOrDefault(name) ?? 0;
    }
}
