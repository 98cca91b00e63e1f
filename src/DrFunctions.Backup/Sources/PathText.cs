using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace DrFunctions.Backup.Sources;

/// <summary>
/// Names of files, which are bytes, as text and back, one to one. What is UTF-8 is that text; any other byte is U+DC00 and the byte, a half of a character that no UTF-8 has.
/// Python calls it surrogateescape (PEP 383).
/// </summary>
internal static class PathText
{
    private const char Escape = '\uDC00';

    /// <summary>The text of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        Span<char> characters = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
            {
                text.Append(characters[..rune.EncodeToUtf16(characters)]);
            }
            else
            {
                foreach (var value in bytes[..length])
                {
                    text.Append((char)(Escape + value));
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text; half characters that stand for no byte become U+FFFD.</summary>
    public static byte[] BytesOf(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return bytes[..Write(text, bytes)];
    }

    /// <summary>Writes the bytes of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="target">Room for three bytes a character.</param>
    /// <returns>How many were written.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<byte> target)
    {
        if (!text.ContainsAnyInRange('\uDC80', '\uDCFF'))
        {
            return Encoding.UTF8.GetBytes(text, target);
        }

        var written = 0;
        while (!text.IsEmpty)
        {
            var found = Rune.DecodeFromUtf16(text, out var rune, out var length);
            if (found != OperationStatus.Done && IsEscape(text[0]))
            {
                target[written++] = (byte)text[0];
            }
            else
            {
                written += rune.EncodeToUtf8(target[written..]);
            }

            text = text[length..];
        }

        return written;
    }

    /// <summary>Whether the text is UTF-8, so that all who read text read the same.</summary>
    public static bool IsUtf8(string text)
    {
        for (var index = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); index >= 0 && index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }

            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            {
                return false;
            }

            index++;
        }

        return true;
    }

    /// <summary>Whether a character, that is no half of a whole one, stands for a byte.</summary>
    public static bool IsEscape(char value) => value is >= '\uDC80' and <= '\uDCFF';
}
