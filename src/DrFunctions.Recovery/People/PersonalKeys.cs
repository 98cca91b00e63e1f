using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.Recovery.People;

/// <summary>Personal keys: 256 random bits, so that their plain SHA-256 is enough to keep; nobody can search that space.</summary>
public static class PersonalKeys
{
    /// <summary>The longest text that is looked at as a key, in characters, inclusive.</summary>
    public const int MaximumLength = 200;

    /// <summary>What every key begins with, so that scanners of repositories and logs can find a lost one.</summary>
    public const string Prefix = "drk_";

    /// <summary>A new key, shown once and kept by its person: <c>drk_</c> and 43 characters that are safe in a URL.</summary>
    public static string Create(RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var bytes = new byte[32];
        random.GetBytes(bytes);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>What is kept of a key: its SHA-256, 64 hexadecimal digits in lower case.</summary>
    public static string Hash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>Whether the text has the form of <see cref="Hash"/>.</summary>
    public static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}
