using System.Globalization;

namespace DrFunctions.Recovery.Objectives;

/// <summary>Bounds of what people put into calculations: an error names the field, the value and what was expected.</summary>
internal static class Bounded
{
    /// <summary>The value, when it lies between two bounds, both included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static T Between<T>(T value, T least, T most, string field)
        where T : IComparable<T>, IFormattable =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new ArgumentOutOfRangeException(
                field, value, $"{field}: {Text(value)}, expected {Text(least)} to {Text(most)}.");

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
