using System.Buffers.Binary;
using System.Security.Cryptography;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.SealedObjects;

/// <summary>
/// The layout of a sealed object (docs/design.md): header, records, directory, footer. Header: <c>DRFB</c>, the kind's letter, the version, two
/// zeros, 32 bytes of random salt. A record: ciphertext and a tag of 16 bytes. Footer: the directory's stored length, 4 bytes, and <c>BFRD</c>.
/// Numbers are big-endian.
/// </summary>
internal static class SealedFormat
{
    public const byte Version = 2;
    public const int SaltLength = 32;
    public const int TagLength = 16;
    public const int HeaderLength = 8 + SaltLength;
    public const int FooterLength = 8;

    /// <summary>The number of the directory's record; no other record can reach it.</summary>
    public const ulong DirectoryRecord = ulong.MaxValue;

    private const int KeyLength = 32;
    private const int NonceLength = 12;

    public static ReadOnlySpan<byte> Magic => "DRFB"u8;

    public static ReadOnlySpan<byte> EndMagic => "BFRD"u8;

    /// <summary>Bytes of an object with so many bytes of content, in so many records, and with a directory of that many.</summary>
    public static long LengthOf(long content, int records, int directory) =>
        HeaderLength + content + ((long)records * TagLength) + directory + TagLength + FooterLength;

    /// <summary>The cipher of an object, from its header.</summary>
    public static AesGcm CipherOf(RepositoryKeys keys, ReadOnlySpan<byte> header)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        keys.DeriveObjectKey(header.Slice(8, SaltLength), header[..8], key);
        var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    /// <summary>Writes the header of a new object.</summary>
    public static void WriteHeader(Span<byte> header, SealedKind kind, ReadOnlySpan<byte> salt)
    {
        Magic.CopyTo(header);
        header[4] = (byte)kind;
        header[5] = Version;
        header[6] = 0;
        header[7] = 0;
        salt.CopyTo(header[8..HeaderLength]);
    }

    /// <summary>Encrypts in place; <paramref name="tag"/> follows the content.</summary>
    public static void Seal(AesGcm cipher, ulong record, Span<byte> content, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, record);
        cipher.Encrypt(nonce, content, content, tag);
    }

    /// <summary>Decrypts a record; false when it is not what was written there.</summary>
    public static bool TryOpen(AesGcm cipher, ulong record, ReadOnlySpan<byte> stored, Span<byte> content)
    {
        if (stored.Length != content.Length + TagLength)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, record);
        try
        {
            cipher.Decrypt(nonce, stored[..^TagLength], stored[^TagLength..], content);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    // The object's key is used for nothing else, so that a record's number is a nonce that never comes again.
    private static void WriteNonce(Span<byte> nonce, ulong record)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], record);
    }
}
