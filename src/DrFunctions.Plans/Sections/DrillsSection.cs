using System.Globalization;
using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Drills;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads when runbooks are drilled.</summary>
internal static class DrillsSection
{
    public static IReadOnlyList<DrillPolicy> Read(Field? field, RunbooksSection runbooks)
    {
        var drills = new List<DrillPolicy>();
        foreach (var item in field?.List() ?? [])
        {
            if (item.Map(PlanKeys.Drill) is not { } fields)
            {
                continue;
            }

            var runbook = UniqueNames.Refer(fields["runbook"], "runbook", runbooks.Names);
            if (drills.Exists(drill => drill.Runbook == runbook))
            {
                fields["runbook"]?.Report($"is '{runbook}', which an item before it drills; expected each runbook once.");
            }

            var schedule = ScheduleReader.Read(fields["schedule"], null);
            var zone = fields["timeZone"] is { } written ? Zones.Read(written) : TimeZoneInfo.Utc;
            var blocked = (fields["blocked"]?.List() ?? []).Select(ReadBlocked).ToList();
            if (runbook is not null && schedule is not null && zone is not null && !blocked.Contains(null))
            {
                drills.Add(new DrillPolicy(runbook, schedule, zone, [.. blocked.OfType<BlockedDays>()]));
            }
        }

        return drills;
    }

    private static BlockedDays? ReadBlocked(Field item)
    {
        var fields = item.Map(PlanKeys.Blocked);
        var (from, until) = (ReadDay(fields?["from"]), ReadDay(fields?["until"]));
        if (from > until)
        {
            fields?["until"]?.Report($"is {until:yyyy-MM-dd}, before from; expected the last day of the window, {from:yyyy-MM-dd} or later.");
            return null;
        }

        return from is null || until is null ? null : new BlockedDays(from.Value, until.Value);
    }

    private static DateOnly? ReadDay(Field? field)
    {
        const string Expected = "a day, such as 2027-12-24";
        if (field?.Text(Expected) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        field.Refuse<string>(text, Expected);
        return null;
    }
}
