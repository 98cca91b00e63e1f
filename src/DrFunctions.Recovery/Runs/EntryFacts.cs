using System.Globalization;
using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Runs;

/// <summary>Reads the facts of journal entries; one that is missing or of another shape is named with its entry.</summary>
internal static class EntryFacts
{
    private delegate bool TryParse<T>(string text, out T value);

    public static string Required(this JournalEntry entry, string fact) =>
        entry.Fact(fact) ?? throw Unreadable(entry, $"lacks the fact '{fact}'");

    public static long Number(this JournalEntry entry, string fact) =>
        Parse(entry, fact, (string text, out long value) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    /// <summary>From 1 to 1,000.</summary>
    public static int Count(this JournalEntry entry, string fact) => Parse(
        entry,
        fact,
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is > 0 and <= 1000);

    public static T Word<T>(this JournalEntry entry, string fact)
        where T : struct, Enum => Parse<T>(entry, fact, Enum.TryParse);

    public static DateTimeOffset Instant(this JournalEntry entry, string fact) => Parse(
        entry,
        fact,
        (string text, out DateTimeOffset value) =>
            DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out value));

    public static DateTimeOffset? FindInstant(this JournalEntry entry, string fact) =>
        entry.Fact(fact) is null ? null : entry.Instant(fact);

    /// <summary>Seconds, more than 0; what is no TimeSpan cannot be judged.</summary>
    public static double Seconds(this JournalEntry entry, string fact) => Parse(
        entry,
        fact,
        (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && value > 0
            && value < TimeSpan.MaxValue.TotalSeconds);

    public static string Write(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    public static RecoveryException Unreadable(JournalEntry entry, string fault) => new(
        "JournalUnreadable",
        $"Entry {entry.Sequence} of the journal of '{entry.RunId}' {fault}.",
        isTransient: false,
        "Check the evidence; restore the entry from the mirror account.");

    private static T Parse<T>(JournalEntry entry, string fact, TryParse<T> parse) =>
        parse(entry.Required(fact), out var value)
            ? value
            : throw Unreadable(entry, $"has '{entry.Fact(fact)}' as its fact '{fact}', expected a {typeof(T).Name}");
}
