using System.Buffers;

namespace DrFunctions.Backup.Repositories;

/// <summary>What every implementation of <see cref="IRepository"/> accepts.</summary>
public static class RepositoryKey
{
    /// <summary>The most bytes in an object: 64 MiB.</summary>
    public const int MaximumObjectLength = 64 * 1024 * 1024;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/");

    /// <summary>Makes sure that a key is one.</summary>
    /// <exception cref="ArgumentException">It has a character, or a part that begins, as no key does.</exception>
    public static void ThrowIfInvalid(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.AsSpan().ContainsAnyExcept(Allowed) || key.Split('/').Any(part => part.Length == 0 || part[0] == '.'))
        {
            throw new ArgumentException(
                $"'{key}' is not a key: A-Z, a-z, 0-9, '.', '_', '-' and '/', without empty parts or parts that begin with '.'.", nameof(key));
        }
    }

    /// <summary>Makes sure that an object is not too large.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is.</exception>
    public static void ThrowIfTooLarge(string key, int length)
    {
        if (length > MaximumObjectLength)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"'{key}' is larger than {MaximumObjectLength} bytes.");
        }
    }

    /// <summary>Makes sure that a piece of an object is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It begins before the object, or is empty.</exception>
    public static void ThrowIfNoPiece(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
    }
}
