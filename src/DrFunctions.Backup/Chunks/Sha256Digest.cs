using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DrFunctions.Backup.Chunks;

/// <summary>A SHA-256, written as 64 hexadecimal digits in lower case.</summary>
internal readonly record struct Sha256Digest(ulong A, ulong B, ulong C, ulong D)
{
    public static Sha256Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return From(hash);
    }

    public static Sha256Digest From(ReadOnlySpan<byte> hash)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(hash);
        return new Sha256Digest(words[0], words[1], words[2], words[3]);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out Sha256Digest digest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        digest = default;
        if (text is not { Length: 2 * SHA256.HashSizeInBytes }
            || text.AsSpan().ContainsAnyInRange('A', 'F')
            || Convert.FromHexString(text, hash, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        digest = From(hash);
        return true;
    }

    /// <summary>Its 32 bytes.</summary>
    public void Write(Span<byte> target)
    {
        ReadOnlySpan<ulong> words = [A, B, C, D];
        MemoryMarshal.AsBytes(words).CopyTo(target);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
