using System.Runtime.CompilerServices;

namespace DrFunctions.Backup.Snapshots;

/// <summary>What a snapshot may be called.</summary>
public static class SnapshotId
{
    /// <summary>The most characters.</summary>
    public const int LongestLength = 200;

    /// <summary>Whether a text can be a snapshot's id: 1 to <see cref="LongestLength"/> of A-Z, a-z, 0-9, '.', '_' and '-', not beginning with '.'.</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= LongestLength && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
    }

    /// <summary>Makes sure that a text can be a snapshot's id.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void ThrowIfInvalid(string snapshotId, [CallerArgumentExpression(nameof(snapshotId))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(snapshotId, name);
        if (!IsValid(snapshotId))
        {
            throw new ArgumentException(
                $"'{snapshotId}' is not a snapshot id: 1 to {LongestLength} of A-Z, a-z, 0-9, '.', '_' and '-', not beginning with '.'.", name);
        }
    }
}
