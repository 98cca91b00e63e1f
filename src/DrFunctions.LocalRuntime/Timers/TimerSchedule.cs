using System.Globalization;
using NCrontab;

namespace DrFunctions.LocalRuntime.Timers;

/// <summary>When a timer fires: an NCRONTAB expression in UTC, or a pause between occurrences.</summary>
internal sealed class TimerSchedule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    // Every date there is, on every day of the week it can fall on.
    private static readonly DateTimeOffset SomeStart = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset SomeEnd = SomeStart.AddYears(100);

    private readonly Func<DateTimeOffset, DateTimeOffset?> _next;

    private TimerSchedule(string expression, Func<DateTimeOffset, DateTimeOffset?> next)
    {
        Expression = expression;
        _next = next;
    }

    /// <summary>The expression.</summary>
    public string Expression { get; }

    /// <summary>Parses six fields, as the official host five without seconds, or a time span such as <c>00:00:30</c>.</summary>
    /// <returns>The schedule; null, with the reason, where the expression is wrong.</returns>
    public static TimerSchedule? Parse(string expression, out string? reason)
    {
        var fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return fields == 1 && expression.Contains(':', StringComparison.Ordinal) ? ParsePause(expression, out reason)
            : fields is 5 or 6 ? ParseCron(expression, fields, out reason)
            : Refuse($"it has {fields} fields, expected six (second minute hour day month day-of-week), or a time span such as 00:00:30", out reason);
    }

    /// <summary>The first occurrence after a time; null where there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _next(after);

    private static TimerSchedule? ParsePause(string expression, out string? reason)
    {
        if (!TimeSpan.TryParse(expression.Trim(), CultureInfo.InvariantCulture, out var pause) || pause < Shortest || pause > Longest)
        {
            return Refuse("expected a time span from one second to a year, such as 00:00:30, or an NCRONTAB expression", out reason);
        }

        reason = null;
        return new TimerSchedule(expression, after => after + pause);
    }

    private static TimerSchedule? ParseCron(string expression, int fields, out string? reason)
    {
        try
        {
            var schedule = CrontabSchedule.Parse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 });
            if (Next(schedule, SomeStart, SomeEnd) is null)
            {
                return Refuse("no date is ever like that", out reason);
            }

            reason = null;
            return new TimerSchedule(expression, after => Next(schedule, after, DateTimeOffset.MaxValue));
        }
        catch (CrontabException exception)
        {
            return Refuse(exception.Message, out reason);
        }
    }

    private static DateTimeOffset? Next(CrontabSchedule schedule, DateTimeOffset after, DateTimeOffset end)
    {
        var next = schedule.GetNextOccurrence(after.UtcDateTime, end.UtcDateTime);
        return next >= end.UtcDateTime ? null : new DateTimeOffset(DateTime.SpecifyKind(next, DateTimeKind.Utc));
    }

    private static TimerSchedule? Refuse(string why, out string? reason)
    {
        reason = why;
        return null;
    }
}
