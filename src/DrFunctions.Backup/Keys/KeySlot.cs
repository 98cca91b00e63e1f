using System.Security.Cryptography;
using System.Text;

namespace DrFunctions.Backup.Keys;

/// <summary>The master key, wrapped once: AES-256-GCM under a key that somebody keeps elsewhere.</summary>
/// <param name="Id">Names the slot in its repository.</param>
/// <param name="Nonce">12 random bytes.</param>
/// <param name="Wrapped">The encrypted key and its tag, 48 bytes.</param>
internal sealed record KeySlot(string Id, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Wrapped)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Wraps the master key.</summary>
    /// <param name="master">What is wrapped.</param>
    /// <param name="repository">The slot opens in this repository only.</param>
    /// <param name="id">The slot's name.</param>
    /// <param name="wrappingKey">32 bytes.</param>
    /// <param name="about">What else is said of the slot, and is to be as it was when it is opened.</param>
    public static KeySlot Wrap(MasterKey master, RepositoryId repository, string id, ReadOnlySpan<byte> wrappingKey, string about = "")
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var wrapped = new byte[MasterKey.Length + TagLength];
        using var cipher = new AesGcm(wrappingKey, TagLength);
        cipher.Encrypt(nonce, master.Value, wrapped.AsSpan(0, MasterKey.Length), wrapped.AsSpan(MasterKey.Length), Bound(repository, id, about));
        return new KeySlot(id, nonce, wrapped);
    }

    /// <summary>The master key; null when <paramref name="wrappingKey"/> is not the one that wrapped it, or the slot is not as it was written.</summary>
    public MasterKey? TryUnwrap(RepositoryId repository, ReadOnlySpan<byte> wrappingKey, string about = "")
    {
        if (Nonce.Length != NonceLength || Wrapped.Length != MasterKey.Length + TagLength)
        {
            return null;
        }

        Span<byte> value = stackalloc byte[MasterKey.Length];
        using var cipher = new AesGcm(wrappingKey, TagLength);
        try
        {
            cipher.Decrypt(Nonce.Span, Wrapped.Span[..MasterKey.Length], Wrapped.Span[MasterKey.Length..], value, Bound(repository, Id, about));
            return MasterKey.From(value);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    // A slot that is moved to another repository, or under another name, opens nothing.
    private static byte[] Bound(RepositoryId repository, string id, string about) => Encoding.UTF8.GetBytes($"drfunctions key slot\n{repository}\n{id}\n{about}");
}
