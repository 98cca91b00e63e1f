using NCrontab;

namespace DrFunctions.Plans.Schedules;

/// <summary>How long a schedule pauses. Pure.</summary>
public static class SchedulePauses
{
    // Eight years and a day from a Monday hold two leap days and every weekday on the 29th of February's neighbours.
    private static readonly DateTime From = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Until = From.AddYears(8).AddDays(1);

    /// <summary>
    /// The longest pause between two occurrences, by the clock on the wall: the change to summer time is not counted. Null when
    /// eight years hold fewer than two occurrences.
    /// </summary>
    /// <param name="cron">Five-field cron expression, valid.</param>
    public static TimeSpan? Longest(string cron)
    {
        ArgumentNullException.ThrowIfNull(cron);
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // The days and the times within a day are independent, so that a day a year of minutes needs no half million occurrences.
        var days = CrontabSchedule.Parse($"0 0 {fields[2]} {fields[3]} {fields[4]}").GetNextOccurrences(From.AddMinutes(-1), Until).ToList();
        var times = CrontabSchedule.Parse($"{fields[0]} {fields[1]} * * *").GetNextOccurrences(From.AddMinutes(-1), From.AddDays(1)).ToList();
        var pauses = Pauses(times).Concat(Pauses(days).Select(pause => pause - (times[^1] - times[0]))).ToList();
        return pauses.Count == 0 || days.Count == 0 || (days.Count == 1 && times.Count == 1) ? null : pauses.Max();
    }

    private static IEnumerable<TimeSpan> Pauses(List<DateTime> moments) => moments.Zip(moments.Skip(1), (one, next) => next - one);
}
