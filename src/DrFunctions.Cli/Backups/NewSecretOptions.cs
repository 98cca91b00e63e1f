using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary>What is to open a repository from now on: exactly one of a passphrase, a new recovery key, or a key of a vault.</summary>
internal sealed class NewSecretOptions
{
    private readonly Option<string?> _passphrase = new("--new-passphrase-setting") { Description = "A passphrase: the variable that holds it.", HelpName = "NAME" };
    private readonly Option<string?> _passphraseFile = new("--new-passphrase-file") { Description = "A passphrase: the file that holds it, and nothing else.", HelpName = "FILE" };
    private readonly Option<bool> _recoveryKey = new("--new-recovery-key") { Description = "A recovery key, shown once." };

    private readonly Option<string?> _recoveryKeyFile = new("--new-recovery-key-file")
    {
        Description = "A recovery key, written into this new file, readable by its owner only.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _vaultKey = new("--new-vault-key")
    {
        Description = "A key of a vault: https://VAULT.vault.azure.net/keys/NAME, its newest version unless one is named.",
        HelpName = "URL",
    };

    /// <summary>For a command's list.</summary>
    public IReadOnlyList<Symbol> All => [_passphrase, _passphraseFile, _recoveryKey, _recoveryKeyFile, _vaultKey];

    /// <summary>Makes a change of the slots with the new secret, and then says what of it is to be kept.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="change">Makes the change; returns the new slot's name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CliException">None or several are given, or what is given is no secret.</exception>
    public async Task ApplyAsync(CommandInvocation invocation, Func<IKeyWrapper, Task<string>> change, CancellationToken cancellationToken)
    {
        RequireOne(invocation);
        if (await KnownAsync(invocation, cancellationToken) is { } known)
        {
            Tell(invocation.Output, await change(known), known.Kind, recoveryKey: null, file: null);
            return;
        }

        var key = KeyWrappers.NewRecoveryKey();
        var secret = KeyWrappers.OfRecoveryKey(key);

        // Before the slot is there: a disk that is full must not leave a slot that nobody can open.
        using var file = invocation.Value(_recoveryKeyFile) is { } name ? RecoveryKeyFile.Write(name, key) : null;
        string slot;
        try
        {
            slot = await change(secret);
        }
        catch (BackupException error) when (error.IsTransient && file is not null)
        {
            file.Keep(); // The slot may be there all the same.
            throw new BackupException(
                error.Code, error.Message, isTransient: true, $"{error.Hint} Keep {file.Name} until dr backup key list says that its slot is not there.", error);
        }

        file?.Keep();
        Tell(invocation.Output, slot, secret.Kind, file is null ? key : null, file?.Name);
    }

    private void RequireOne(CommandInvocation invocation)
    {
        bool[] given =
        [
            invocation.Value(_passphrase) is not null, invocation.Value(_passphraseFile) is not null, invocation.Value(_recoveryKey),
            invocation.Value(_recoveryKeyFile) is not null, invocation.Value(_vaultKey) is not null,
        ];
        var count = given.Count(one => one);
        if (count != 1)
        {
            throw new CliException(
                "BadInput",
                $"{(count == 0 ? "None" : $"{count}")} of --new-passphrase-setting, --new-passphrase-file, --new-recovery-key, --new-recovery-key-file and --new-vault-key {(count == 0 ? "is" : "are")} given; expected one.",
                "Say what is to open the repository.");
        }
    }

    // Null: a recovery key is to be made.
    private async Task<IKeyWrapper?> KnownAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Value(_passphrase) is { } name)
        {
            return new BackupPlaces(invocation).Setting(name) is { Length: > 0 } passphrase ? KeyWrappers.OfPassphrase(passphrase) : throw new CliException(
                "SettingMissing", $"The variable {name} is not set; expected a new passphrase.", $"Set {name}, or use --new-passphrase-file.");
        }

        return invocation.Value(_passphraseFile) is { } file ? KeyWrappers.OfPassphrase(await SecretInput.ReadFileAsync("--new-passphrase-file", file, "a passphrase", cancellationToken))
            : invocation.Value(_vaultKey) is { } url ? SecretInput.VaultKey(invocation, "--new-vault-key", url)
            : null;
    }

    private static void Tell(Output output, string slot, string kind, string? recoveryKey, string? file)
    {
        if (output.IsJson)
        {
            output.Document(new { slot, kind, recoveryKey, recoveryKeyFile = file });
            return;
        }

        output.Say($"[green]✓[/] the key slot {slot} opens the repository ({kind})");
        if (recoveryKey is not null)
        {
            output.Say($"The recovery key, shown this once: print it and put it away.\n\n    {recoveryKey}\n");
        }
        else if (file is not null)
        {
            output.Say($"The recovery key is in {Output.Text(file)}: print it, put it away, and delete the file.");
        }
    }
}
