using System.CommandLine;
using DrFunctions.Backup;
using DrFunctions.Backup.Prunes;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Cli.Backups;

/// <summary><c>dr backup forget SNAPSHOT...</c></summary>
internal static class BackupForgetCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done and do nothing. Begin with this." };
        var snapshots = new Argument<string[]>("SNAPSHOT") { Description = "Snapshots' ids.", Arity = ArgumentArity.OneOrMore };
        var options = new RepositoryOptions();
        return context.Command(
            "forget",
            "Remove snapshots by name, whatever the rules say, unless a legal hold is on them: all of them or, where one is held or not there, none. They are gone at once, and a copy of the repository has to forget them too; "
                + "the space comes back with the next prunes.",
            [snapshots, dryRun, .. options.All],
            async (invocation, cancellationToken) =>
            {
                var prune = new PruneOptions
                {
                    DryRun = invocation.Value(dryRun),
                    Remove = BackupPruneCommand.Ids("SNAPSHOT", invocation.Value(snapshots)),
                };
                var engine = new BackupEngine(time: invocation.Time);
                using var repository = await options.OpenAsync(invocation, engine, cancellationToken);
                await ThrowIfAnyStaysAsync(engine, repository, prune.Remove, cancellationToken);
                var result = await BackupPruneCommand.PruneAsync(invocation, engine, repository, prune, cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(result);
                }
                else
                {
                    PruneText.Tell(invocation.Output, repository.Description, prune, result, result.Decisions.Where(decision => prune.Remove.Contains(decision.Snapshot.Id)));
                }

                // A hold that was put on one meanwhile.
                return result.Decisions.Any(decision => decision.IsKept && prune.Remove.Contains(decision.Snapshot.Id)) ? ExitCodes.Conflict : PruneText.Code(result);
            });
    }

    private static async Task ThrowIfAnyStaysAsync(BackupEngine engine, OpenedRepository repository, IReadOnlySet<string> ids, CancellationToken cancellationToken)
    {
        var holds = await engine.ListHoldsAsync(repository, cancellationToken);
        foreach (var id in ids)
        {
            var snapshot = await FindAsync(engine, repository, id, cancellationToken) ?? throw new CliException(
                "SnapshotNotFound", $"There is no snapshot '{id}' in {repository.Description}; nothing was removed.", "dr backup list shows what there is.");
            if (holds.On(snapshot) is { } hold)
            {
                throw new CliException(
                    "SnapshotHeld", $"The snapshot '{id}' cannot be removed: {hold}; nothing was removed.", "Whoever may take the hold off does so first: dr backup hold remove.");
            }
        }
    }

    private static async Task<Snapshot?> FindAsync(BackupEngine engine, OpenedRepository repository, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.FindAsync(repository, id, cancellationToken);
        }
        catch (BackupException error) when (error.Code is BackupErrors.SnapshotDamaged or BackupErrors.DataDamaged or BackupErrors.FormatTooNew)
        {
            throw new CliException(error.Code, error.Message, $"Heal it from another copy, or let prune keep nothing more for it: dr backup prune --give-up {id}.", error);
        }
    }
}
