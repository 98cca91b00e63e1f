namespace DrFunctions.Backup.Keys;

/// <summary>Makes the secrets that need no service to open a repository.</summary>
public static class KeyWrappers
{
    /// <summary>A passphrase.</summary>
    /// <param name="passphrase">Any text, not empty; its UTF-8 as it was typed.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static IKeyWrapper OfPassphrase(string passphrase)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        return new PassphraseWrapper(passphrase);
    }

    /// <summary>A recovery key.</summary>
    /// <param name="printed">As <see cref="NewRecoveryKey"/> printed it, in letters of any case, however it is spaced.</param>
    /// <exception cref="BackupException"><see cref="BackupErrors.WrongSecret"/>: it has a letter that was mistyped, or lacks some; the message says which and never repeats it.</exception>
    public static IKeyWrapper OfRecoveryKey(string printed) => RecoveryKey.TryParse(printed, out var key, out var mistake)
        ? new RecoveryKeyWrapper(key)
        : throw new BackupException(
            BackupErrors.WrongSecret, $"What was given is no recovery key: {mistake}.", isTransient: false, "Type it again as it is printed; spaces, hyphens and case do not matter.");

    /// <summary>A new recovery key as it is printed, 56 letters in groups of seven. Whoever has it opens the repositories that have a slot for it: print it and put it away.</summary>
    public static string NewRecoveryKey() => RecoveryKey.Print(RecoveryKey.Create());
}
