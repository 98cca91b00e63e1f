using DrFunctions.Backup.Sources;

namespace DrFunctions.Backup.Manifests;

/// <summary>The order of a manifest: that of the paths' bytes, so that what is below a folder lies together, where 'folder/' would.</summary>
internal static class PathOrder
{
    /// <summary>Less than, equal to or greater than zero, as the first path comes before the second, is it, or comes after it.</summary>
    public static int Compare(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var same = one.CommonPrefixLength(other);
        return same == one.Length || same == other.Length ? one.Length.CompareTo(other.Length)
            : PathText.IsEscape(one[same]) || PathText.IsEscape(other[same]) ? CompareBytes(one, other, same)
            : Rank(one[same]).CompareTo(Rank(other[same]));
    }

    // In UTF-16 the characters beyond the first 65,536 begin with D800 to DFFF; in UTF-8 they come last.
    private static int Rank(char value) => value is >= '\uD800' and <= '\uDFFF' ? value + 0x10000 : value;

    // A byte that is no UTF-8, or the second half of a character.
    private static int CompareBytes(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int same)
    {
        var from = same > 0 && char.IsHighSurrogate(one[same - 1]) ? same - 1 : same;
        return PathText.BytesOf(one[from..]).AsSpan().SequenceCompareTo(PathText.BytesOf(other[from..]));
    }
}
