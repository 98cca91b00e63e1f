using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary>Which repository, and what opens it; the same for all verbs. A secret never stands on the command line.</summary>
internal sealed class RepositoryOptions
{
    /// <summary>The variable that holds the passphrase where no other is named.</summary>
    public const string UsualSetting = "DR_REPOSITORY_PASSPHRASE";


    private readonly Option<string> _repository = new("--repository", "-r")
    {
        Description = $"Where the backups live: {BackupPlaces.Syntax}.",
        HelpName = "PLACE",
        Required = true,
    };

    private readonly Option<string> _passphrase = new("--passphrase-setting")
    {
        Description = $"The variable that holds the repository's passphrase (default {UsualSetting}).",
        HelpName = "NAME",
        DefaultValueFactory = _ => UsualSetting,
    };

    private readonly Option<string?> _recoveryKey;
    private readonly Option<string[]> _vaultKeys;

    /// <summary>The options of a verb.</summary>
    /// <param name="recoveryKey">What the file with the recovery key is for.</param>
    /// <param name="vaultKey">What the vaults' keys are for.</param>
    public RepositoryOptions(
        string recoveryKey = "Open the repository with the recovery key in this file instead of the passphrase.",
        string vaultKey = "Open the repository with this key of a vault, as whoever is signed in; may be repeated, and the passphrase or the recovery key is tried last.")
    {
        _recoveryKey = new("--recovery-key-file") { Description = recoveryKey, HelpName = "FILE" };
        _vaultKeys = new("--vault-key") { Description = vaultKey, HelpName = "URL", DefaultValueFactory = _ => [] };
    }

    /// <summary>For a command's list.</summary>
    public IReadOnlyList<Symbol> All => [_repository, _passphrase, _recoveryKey, _vaultKeys];

    /// <summary>The place.</summary>
    public IRepository Place(CommandInvocation invocation) => new BackupPlaces(invocation).Repository(invocation.Value(_repository));

    /// <summary>The file that was named for the recovery key; null when none was.</summary>
    public string? RecoveryKeyFile(CommandInvocation invocation) => invocation.Value(_recoveryKey);

    /// <summary>The keys of vaults that were named, in their order; nothing is asked of a vault yet.</summary>
    /// <exception cref="CliException">A URL is none of a key.</exception>
    public IReadOnlyList<IKeyWrapper> VaultKeys(CommandInvocation invocation) =>
        [.. invocation.Value(_vaultKeys).Select(url => SecretInput.VaultKey(invocation, "--vault-key", url))];

    /// <summary>Whether the variable that holds the passphrase is set.</summary>
    public bool HasPassphrase(CommandInvocation invocation) => new BackupPlaces(invocation).Setting(invocation.Value(_passphrase)) is { Length: > 0 };

    /// <summary>The passphrase.</summary>
    /// <exception cref="CliException">The variable is not set.</exception>
    public string Passphrase(CommandInvocation invocation)
    {
        var name = invocation.Value(_passphrase);
        return new BackupPlaces(invocation).Setting(name) is { Length: > 0 } passphrase ? passphrase : throw new CliException(
            "SettingMissing", $"The variable {name} is not set; expected the repository's passphrase.",
            $"Set {name}, name another variable with --passphrase-setting, or use --recovery-key-file or --vault-key.");
    }

    /// <summary>What opens the repository, in the order in which it is tried: vaults, then the recovery key or else the passphrase.</summary>
    /// <exception cref="CliException">Nothing is given.</exception>
    public async Task<IReadOnlyList<IKeyWrapper>> SecretsAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var vaults = VaultKeys(invocation);
        return RecoveryKeyFile(invocation) is { } file ? [.. vaults, KeyWrappers.OfRecoveryKey(await SecretInput.ReadFileAsync("--recovery-key-file", file, "a recovery key", cancellationToken))]
            : vaults.Count > 0 && !HasPassphrase(invocation) ? vaults
            : [.. vaults, KeyWrappers.OfPassphrase(Passphrase(invocation))];
    }

    /// <summary>Opens the repository.</summary>
    /// <returns>The caller's to dispose.</returns>
    public async Task<OpenedRepository> OpenAsync(CommandInvocation invocation, BackupEngine engine, CancellationToken cancellationToken)
    {
        var opened = await engine.OpenAsync(Place(invocation), await SecretsAsync(invocation, cancellationToken), cancellationToken);
        foreach (var passed in opened.Opening.PassedOver)
        {
            invocation.Output.Say($"[yellow]![/] {Output.Text(passed.Secret)} did not open it: {Output.Text(passed.Reason)}");
        }

        return opened;
    }
}
