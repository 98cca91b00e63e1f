using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.Backup.Keys;

/// <summary>
/// A wrapping key to be printed and put away: 32 random bytes and 3 of their SHA-256, in Crockford's base 32
/// (https://www.crockford.com/base32.html), eight groups of seven letters.
/// </summary>
internal static class RecoveryKey
{
    /// <summary>Bytes of the key.</summary>
    public const int Length = 32;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int CheckLength = 3;
    private const int Letters = (Length + CheckLength) * 8 / 5;
    private const int Group = 7;

    /// <summary>A new one.</summary>
    public static byte[] Create() => RandomNumberGenerator.GetBytes(Length);

    /// <summary>The key as it is printed.</summary>
    public static string Print(ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = stackalloc byte[Length + CheckLength];
        Complete(key, bytes);
        var text = new StringBuilder(Letters + (Letters / Group));
        for (var letter = 0; letter < Letters; letter++)
        {
            if (letter > 0 && letter % Group == 0)
            {
                text.Append('-');
            }

            var value = 0;
            for (var bit = letter * 5; bit < (letter + 1) * 5; bit++)
            {
                value = (value << 1) | ((bytes[bit / 8] >> (7 - (bit % 8))) & 1);
            }

            text.Append(Alphabet[value]);
        }

        return text.ToString();
    }

    /// <summary>Reads what was printed, however it is spaced; I and L are read as 1, O as 0.</summary>
    /// <param name="text">What somebody typed.</param>
    /// <param name="key">The key.</param>
    /// <param name="mistake">What is wrong with it: never a part of the key.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out byte[]? key, [NotNullWhen(false)] out string? mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        Span<byte> bytes = stackalloc byte[Length + CheckLength];
        bytes.Clear();
        var letters = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '-' || char.IsWhiteSpace(text[at]))
            {
                continue;
            }

            var value = Alphabet.IndexOf(Read(text[at]), StringComparison.Ordinal);
            if (value < 0)
            {
                mistake = $"character {at + 1} of the recovery key is none of {Alphabet}";
                return false;
            }

            for (var bit = 0; bit < 5 && letters < Letters; bit++)
            {
                var place = (letters * 5) + bit;
                bytes[place / 8] |= (byte)(((value >> (4 - bit)) & 1) << (7 - (place % 8)));
            }

            letters++;
        }

        if (letters != Letters)
        {
            mistake = $"the recovery key has {letters} letters; expected {Letters}";
            return false;
        }

        Span<byte> expected = stackalloc byte[Length + CheckLength];
        Complete(bytes[..Length], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes))
        {
            mistake = "the recovery key has a letter that was mistyped: its last letters do not fit the rest";
            return false;
        }

        key = bytes[..Length].ToArray();
        mistake = null;
        return true;
    }

    private static char Read(char letter) => char.ToUpperInvariant(letter) switch
    {
        'I' or 'L' => '1',
        'O' => '0',
        var other => other,
    };

    private static void Complete(ReadOnlySpan<byte> key, Span<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        key.CopyTo(bytes);
        hash[..CheckLength].CopyTo(bytes[Length..]);
    }
}
