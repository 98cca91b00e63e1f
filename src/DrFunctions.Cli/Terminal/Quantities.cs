using System.Globalization;

namespace DrFunctions.Cli.Terminal;

/// <summary>Amounts as people read them.</summary>
internal static class Quantities
{
    /// <summary>Bytes in decimal units, such as <c>209.7 MB</c>.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => Format($"{bytes:0} B"),
        < 1e6 => Format($"{bytes / 1e3:0.0} kB"),
        < 1e9 => Format($"{bytes / 1e6:0.0} MB"),
        < 1e12 => Format($"{bytes / 1e9:0.00} GB"),
        _ => Format($"{bytes / 1e12:0.00} TB"),
    };

    /// <summary>A duration with the unit that fits, such as <c>3.2 s</c> or <c>1 h 05 min</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0 } => "-" + Duration(-time),
        { TotalSeconds: < 0.9995 } => Format($"{time.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 59.95 } => Format($"{time.TotalSeconds:0.0} s"),
        { TotalMinutes: < 60 } => Format($"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        { TotalHours: < 24 } => Format($"{(int)time.TotalHours} h {time.Minutes:00} min"),
        _ => Format($"{(int)time.TotalDays} d {time.Hours:00} h"),
    };

    /// <summary>A duration in seconds, or <c>unknown</c>: what was not measured is never shown as good.</summary>
    public static string Seconds(double? seconds) => seconds is { } known ? Duration(TimeSpan.FromSeconds(known)) : "unknown";

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
