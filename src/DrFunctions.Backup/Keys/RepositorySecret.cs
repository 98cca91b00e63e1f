namespace DrFunctions.Backup.Keys;

/// <summary>
/// What somebody keeps outside of a repository and that opens it: a passphrase, or a printed recovery key. What is derived of it is kept as long as this object is, so that opening
/// again takes no time. Thread-safe.
/// </summary>
public sealed class RepositorySecret
{
    private RepositorySecret(IKeyWrapper wrapper) => Wrapper = wrapper;

    /// <summary>What opens the slot.</summary>
    internal IKeyWrapper Wrapper { get; }

    /// <summary>A passphrase.</summary>
    /// <param name="passphrase">Any text, not empty, as it was given when the repository was made.</param>
    public static RepositorySecret OfPassphrase(string passphrase)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        return new RepositorySecret(new KeptKeys(new PassphraseWrapper(passphrase)));
    }

    /// <summary>A recovery key.</summary>
    /// <param name="printed">As it was printed, however it is spaced.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.WrongSecret"/>: it is none; the message says what is wrong, and no part of it.</exception>
    public static RepositorySecret OfRecoveryKey(string printed) => RecoveryKey.TryParse(printed, out var key, out var mistake)
        ? new RepositorySecret(new RecoveryKeyWrapper(key))
        : throw new BackupException(
            BackupErrors.WrongSecret,
            $"That is no recovery key: {mistake}.",
            isTransient: false,
            "Read it again from where it was printed: eight groups of seven letters and digits.");
}
