using System.CommandLine;
using System.Text;
using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup init</c></summary>
internal static class BackupInitCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var options = new RepositoryOptions("Write the recovery key into this new file, readable by its owner only, instead of showing it.");
        return context.Command("init", "Make a repository: encrypted, opened by a passphrase or by a recovery key that is shown once.", options.All,
            async (invocation, cancellationToken) =>
            {
                var place = options.Place(invocation);
                var recoveryKey = KeyWrappers.NewRecoveryKey();
                var secrets = new Dictionary<string, IKeyWrapper>
                {
                    ["passphrase"] = KeyWrappers.OfPassphrase(options.Passphrase(invocation)),
                    ["recovery"] = KeyWrappers.OfRecoveryKey(recoveryKey),
                };

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
            : $"The recovery key, shown this once: print it and put it away. It opens the repository when the passphrase is lost.\n\n    {recoveryKey}\n");
    }

    /// <summary>A file with a key that goes again unless it is kept.</summary>
    private sealed class RecoveryKeyFile : IDisposable
    {
        private bool _kept;

        private RecoveryKeyFile(string name) => Name = name;

        public string Name { get; }

        public static RecoveryKeyFile Write(string name, string key)
        {
            var path = Path.GetFullPath(name);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var content = new FileStream(path, options);
            content.Write(Encoding.UTF8.GetBytes(key + "\n"));
            content.Flush(flushToDisk: true);
            return new RecoveryKeyFile(path);
        }

        public void Keep() => _kept = true;

        public void Dispose()
        {
            if (!_kept)
            {
                File.Delete(Name);
            }
        }
    }
}
