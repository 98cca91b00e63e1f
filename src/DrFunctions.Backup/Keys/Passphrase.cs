using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.Backup.Keys;

/// <summary>Makes wrapping keys out of what people remember: PBKDF2-HMAC-SHA-256 (RFC 8018).</summary>
internal static class Passphrase
{
    /// <summary>What OWASP's Password Storage Cheat Sheet asks of PBKDF2-HMAC-SHA-256.</summary>
    public const int Iterations = 600_000;

    /// <summary>A slot that asks for more was not written by this program, and would hold a reader up for minutes.</summary>
    public const int MostIterations = 50_000_000;

    /// <summary>Bytes of a salt.</summary>
    public const int SaltLength = 16;

    private const int KeyLength = 32;

    /// <summary>A new salt.</summary>
    public static byte[] CreateSalt() => RandomNumberGenerator.GetBytes(SaltLength);

    /// <summary>The wrapping key of a passphrase. Takes about a tenth of a second for each 600,000 iterations.</summary>
    /// <param name="passphrase">Any text, not empty; its UTF-8 as it was typed.</param>
    /// <param name="salt">The slot's.</param>
    /// <param name="iterations">1 to <see cref="MostIterations"/>.</param>
    public static byte[] ToKey(string passphrase, ReadOnlySpan<byte> salt, int iterations)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MostIterations);
        var bytes = Encoding.UTF8.GetBytes(passphrase);
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(bytes, salt, iterations, HashAlgorithmName.SHA256, KeyLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
