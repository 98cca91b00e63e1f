using DrFunctions.Plans.Fields;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads time zones.</summary>
internal static class ZoneReader
{
    private const string Expected = "an IANA time zone, such as UTC or Europe/Amsterdam";

    public static TimeZoneInfo? Read(Field field)
    {
        if (field.Text(Expected) is not { } id)
        {
            return null;
        }

        // The shape comes first: an id becomes a path in the zone database.
        return Names.IsZone(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : field.Refuse<TimeZoneInfo>(id, Expected);
    }
}
