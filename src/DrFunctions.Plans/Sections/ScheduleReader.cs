using System.Text.RegularExpressions;
using DrFunctions.Plans.Fields;
using NCrontab;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads when backups are taken.</summary>
internal static partial class ScheduleReader
{
    private const string Expected = "a five-field cron expression (minute, hour, day, month, day of week) such as \"*/5 * * * *\"";

    // Any Monday will do: only distances between occurrences count. Eight years and a day hold two leap days.
    private static readonly DateTime From = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Until = From.AddYears(8).AddDays(1);

    public static string? Read(Field? field, TimeSpan? rpo)
    {
        if (field?.Text(Shape(), Expected) is not { } text)
        {
            return null;
        }

        CrontabSchedule schedule;
        try
        {
            schedule = CrontabSchedule.Parse(text);
        }
        catch (CrontabException error)
        {
            return field.Refuse<string>(text, $"{Expected} ({error.Message.TrimEnd('.')})");
        }

        var some = schedule.GetNextOccurrences(From, Until).Take(50).ToList();
        if (some.Count == 0)
        {
            field.Report($"is '{text}', which never comes; expected a schedule with occurrences.");
            return null;
        }

        // Office hours have long nights, and that is the owner's choice; a schedule whose shortest pause is too long is a mistake.
        var pause = some.Zip(some.Skip(1), (one, next) => next - one).DefaultIfEmpty(TimeSpan.Zero).Min();
        if (pause > rpo)
        {
            field.Report(
                $"is '{text}', which leaves at least {Durations.Text(pause)} between backups; expected at most objectives.rpo, {Durations.Text(rpo.Value)}.");
            return null;
        }

        return text;
    }

    [GeneratedRegex(@"\A(?=.{9,120}\z)[0-9A-Za-z*/,-]+( +[0-9A-Za-z*/,-]+){4}\z")]
    internal static partial Regex Shape();
}
