using System.Globalization;

namespace DrFunctions.Recovery.Objectives;

/// <summary>Spans of time as people read them: up to two units, cut below the second one.</summary>
public static class SpanText
{
    /// <summary>The text, such as <c>3 d 4 h</c>, <c>15 m</c>, <c>1 m 30 s</c>, <c>0.25 s</c>; a negative span has a minus before it.</summary>
    public static string Of(TimeSpan span)
    {
        if (span < TimeSpan.Zero)
        {
            return "-" + Of(span == TimeSpan.MinValue ? TimeSpan.MaxValue : -span);
        }

        return span switch
        {
            { TotalDays: >= 1 } => Two(span.Days, "d", span.Hours, "h"),
            { TotalHours: >= 1 } => Two(span.Hours, "h", span.Minutes, "m"),
            { TotalMinutes: >= 1 } => Two(span.Minutes, "m", span.Seconds, "s"),
            _ => span.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture) + " s",
        };
    }

    private static string Two(int large, string unit, int small, string smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{large} {unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large} {unit} {small} {smallUnit}");
}
