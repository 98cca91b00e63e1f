namespace DrFunctions.Backup.Keys;

/// <summary>
/// Something that somebody keeps outside of the repository, and that opens a slot: a passphrase, a printed key, a key in a vault. It hands out the slot's wrapping key and
/// never sees the master key. Thread-safe; <see cref="KeyWrappers"/> makes those that need no service.
/// </summary>
public interface IKeyWrapper
{
    /// <summary>The kind of slot it opens, a word; part of the format.</summary>
    string Kind { get; }

    /// <summary>What it is, in words for people; never a secret.</summary>
    string Description { get; }

    /// <summary>A wrapping key for a new slot.</summary>
    /// <param name="repository">Whose slot it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BackupException">Who keeps the key does not answer (<see cref="BackupErrors.KeyUnavailable"/>) or refuses (<see cref="BackupErrors.KeyRefused"/>).</exception>
    Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken);

    /// <summary>The wrapping key of a slot of this <see cref="Kind"/>, 32 bytes; null when the slot is not one of this secret's.</summary>
    /// <param name="repository">Whose slot it is.</param>
    /// <param name="parameters">What the slot says. Not to be believed: whoever can write to the repository may have written it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BackupException">As <see cref="CreateAsync"/>.</exception>
    Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);
}

/// <summary>The wrapping key of a new slot.</summary>
/// <param name="WrappingKey">32 bytes; a secret, wiped after use.</param>
/// <param name="Parameters">What the slot says beside the wrapped key, so that the wrapping key can be had again; none of it is secret.</param>
public sealed record SlotKey(byte[] WrappingKey, IReadOnlyDictionary<string, string> Parameters);
