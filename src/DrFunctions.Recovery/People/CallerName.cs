using System.Text;
using System.Text.RegularExpressions;

namespace DrFunctions.Recovery.People;

/// <summary>Names of callers: they stand in records and become parts of documents' keys.</summary>
public static partial class CallerName
{
    /// <summary>What <see cref="IsValid"/> expects, for messages.</summary>
    public const string Expected = "1 to 100 of a-z, 0-9 and . _ @ # ' + -, beginning with a letter or a digit";

    /// <summary>1 to 100 of a-z, 0-9 and <c>. _ @ # ' + -</c>, beginning with a letter or a digit: a nickname or a user principal name.</summary>
    public static bool IsValid(string? name) => name is not null && Shape().IsMatch(name);

    /// <summary>The name as a part of a document's key; different names give different parts.</summary>
    public static string ToKeyPart(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var part = new StringBuilder();
        foreach (var each in Encoding.UTF8.GetBytes(name.ToLowerInvariant()))
        {
            _ = char.IsAsciiLetterOrDigit((char)each) || each is (byte)'-' or (byte)'_' or (byte)'@'
                ? part.Append((char)each)
                : part.Append('~').Append(each.ToString("x2", null));
        }

        return part.ToString();
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._@#'+-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
