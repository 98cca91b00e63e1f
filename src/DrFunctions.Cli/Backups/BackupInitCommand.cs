using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup init</c></summary>
internal static class BackupInitCommand
{
    private const int MostVaults = 8;

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new RepositoryOptions(
            "Write the recovery key into this new file, readable by its owner only, instead of showing it.",
            "Have this key of a vault open the repository as well, as whoever is signed in; may be repeated. With one, the passphrase may be left out.");
        return context.Command("init", "Make a repository: encrypted, opened by a passphrase, by keys of vaults, or by a recovery key that is shown once.", options.All,
            async (invocation, cancellationToken) =>
            {
                var place = options.Place(invocation);
                var recoveryKey = KeyWrappers.NewRecoveryKey();
                var secrets = SecretsOf(options, invocation, recoveryKey);

                // Before the repository is there: a disk that is full must not lose the only copy of the key.
                using var file = options.RecoveryKeyFile(invocation) is { } name ? RecoveryKeyFile.Write(name, recoveryKey) : null;
                using var repository = await MakeAsync();
                file?.Keep();
                Tell(invocation.Output, repository.Description, repository.Id, file is null ? recoveryKey : null, file?.Name);
                return ExitCodes.Success;

                async Task<OpenedRepository> MakeAsync()
                {
                    try
                    {
                        return await new BackupEngine(time: invocation.Time).CreateAsync(place, secrets, cancellationToken);
                    }
                    catch (BackupException error) when (error.IsTransient && file is not null)
                    {
                        // The storage may have made it before it fell silent: then nothing else has this key.
                        file.Keep();
                        throw new BackupException(
                            error.Code,
                            error.Message,
                            isTransient: true,
                            $"{error.Hint} The repository may be there all the same: keep {file.Name} until dr backup list says that it is not.",
                            error);
                    }
                }
            });
    }

    private static Dictionary<string, IKeyWrapper> SecretsOf(RepositoryOptions options, CommandInvocation invocation, string recoveryKey)
    {
        var secrets = new Dictionary<string, IKeyWrapper> { ["recovery"] = KeyWrappers.OfRecoveryKey(recoveryKey) };
        var vaults = options.VaultKeys(invocation);
        if (vaults.Count > MostVaults)
        {
            throw new CliException("BadInput", $"--vault-key is given {vaults.Count} times; expected {MostVaults} at most.", "Add others with dr backup key add.");
        }

        for (var vault = 0; vault < vaults.Count; vault++)
        {
            secrets[$"vault-{(char)('a' + vault)}"] = vaults[vault]; // A number would make one the rotation of the other.
        }

        if (vaults.Count == 0 || options.HasPassphrase(invocation))
        {
            secrets["passphrase"] = KeyWrappers.OfPassphrase(options.Passphrase(invocation));
        }

        return secrets;
    }

    private static void Tell(Output output, string place, string id, string? recoveryKey, string? file)
    {
        if (output.IsJson)
        {
            output.Document(new { repository = place, id, recoveryKey, recoveryKeyFile = file });
            return;
        }

        output.Say($"[green]✓[/] repository {id} in {Output.Text(place)}");
        output.Say(recoveryKey is null
            ? $"The recovery key is in {Output.Text(file)}: print it, put it away, and delete the file."
            : $"The recovery key, shown this once: print it and put it away. It opens the repository when everything else that does is lost.\n\n    {recoveryKey}\n");
    }
}
