using System.Security.Cryptography;

namespace DrFunctions.Backup.Keys;

/// <summary>The secret of a repository, 32 random bytes: whoever has it reads and writes everything in it. Never stored unwrapped.</summary>
internal sealed class MasterKey : IDisposable
{
    /// <summary>Bytes.</summary>
    public const int Length = 32;

    private readonly byte[] value;

    private MasterKey(byte[] value) => this.value = value;

    /// <summary>A new one.</summary>
    public static MasterKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>The one with these bytes, which are copied.</summary>
    /// <exception cref="ArgumentException">Not <see cref="Length"/> bytes.</exception>
    public static MasterKey From(ReadOnlySpan<byte> value) => value.Length == Length
        ? new MasterKey(value.ToArray())
        : throw new ArgumentException($"the key has {value.Length} bytes; expected {Length}", nameof(value));

    /// <summary>Its bytes, to be wrapped.</summary>
    public ReadOnlySpan<byte> Value => value;

    /// <summary>A key for one purpose in one repository: HKDF-SHA-256 (RFC 5869), salted with the repository's id.</summary>
    public byte[] Derive(RepositoryId repository, ReadOnlySpan<byte> purpose)
    {
        Span<byte> salt = stackalloc byte[RepositoryId.Length];
        repository.Write(salt);
        var key = new byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, value, key, salt, purpose);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(value);
}
