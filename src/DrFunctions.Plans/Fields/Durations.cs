using System.Globalization;
using System.Text.RegularExpressions;

namespace DrFunctions.Plans.Fields;

/// <summary>Sizes of time as plans write them: a whole number and one unit.</summary>
public static partial class Durations
{
    /// <summary>What is expected of a text, in words.</summary>
    public const string Expected = "a whole number and a unit, such as 90s, 15m, 1h or 7d";

    /// <summary>Reads one: 1 to 7 digits and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ArgumentNullException.ThrowIfNull(text);
        var match = Shape().Match(text);
        if (!match.Success)
        {
            return false;
        }

        // Ten million days and all smaller units of it fit into a TimeSpan.
        var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        duration = match.Groups[2].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
        return true;
    }

    /// <summary>In the largest unit that keeps it whole.</summary>
    public static string Text(TimeSpan duration)
    {
        var (size, unit) = duration switch
        {
            _ when duration == TimeSpan.Zero => (TimeSpan.FromSeconds(1), "s"),
            _ when duration.Ticks % TimeSpan.TicksPerDay == 0 => (TimeSpan.FromDays(1), "d"),
            _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => (TimeSpan.FromHours(1), "h"),
            _ when duration.Ticks % TimeSpan.TicksPerMinute == 0 => (TimeSpan.FromMinutes(1), "m"),
            _ => (TimeSpan.FromSeconds(1), "s"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / size.Ticks}{unit}");
    }

    [GeneratedRegex(@"^([0-9]{1,7})([smhd])\z", RegexOptions.CultureInvariant)]
    internal static partial Regex Shape();
}
