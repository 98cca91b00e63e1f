using NCrontab;

namespace DrFunctions.Plans.Schedules;

/// <summary>When a backup is due. Pure.</summary>
public static class BackupSchedule
{
    /// <summary>
    /// The occurrence to do now: the newest one not done; null when there is none. Missed ones are caught up once, by the newest
    /// of them. A policy that never ran is due at once, since until then nothing could be restored.
    /// </summary>
    /// <param name="cron">Five-field cron expression, valid.</param>
    /// <param name="zone">The zone that it is read in.</param>
    /// <param name="last">The last occurrence done; null when none.</param>
    /// <param name="now">Now.</param>
    public static DateTimeOffset? Due(string cron, TimeZoneInfo zone, DateTimeOffset? last, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var minute = new DateTimeOffset(now.UtcDateTime.Ticks - (now.UtcDateTime.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        if (last is null)
        {
            return minute;
        }

        var schedule = CrontabSchedule.Parse(cron);

        // No more than a week back: what was missed before that is caught up by the newest occurrence all the same.
        var from = last.Value > now.AddDays(-7) ? last.Value : now.AddDays(-7);
        var due = schedule
            .GetNextOccurrences(Local(from, zone), Local(minute.AddMinutes(1), zone))
            .Select(local => Utc(local, zone))
            .Where(occurrence => occurrence > last.Value && occurrence <= now)
            .Select(occurrence => (DateTimeOffset?)occurrence)
            .Max();
        return due ?? (last.Value < from ? LastBefore(schedule, zone, last.Value, from) : null);
    }

    /// <summary>The first occurrence after a time; null when there is none until now.</summary>
    /// <param name="cron">Five-field cron expression, valid.</param>
    /// <param name="zone">The zone that it is read in.</param>
    /// <param name="after">The time, exclusive.</param>
    /// <param name="now">Now, inclusive.</param>
    public static DateTimeOffset? FirstAfter(string cron, TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return CrontabSchedule.Parse(cron)
            .GetNextOccurrences(Local(after, zone).AddMinutes(-1), Local(now, zone).AddMinutes(1))
            .Select(local => (DateTimeOffset?)Utc(local, zone))
            .FirstOrDefault(occurrence => occurrence > after && occurrence <= now);
    }

    // Schedules rarer than a week: look back from now, a year at most.
    private static DateTimeOffset? LastBefore(CrontabSchedule schedule, TimeZoneInfo zone, DateTimeOffset last, DateTimeOffset until)
    {
        var from = last > until.AddDays(-366) ? last : until.AddDays(-366);
        return schedule
            .GetNextOccurrences(Local(from, zone), Local(until, zone))
            .Select(local => Utc(local, zone))
            .Where(occurrence => occurrence > last && occurrence <= until)
            .Select(occurrence => (DateTimeOffset?)occurrence)
            .Max();
    }

    private static DateTime Local(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).DateTime;

    // A local time that the spring change skips happens when the clock has moved on; one that the autumn change repeats, once.
    private static DateTimeOffset Utc(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
