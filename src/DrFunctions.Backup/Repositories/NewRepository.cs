namespace DrFunctions.Backup.Repositories;

/// <summary>A repository that was just made.</summary>
/// <param name="Repository">The repository, opened; the caller's to dispose.</param>
/// <param name="RecoveryKey">
/// Opens it when the passphrase is lost. A secret that is kept nowhere: it is shown to a person once, to be printed and put away.
/// </param>
public sealed record NewRepository(OpenedRepository Repository, string RecoveryKey)
{
    /// <inheritdoc/>
    public override string ToString() => Repository.Description; // Never the key, wherever it is logged.
}
