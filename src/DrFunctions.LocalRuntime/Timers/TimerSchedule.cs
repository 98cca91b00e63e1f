using NCrontab;

namespace DrFunctions.LocalRuntime.Timers;

/// <summary>An NCRONTAB expression, in UTC.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule _schedule;

    private TimerSchedule(CrontabSchedule schedule, string expression)
    {
        _schedule = schedule;
        Expression = expression;
    }

    /// <summary>The expression.</summary>
    public string Expression { get; }

    /// <summary>Parses six fields, or as the official host five without seconds.</summary>
    /// <returns>The schedule; null, with the reason, where the expression is wrong.</returns>
    public static TimerSchedule? Parse(string expression, out string? reason)
    {
        var fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is not (5 or 6))
        {
            reason = $"it has {fields} fields, expected six (second minute hour day month day-of-week)";
            return null;
        }

        try
        {
            reason = null;
            return new TimerSchedule(
                CrontabSchedule.Parse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 }), expression);
        }
        catch (CrontabException exception)
        {
            reason = exception.Message;
            return null;
        }
    }

    /// <summary>The first occurrence after a time; null where there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var end = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
        var next = _schedule.GetNextOccurrence(after.UtcDateTime, end);
        return next >= end ? null : new DateTimeOffset(DateTime.SpecifyKind(next, DateTimeKind.Utc));
    }
}
