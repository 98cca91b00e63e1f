using System.Globalization;
using System.Text.RegularExpressions;
using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Incidents.Policies;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads the times in which no run starts by itself.</summary>
internal static partial class FreezeSection
{
    private const int MostWindows = 50;
    private const string TimeExpected = "a time of day in quotes, such as \"22:00\"";
    private const string DateExpected = "a local date and time, such as 2026-12-24T18:00";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    public static IReadOnlyDictionary<string, DayOfWeek> Days { get; } = new Dictionary<string, DayOfWeek>(StringComparer.Ordinal)
    {
        ["mon"] = DayOfWeek.Monday,
        ["tue"] = DayOfWeek.Tuesday,
        ["wed"] = DayOfWeek.Wednesday,
        ["thu"] = DayOfWeek.Thursday,
        ["fri"] = DayOfWeek.Friday,
        ["sat"] = DayOfWeek.Saturday,
        ["sun"] = DayOfWeek.Sunday,
    };

    public static IReadOnlyList<FreezeWindow> Read(Field? field)
    {
        var names = new UniqueNames();
        var windows = new List<FreezeWindow>();
        var items = field?.List() ?? [];
        if (items.Count > MostWindows)
        {
            field?.Report($"has {items.Count} items; expected at most {MostWindows}.");
        }

        foreach (var item in items)
        {
            if (item.Map(PlanKeys.Freeze) is { } fields && ReadWindow(fields, names) is { } window)
            {
                windows.Add(window);
            }
        }

        return windows;
    }

    private static FreezeWindow? ReadWindow(FieldMap fields, UniqueNames names)
    {
        var name = Names.Name(fields["name"]);
        names.Add(name, fields["name"]);
        var zone = fields["timeZone"] is { } written ? Zones.Read(written) : TimeZoneInfo.Utc;
        if (fields["days"] is { } days)
        {
            var on = days.List()?.Select(day => day.OneOf(Days)).OfType<DayOfWeek>().Distinct().ToList();
            var (opens, closes) = (ReadTime(fields["from"]), ReadTime(fields["to"]));
            return name is null || zone is null || on is null || opens is null || closes is null ? null : new WeeklyFreeze(name, zone, on, opens.Value, closes.Value);
        }

        var (begins, ends) = (ReadDate(fields["from"]), ReadDate(fields["to"]));
        if (begins is null || ends is null)
        {
            return null;
        }

        if (ends <= begins || ends - begins > Longest)
        {
            fields["to"]?.Report($"is {(ends <= begins ? "not after" : "more than 31 days after")} from; expected a later time, at most 31 days on.");
            return null;
        }

        return name is null || zone is null ? null : new DatedFreeze(name, zone, begins.Value, ends.Value);
    }

    private static TimeOnly? ReadTime(Field? field) =>
        field?.Text(TimeExpected) is not { } text ? null
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
        : Refused<TimeOnly>(field, text, TimeExpected);

    private static DateTime? ReadDate(Field? field) =>
        field?.Text(DateExpected) is not { } text ? null
        : DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and <= 2999 ? date
        : Refused<DateTime>(field, text, DateExpected);

    private static T? Refused<T>(Field field, string text, string expected)
        where T : struct
    {
        field.Refuse<string>(text, expected);
        return null;
    }

    [GeneratedRegex(@"\A([0-9]{4}-[0-9]{2}-[0-9]{2}T)?[0-9]{2}:[0-9]{2}\z")]
    internal static partial Regex MomentShape();
}
