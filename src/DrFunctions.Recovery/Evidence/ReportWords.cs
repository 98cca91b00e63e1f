using System.Globalization;
using System.Text;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Runs;

namespace DrFunctions.Recovery.Evidence;

/// <summary>Values as reports show them.</summary>
internal static class ReportWords
{
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "unknown";

    public static string Span(TimeSpan? span) => span is { } known ? SpanText.Of(known) : "unknown";

    public static string Seconds(double? seconds) => seconds is { } known ? SpanText.Of(TimeSpan.FromSeconds(known)) : "unknown";

    /// <summary>The name of an enum's value as words, such as <c>step completed</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var words = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            words.Append(char.IsUpper(letter) && words.Length > 0 ? " " : "").Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }

    public static ReportCell Cell(ObjectiveVerdict verdict) => new(Of(verdict), verdict switch
    {
        ObjectiveVerdict.Met => ReportTone.Good,
        ObjectiveVerdict.Breached => ReportTone.Bad,
        _ => ReportTone.Doubtful,
    });

    public static ReportCell Cell(StepState state) => new(Of(state), state switch
    {
        StepState.Completed => ReportTone.Good,
        StepState.Failed => ReportTone.Bad,
        StepState.Pending or StepState.Running => ReportTone.Plain,
        _ => ReportTone.Doubtful,
    });

    /// <summary>
    /// Text on one line that shows what it says: control characters break lines, and those that turn the direction of writing or
    /// have no width make text look like other text.
    /// </summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            var category = char.GetUnicodeCategory(letter);
            line.Append(category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : letter);
        }

        return line.ToString();
    }
}
