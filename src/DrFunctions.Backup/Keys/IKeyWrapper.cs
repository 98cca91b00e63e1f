namespace DrFunctions.Backup.Keys;

/// <summary>Something that somebody keeps outside of the repository, and that opens a slot: a passphrase, a printed key, later a key vault.</summary>
internal interface IKeyWrapper
{
    /// <summary>The kind of slot it opens; part of the format.</summary>
    string Kind { get; }

    /// <summary>What a new slot says beside the wrapped key, so that the wrapping key can be made again; none of it is secret.</summary>
    KeyDerivation? CreateDerivation();

    /// <summary>The wrapping key, 32 bytes; null when the slot's words are not of this kind.</summary>
    byte[]? Derive(RepositoryId repository, KeyDerivation? derivation);
}

/// <summary>How a wrapping key is made of a passphrase.</summary>
/// <param name="Name">The function.</param>
/// <param name="Iterations">How often it is applied.</param>
/// <param name="Salt">What keeps two slots apart.</param>
internal sealed record KeyDerivation(string Name, int Iterations, ReadOnlyMemory<byte> Salt);
