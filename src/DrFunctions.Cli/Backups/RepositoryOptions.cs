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

    private const int LongestKeyFile = 4096;

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

    /// <summary>The options of a verb.</summary>
    /// <param name="recoveryKey">What the file with the recovery key is for.</param>
    public RepositoryOptions(string recoveryKey = "Open the repository with the recovery key in this file instead.") =>
        _recoveryKey = new("--recovery-key-file") { Description = recoveryKey, HelpName = "FILE" };

    /// <summary>For a command's list.</summary>
    public IReadOnlyList<Symbol> All => [_repository, _passphrase, _recoveryKey];

    /// <summary>The place.</summary>
    public IRepository Place(CommandInvocation invocation) => new BackupPlaces(invocation).Repository(invocation.Value(_repository));

    /// <summary>The file that was named for the recovery key; null when none was.</summary>
    public string? RecoveryKeyFile(CommandInvocation invocation) => invocation.Value(_recoveryKey);

    /// <summary>The passphrase.</summary>
    /// <exception cref="CliException">The variable is not set.</exception>
    public string Passphrase(CommandInvocation invocation)
    {
        var name = invocation.Value(_passphrase);
        return new BackupPlaces(invocation).Setting(name) is { Length: > 0 } passphrase ? passphrase : throw new CliException(
            "SettingMissing", $"The variable {name} is not set; expected the repository's passphrase.",
            $"Set {name}, name another variable with --passphrase-setting, or use --recovery-key-file.");
    }

    /// <summary>Opens the repository.</summary>
    /// <returns>The caller's to dispose.</returns>
    public async Task<OpenedRepository> OpenAsync(CommandInvocation invocation, BackupEngine engine, CancellationToken cancellationToken)
    {
        var secret = RecoveryKeyFile(invocation) is { } file
            ? KeyWrappers.OfRecoveryKey(await ReadKeyAsync(file, cancellationToken))
            : KeyWrappers.OfPassphrase(Passphrase(invocation));
        var opened = await engine.OpenAsync(Place(invocation), [secret], cancellationToken);
        foreach (var passed in opened.Opening.PassedOver)
        {
            invocation.Output.Say($"[yellow]![/] {Output.Text(passed.Secret)} did not open it: {Output.Text(passed.Reason)}");
        }

        return opened;
    }

    // Whatever else is in the file is not ours to read, nor to repeat.
    private static async Task<string> ReadKeyAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw new CliException("BadInput", $"There is no file {file}.", "Name the file that holds the recovery key with --recovery-key-file.");
        }

        return new FileInfo(file).Length <= LongestKeyFile
            ? (await File.ReadAllTextAsync(file, cancellationToken)).Trim()
            : throw new CliException("BadInput", $"{file} has more than {LongestKeyFile} bytes; expected a recovery key.", "Name the file that holds the recovery key, and nothing else.");
    }
}
